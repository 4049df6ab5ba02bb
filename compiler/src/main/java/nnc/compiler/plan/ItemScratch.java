package nnc.compiler.plan;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;

/**
 * What a group of kernels leaves for itself alone, item by item, needs no place for all items: a thread has one for the item it
 * is at, which stays in its nearest caches.
 */
final class ItemScratch {
  /** Beyond so many floats a thread's caches hold them no longer, and they are better shared. */
  private static final int MOST_FLOATS = 1 << 18;

  private final List<Kernel> leaves;
  private final Map<Buffer, Set<Buffer>> parts = new LinkedHashMap<>();
  private final Collection<Buffer> kept;
  private final int from;
  private int end;
  private int moved;

  /**
   * @param kept buffers that others look at
   * @param from behind what a thread's own memory holds already
   */
  ItemScratch(List<Kernel> kernels, Collection<Buffer> kept, int from) {
    this.kept = kept;
    this.from = from;
    this.end = from;
    leaves =
        kernels.stream()
            .flatMap(kernel -> kernel.all().stream())
            .filter(kernel -> kernel.inner().isEmpty())
            .toList();
    leaves.forEach(leaf ->
        leaf.head()
            .touched()
            .forEach(buffer ->
                parts
                    .computeIfAbsent(buffer.root(), missing -> new LinkedHashSet<>())
                    .add(buffer)));
    kernels.stream()
        .flatMap(kernel -> kernel.all().stream())
        .filter(Kernel.Items.class::isInstance)
        .forEach(kernel -> move((Kernel.Items) kernel));
  }

  /** How many floats a thread has. */
  int end() {
    return end;
  }

  /** How many buffers lie there. */
  int moved() {
    return moved;
  }

  private void move(Kernel.Items items) {
    long at = from;
    for (Buffer buffer : items.head().writes()) {
      Optional<Size> part = buffer.shape().elements().dividedBy(items.count());
      if (part.isPresent()
          && part.get().isConstant()
          && at + part.get().factor() <= from + MOST_FLOATS
          && isOwn(buffer, items)) {
        at = Grain.padded(at);
        Buffer own = Buffer.fixed("scratch", Buffer.Space.SCRATCH, Shape.SCALAR, 0);
        Size back = Size.of(-part.get().factor());
        buffer.moveTo(new Buffer.Part(own, Size.of(at), back, Buffer.ITEM));
        at += part.get().factor();
        moved++;
      }
    }
    end = Math.max(end, Math.toIntExact(at));
  }

  private boolean isOwn(Buffer buffer, Kernel.Items items) {
    ItemAccess access = new ItemAccess(items.count());
    return buffer.space() == Buffer.Space.MEMORY
        && buffer.part().isEmpty()
        && !kept.contains(buffer)
        && parts.getOrDefault(buffer, Set.of()).equals(Set.of(buffer))
        && leaves.stream()
            .filter(leaf -> leaf.head().touched().contains(buffer))
            .allMatch(leaf ->
                items.steps().contains(leaf)
                    && !isPacked(leaf, buffer)
                    && access.isOwn(leaf, buffer));
  }

  private static boolean isPacked(Kernel kernel, Buffer buffer) {
    return kernel instanceof Kernel.Loop loop
        && loop.product().flatMap(Kernel.ProductHead::packed).filter(buffer::equals).isPresent();
  }
}
