package nnc.compiler.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import nnc.compiler.ir.Size;
import nnc.compiler.plan.Kernel.BatchStep;

/**
 * Which part of a buffer a kernel touches for one of {@code count} items, such as the rows of a batch: whether it is the item's
 * own, the i-th of {@code count} equal parts, for item i.
 */
final class ItemAccess {
  private final Size count;

  ItemAccess(Size count) {
    this.count = count;
  }

  /** Whether a kernel's work falls into equal pieces, one for each item. */
  boolean hasItems(Kernel kernel) {
    return switch (kernel) {
      case Kernel.Loop loop ->
          loop.sparse().isEmpty()
              && loop.product().stream().allMatch(this::hasItems)
              && (loop.columnsShared() ? loop.body().columns() : loop.body().rows())
                  .dividedBy(count)
                  .isPresent();
      case Kernel.Copy copy ->
          copy.filled().isEmpty()
              && copy.parts().stream().allMatch(part -> part.rows().dividedBy(count).isPresent());
      case Kernel.Items items ->
          items.count().dividedBy(count).isPresent()
              && items.steps().stream().allMatch(this::hasItems);
      case Kernel.Total _,
          Kernel.Columns _,
          Kernel.Overlaps _,
          Kernel.Recurrence _,
          Kernel.Pack _,
          Kernel.Draw _,
          Kernel.Gather _,
          Kernel.ScatterAdd _,
          Kernel.Fill _ ->
          false;
    };
  }

  private boolean hasItems(Kernel.ProductHead head) {
    return (head.batch().isOne() ? head.m() : head.batch()).dividedBy(count).isPresent();
  }

  /** Whether an item touches its own part of a buffer alone. */
  boolean isOwn(Kernel kernel, Buffer buffer) {
    Optional<Size> part = buffer.shape().elements().dividedBy(count);
    return part.isPresent()
        && switch (kernel) {
          case Kernel.Loop loop ->
              loop.product().stream().allMatch(head -> isOwn(head, buffer, part.get()))
                  && isOwn(loop.body(), loop.columnsShared(), buffer, part.get());
          case Kernel.Copy copy ->
              copy.parts().stream().allMatch(stretch -> isOwn(stretch, copy, buffer, part.get()));
          case Kernel.Items items ->
              items.steps().stream()
                  .allMatch(step -> !step.head().touched().contains(buffer) || isOwn(step, buffer));
          case Kernel.Total _,
              Kernel.Columns _,
              Kernel.Overlaps _,
              Kernel.Recurrence _,
              Kernel.Pack _,
              Kernel.Draw _,
              Kernel.Gather _,
              Kernel.ScatterAdd _,
              Kernel.Fill _ ->
              false;
        };
  }

  private boolean isOwn(Kernel.Stretch stretch, Kernel.Copy copy, Buffer buffer, Size part) {
    boolean reads =
        !(stretch.from() instanceof Operand.Load load && load.buffer() == buffer)
            || isOwn(load.access(), stretch.rows(), stretch.columns(), part);
    return reads
        && (copy.result() != buffer
            || isOwn(stretch.to(), stretch.rows(), stretch.columns(), part));
  }

  private boolean isOwn(Kernel.LoopBody body, boolean columnsShared, Buffer buffer, Size part) {
    return body.operands().values().stream()
            .allMatch(operand ->
                !(operand instanceof Operand.Load load && load.buffer() == buffer)
                    || isOwn(load.access(), body, columnsShared, part))
        && body.stores().stream()
            .allMatch(store ->
                store.buffer() != buffer || isOwn(store.access(), body, columnsShared, part));
  }

  private boolean isOwn(Access access, Kernel.LoopBody body, boolean columnsShared, Size part) {
    return columnsShared
        ? part.times(count).equals(body.columns()) && access.dense(Size.ONE, body.columns())
        : isOwn(access, body.rows(), body.columns(), part);
  }

  private boolean isOwn(Kernel.ProductHead head, Buffer buffer, Size part) {
    if (head.batch().isOne()) {
      return (head.a().buffer() != buffer || isOwn(head.a(), head.m(), head.k(), part))
          && head.b().buffer() != buffer
          && (head.c() != buffer || head.m().times(head.n()).equals(part.times(count)));
    }
    Optional<Size> matrix = part.times(count).dividedBy(head.batch());
    return matrix.isPresent()
        && (head.a().buffer() != buffer
            || isOwn(head.a(), head.m(), head.k(), head.steps(), BatchStep::a, matrix.get()))
        && (head.b().buffer() != buffer
            || isOwn(head.b(), head.k(), head.n(), head.steps(), BatchStep::b, matrix.get()))
        && (head.c() != buffer || head.m().times(head.n()).equals(matrix.get()));
  }

  private static boolean isOwn(
      Kernel.Matrix matrix,
      Size rows,
      Size columns,
      List<BatchStep> steps,
      Function<BatchStep, Size> stride,
      Size elements) {
    return rows.times(columns).equals(elements)
        && matrix.offset().factor() == 0
        && steps.stream()
            .allMatch(step -> stride.apply(step).equals(step.divisor().times(elements)));
  }

  private boolean isOwn(Kernel.Matrix matrix, Size rows, Size columns, Size part) {
    Access.Term row = new Access.Term(Size.ONE, Optional.empty(), matrix.row());
    return isOwn(new Access(matrix.offset(), List.of(row), matrix.column()), rows, columns, part);
  }

  /**
   * Item i has the rows from i * n on, n = rows / count. Their places must lie in [i * part, (i + 1) * part): one term leads
   * from item to item, in steps of a part, and what the others add stays below it.
   */
  private boolean isOwn(Access access, Size rows, Size columns, Size part) {
    Optional<Size> own = rows.dividedBy(count);
    if (own.isEmpty() || !isConstant(access, own.get(), columns, part)) {
      return rows.times(columns).equals(part.times(count)) && access.dense(rows, columns);
    }
    long n = own.get().factor();
    long last = access.offset().factor() + (columns.factor() - 1) * access.columnStride().factor();
    boolean leads = false;
    for (Access.Term term : access.terms()) {
      long stride = term.stride().factor();
      long divisor = term.divisor().factor();
      boolean leading = term.modulus().isEmpty();
      long times = leading ? n / divisor : term.modulus().get().factor();
      boolean fits =
          leading
              ? !leads && n % divisor == 0 && times * stride == part.factor()
              : n % (divisor * times) == 0;
      if (!fits || stride < 0) {
        return false;
      }
      leads |= leading;
      last += (times - 1) * stride;
    }
    return leads && access.offset().factor() >= 0 && last < part.factor();
  }

  private static boolean isConstant(Access access, Size rows, Size columns, Size part) {
    return Stream.concat(
            Stream.of(rows, columns, part, access.offset(), access.columnStride()),
            access.terms().stream()
                .flatMap(term ->
                    Stream.concat(
                        Stream.of(term.divisor(), term.stride()), term.modulus().stream())))
        .allMatch(Size::isConstant);
  }

  /**
   * Whether parts of one buffer lie so that an item's own place in one is never another item's in the other: all are of one
   * size, and begin at multiples of it.
   */
  static boolean isAligned(Buffer a, Buffer b) {
    return a == b || a.shape().elements().equals(b.shape().elements()) && inSlots(a) && inSlots(b);
  }

  private static boolean inSlots(Buffer buffer) {
    Size slot = buffer.shape().elements();
    for (Optional<Buffer.Part> part = buffer.part();
        part.isPresent();
        part = part.get().whole().part()) {
      if (!isMultiple(part.get().start(), slot) || !isMultiple(part.get().stride(), slot)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isMultiple(Size size, Size of) {
    return size.factor() == 0 || size.dividedBy(of).isPresent();
  }
}
