package nnc.compiler.emit;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Modifier;
import nnc.compiler.explain.KernelFormulas;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Variable;
import nnc.compiler.plan.Access;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Grain;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Kernel.LoopBody;
import nnc.compiler.plan.Operand;
import nnc.runtime.Worker;

/** Writes one kernel: the method that all threads run, and the loops it calls. */
final class KernelWriter {
  private static final TypeName FLOATS = TypeName.get(float[].class);

  /** Fewer floats are moved sooner one by one than by a call. */
  private static final int SMALLEST_BLOCK = 16;

  /** Longer formulas are broken. */
  private static final int COMMENT_WIDTH = 90;

  private final Names names;
  private final Lines lines;
  private final Sizes sizes;
  private final Kernel kernel;
  private final List<String> formulas;
  private final int enclosing;
  private final Map<Node, String> settings = new LinkedHashMap<>();
  private final CodeBlock.Builder code = CodeBlock.builder();
  private final Regions regions = new Regions(code);
  private final RowWriter rows;

  /** @param enclosing how many loops over steps the kernel stands in */
  KernelWriter(Names names, Lines lines, Kernel kernel, List<String> formulas, int enclosing) {
    this.formulas = formulas;
    this.enclosing = enclosing;
    this.names = names;
    this.lines = lines;
    this.sizes = new Sizes(names);
    this.kernel = kernel;
    this.rows = new RowWriter(names, sizes, code);
  }

  /** The loops of a kernel, twice, and what they are called with. */
  record Loops(List<MethodSpec> scalar, List<MethodSpec> vector, MethodSpec signature) {}

  /** The methods of a kernel: what all threads run, and, if there are any, its loops. */
  record Written(MethodSpec method, Optional<Loops> loops) {}

  Written write() {
    Optional<Loops> loops =
        switch (kernel) {
          case Kernel.Loop loop -> loop(loop);
          case Kernel.Total total -> total(total);
          case Kernel.Columns columns -> columns(columns);
          case Kernel.Copy copy -> copy(copy);
          case Kernel.Overlaps overlaps -> overlaps(overlaps);
          case Kernel.Pack pack -> pack(pack.product());
          case Kernel.Draw draw -> withoutLoops(() -> rows.draw(draw));
          case Kernel.Gather gather -> withoutLoops(() -> rows.gather(gather));
          case Kernel.ScatterAdd scatter -> withoutLoops(() -> rows.scatterAdd(scatter));
          case Kernel.Fill fill -> withoutLoops(() -> rows.random(fill));
          case Kernel.Recurrence recurrence -> recurrence(recurrence);
          case Kernel.Items items -> items(items);
        };
    return written(loops, false);
  }

  /** One of the kernels that each item goes through: of the item {@code i} alone. */
  Written write(Kernel.Items items) {
    return written(item((Kernel.Loop) kernel, items.count()), true);
  }

  private Written written(Optional<Loops> loops, boolean item) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(kernel.head().name()).addParameter(Worker.class, "w");
    for (int loop = 1; loop <= enclosing; loop++) {
      method.addParameter(int.class, Names.step(loop));
    }
    if (item) {
      method.addParameter(int.class, "i");
    }
    heading().forEach(line -> method.addComment("$L", line));
    method.addCode(lines.of(kernel.head().subject()));
    CodeBlock written = withParts(code.build());
    if (Names.mentioned(written.toString()).contains(names.dim())) {
      method.addStatement("int $L = session.rows()", names.dim());
    }
    if (Names.mentioned(written.toString()).contains("t")) {
      method.addStatement("float[] t = session.scratch(w)");
    }
    method.addCode(Imports.of(written));
    return new Written(method.build(), loops);
  }

  private static Optional<Loops> withoutLoops(Runnable writer) {
    writer.run();
    return Optional.empty();
  }

  /** Declares where the parts of buffers begin that some code mentions. */
  private CodeBlock withParts(CodeBlock body) {
    CodeBlock.Builder whole = CodeBlock.builder();
    Set<Buffer> declared = new LinkedHashSet<>();
    if (!kernel.inner().isEmpty()) {
      return body; // those that it calls say where theirs begin
    }
    Set<String> mentioned = Names.mentioned(body.toString());
    for (Buffer buffer : kernel.head().touched()) {
      if (buffer.part().isPresent() && mentioned.contains(names.constant(buffer))) {
        declare(buffer, declared, whole);
      }
    }
    return whole.add(body).build();
  }

  private void declare(Buffer buffer, Set<Buffer> declared, CodeBlock.Builder whole) {
    Buffer.Part part = buffer.part().orElseThrow();
    if (!declared.add(buffer)) {
      return;
    }
    if (part.whole().part().isPresent()) {
      declare(part.whole(), declared, whole);
    }
    boolean scratch = buffer.space() == Buffer.Space.SCRATCH;
    Term start = scratch ? sizes.size(part.start()) : sizes.start(part.whole(), part.start());
    if (part.stride().factor() != 0) {
      boolean back = part.stride().factor() < 0;
      Size stride = back ? part.stride().times(Size.of(-1)) : part.stride();
      Term steps =
          Term.binary(Term.atom(Names.step(part.loop())), "*", sizes.size(stride), Term.PRODUCT);
      start = Term.binary(start, back ? "-" : "+", steps, Term.SUM);
    }
    whole.addStatement("int $L = $L", names.constant(buffer), start);
  }

  /** The line of the model, and the formulas. */
  private List<String> heading() {
    String place = place(kernel.head().subject());
    List<String> lines = new ArrayList<>();
    for (String formula : formulas) {
      for (String part : KernelFormulas.broken(formula, COMMENT_WIDTH)) {
        lines.add((lines.isEmpty() ? place : " ".repeat(place.length())) + "   " + part);
      }
    }
    return lines;
  }

  /** Where in the model. */
  static String place(Node node) {
    return node.place().map(span -> Lines.shown(span.place())).orElse("");
  }

  // ------------------------------------------------------------ loops

  private Optional<Loops> loop(Kernel.Loop loop) {
    LoopBody body = loop.body();
    declareSettings(body.operands().values());
    boolean tiles = loop.product().isPresent();
    boolean oneRow = body.rows().isOne();
    boolean piecesOfRow = loop.columnsShared();
    LoopShape whole =
        LoopShape.of(
            !oneRow,
            tiles && !body.rowsOnly() || piecesOfRow,
            body.columns().maximum(),
            piecesOfRow);
    LoopShape shape = loop.sparse().isEmpty() ? whole : whole.ofOddParts();
    Optional<Loops> loops =
        body.nodes().isEmpty() ? Optional.empty() : Optional.of(loops(body, shape));
    if (tiles) {
      product(loop.product().get(), body, shape, loops.isPresent());
      return loops;
    }
    if (!loop.sparse().isEmpty()) {
      someRows(loop, shape);
      return loops;
    }
    String count =
        piecesOfRow ? sizes.text(body.columns()) : oneRow ? "1" : sizes.text(body.rows());
    int grain = piecesOfRow ? Grain.COLUMNS : oneRow ? 1 : Grain.rows(body.columns());
    regions.over(count, grain, () -> call(body, shape, "w.from", "w.to", "w.from", "w.to"));
    return loops;
  }

  /** Of sparse tables the rows that this step touches, and everything between them. */
  private void someRows(Kernel.Loop loop, LoopShape shape) {
    int from = 0;
    for (Kernel.SparseRows table : loop.sparse()) {
      stretch(loop.body(), shape, from, table.start());
      int width = table.width();
      String start = table.start() == 0 ? "" : table.start() + " + ";
      rows.eachTouched(
          table.table(),
          width,
          () ->
              call(
                  loop.body(),
                  shape,
                  "",
                  "",
                  start + "row * " + width,
                  start + "(row + 1) * " + width));
      from = table.end();
    }
    stretch(loop.body(), shape, from, loop.body().columns().constant());
  }

  private void stretch(LoopBody body, LoopShape shape, int from, int to) {
    if (from == to) {
      return;
    }
    String start = from == 0 ? "" : from + " + ";
    regions.over(
        String.valueOf(to - from),
        Grain.COLUMNS,
        () -> call(body, shape, "", "", start + "w.from", start + "w.to"));
  }

  private void product(Kernel.ProductHead head, LoopBody body, LoopShape shape, boolean loops) {
    boolean batched = !head.batch().isOne();
    code.add(lines.of(head.node()));
    if (batched) {
      code.beginControlFlow("for (int i = 0; i < $L; i++)", sizes.text(head.batch()));
    }
    String a = operand(head.a(), head, true);
    String b = operand(head.b(), head, false);
    String c = result(head);
    String m = sizes.text(head.m());
    String k = sizes.text(head.k());
    String n = sizes.text(head.n());
    String packed = packed(head);
    if (head.uses() == 1 && head.packed().isPresent()) {
      pack(head);
    }
    code.beginControlFlow("for (w.tiles($L, $L, $L); w.next(); )", m, n, k);
    code.addStatement(
        "products.tile(w, $L, $L, $L, $L, $L, $L, $L, $L, $L, false)",
        a,
        b,
        packed,
        Sizes.array(head.c()),
        c,
        n,
        sizes.text(head.packedFor()),
        k,
        n);
    if (loops) {
      code.add(lines.of(kernel.head().subject()));
      String shift = batched ? "i * " + sizes.size(head.m()).at(Term.ATOM) + " + " : "";
      call(body, shape, shift + "w.row0", shift + "w.row1", "w.col0", "w.col1");
    }
    code.endControlFlow();
    code.addStatement("w.join()");
    if (batched) {
      code.endControlFlow();
    }
  }

  private String result(Kernel.ProductHead head) {
    String start = names.constant(head.c());
    return head.batch().isOne()
        ? start
        : start + " + i * " + sizes.size(head.m().times(head.n())).at(Term.ATOM);
  }

  // ------------------------------------------------------------ items of a batch

  private Optional<Loops> items(Kernel.Items items) {
    regions.over(
        sizes.text(items.count()),
        1,
        () -> {
          code.beginControlFlow("for (int i = w.from; i < w.to; i++)");
          items
              .steps()
              .forEach(
                  step -> code.addStatement("$L(w$L, i)", step.head().name(), steps(enclosing)));
          code.endControlFlow();
        });
    return Optional.empty();
  }

  private Optional<Loops> item(Kernel.Loop loop, Size count) {
    LoopBody body = loop.body();
    declareSettings(body.operands().values());
    boolean tiles = loop.product().isPresent();
    LoopShape shape =
        LoopShape.of(true, tiles && !body.rowsOnly(), body.columns().maximum(), false);
    Optional<Loops> loops =
        body.nodes().isEmpty() ? Optional.empty() : Optional.of(loops(body, shape));
    loop.product()
        .ifPresent(head ->
            code.add(lines.of(head.node()))
                .addStatement(
                    "products.multiply(w, $L, $L, $L, $L, $L, $L, $L, $L)",
                    operand(head.a(), head, true),
                    operand(head.b(), head, false),
                    Sizes.array(head.c()),
                    result(head),
                    sizes.text(head.n()),
                    sizes.text(head.m()),
                    sizes.text(head.k()),
                    sizes.text(head.n())));
    if (loops.isPresent()) {
      code.add(lines.of(kernel.head().subject()));
      String rows = sizes.size(body.rows().dividedBy(count).orElseThrow()).at(Term.ATOM);
      call(body, shape, "i * " + rows, "(i + 1) * " + rows, "0", sizes.text(body.columns()));
    }
    return loops;
  }

  private Optional<Loops> pack(Kernel.ProductHead head) {
    code.addStatement(
        "products.pack(w, $L, $L, $L, $L, $L)",
        operand(head.b(), head, false),
        sizes.text(head.packedFor()),
        sizes.text(head.k()),
        sizes.text(head.n()),
        packed(head));
    return Optional.empty();
  }

  /** Where B is packed; if it never is, nobody looks there. */
  private String packed(Kernel.ProductHead head) {
    return head.packed()
        .map(buffer -> Sizes.array(buffer) + ", " + names.constant(buffer))
        .orElse(Sizes.array(head.b().buffer()) + ", 0");
  }

  private String operand(Kernel.Matrix matrix, Kernel.ProductHead head, boolean left) {
    Term start = sizes.start(matrix.buffer(), matrix.offset());
    for (Kernel.BatchStep step : head.steps()) {
      Size stride = left ? step.a() : step.b();
      if (stride.factor() == 0) {
        continue;
      }
      Term place = Term.atom("i");
      if (!step.divisor().isOne()) {
        place = Term.binary(place, "/", sizes.size(step.divisor()), Term.PRODUCT);
      }
      if (head.steps().size() > 1) {
        place = Term.atom("(" + place + " % " + sizes.size(step.size()).at(Term.ATOM) + ")");
      }
      start =
          Term.binary(
              start, "+", Term.binary(place, "*", sizes.size(stride), Term.PRODUCT), Term.SUM);
    }
    return Sizes.array(matrix.buffer())
        + ", "
        + start
        + ", "
        + sizes.text(matrix.row())
        + ", "
        + sizes.text(matrix.column());
  }

  private Optional<Loops> total(Kernel.Total total) {
    LoopBody body = total.body();
    declareSettings(body.operands().values());
    String count = sizes.text(body.columns());
    String partials = names.constant(total.partials());
    LoopShape shape = LoopShape.of(false, true, body.columns().maximum(), true);
    Optional<Loops> loops =
        body.nodes().isEmpty() ? Optional.empty() : Optional.of(loops(body, shape));
    String summed = summed(total, shape);
    regions.over(
        count,
        Grain.COLUMNS,
        () -> {
          if (loops.isPresent()) {
            call(body, shape, "", "", "w.from", "w.to");
          }
          code.addStatement(
              "m[$L + w.from / $L] = rows.sum($L, w.to - w.from)", partials, Grain.COLUMNS, summed);
        });
    regions.alone(() ->
        code.addStatement(
            "m[$L] = rows.sum(m, $L, Math.ceilDiv($L, $L))",
            names.constant(total.result()),
            partials,
            count,
            Grain.COLUMNS));
    return loops;
  }

  private String summed(Kernel.Total total, LoopShape shape) {
    int slot = total.body().scratch().indexOf(total.summand());
    if (slot >= 0) {
      return "session.scratch(w), " + shape.scratchStart(slot);
    }
    Optional<Kernel.Store> store =
        total.body().stores().stream().filter(other -> other.node() == total.summand()).findFirst();
    if (store.isPresent()) {
      return Sizes.array(store.get().buffer())
          + ", "
          + names.constant(store.get().buffer())
          + " + w.from";
    }
    Operand.Load load = (Operand.Load) Known.in(total.body().operands(), total.summand());
    return Sizes.array(load.buffer())
        + ", "
        + sizes.start(load.buffer(), load.access().offset())
        + " + w.from";
  }

  private Optional<Loops> columns(Kernel.Columns columns) {
    String source = sizes.start(columns.source(), columns.offset()).text();
    String method = columns.sum() ? "columnSums" : "columnMax";
    String end = columns.sum() ? ", false" : "";
    String result = names.constant(columns.result());
    String n = sizes.text(columns.columns());
    String height = sizes.text(columns.rows());
    String array = Sizes.array(columns.source());
    if (columns.outer().isOne()) {
      regions.over(
          n,
          64,
          () ->
              code.addStatement(
                  "rows.$L($L, $L, $L, $L, w.from, w.to, m, $L$L)",
                  method,
                  array,
                  source,
                  n,
                  height,
                  result,
                  end));
    } else {
      regions.over(
          sizes.text(columns.outer()),
          1,
          () ->
              code.addStatement(
                  "rows.$L($L, $L + w.from * $L, $L, $L, 0, $L, m, $L + w.from * $L$L)",
                  method,
                  array,
                  source,
                  sizes.size(columns.rows().times(columns.columns())).at(Term.ATOM),
                  n,
                  height,
                  n,
                  result,
                  n,
                  end));
    }
    return Optional.empty();
  }

  private Optional<Loops> copy(Kernel.Copy copy) {
    declareSettings(copy.parts().stream().map(Kernel.Stretch::from).toList());
    if (copy.filled().isPresent()) {
      rows.fill(copy.result(), JavaText.FLOATS.literal(copy.filled().get()).text());
    }
    for (Kernel.Stretch stretch : copy.parts()) {
      regions.over(
          sizes.text(stretch.rows()),
          Grain.rows(stretch.columns()),
          () -> copy(stretch, copy.result()));
    }
    return Optional.empty();
  }

  private void copy(Kernel.Stretch stretch, Buffer result) {
    String target = Sizes.array(result);
    code.beginControlFlow("for (int r = w.from; r < w.to; r++)");
    code.addStatement(
        "int to = $L", sizes.row(Term.atom(names.constant(result)), stretch.to(), "r"));
    String value = copied(stretch.from());
    if (isBlock(stretch)) {
      code.addStatement(
          "$T.arraycopy($L, from, $L, to, $L)",
          System.class,
          Sizes.array(((Operand.Load) stretch.from()).buffer()),
          target,
          sizes.text(stretch.columns()));
    } else {
      code.beginControlFlow("for (int c = 0; c < $L; c++)", sizes.text(stretch.columns()));
      code.addStatement("$L[to$L] = $L", target, step(stretch.to().columnStride()), value);
      code.endControlFlow();
    }
    code.endControlFlow();
  }

  /** Columns that lie side by side in both places, enough of them to be moved as a block. */
  private static boolean isBlock(Kernel.Stretch stretch) {
    return stretch.from() instanceof Operand.Load load
        && load.access().columnStride().isOne()
        && stretch.to().columnStride().isOne()
        && stretch.columns().maximum() >= SMALLEST_BLOCK;
  }

  /** What a copy finds for column c; declares where its row begins. */
  private String copied(Operand from) {
    return switch (from) {
      case Operand.Load load -> {
        code.addStatement(
            "int from = $L",
            sizes.row(Term.atom(names.constant(load.buffer())), load.access(), "r"));
        yield Sizes.array(load.buffer()) + "[from" + step(load.access().columnStride()) + "]";
      }
      case Operand.Place place -> {
        code.addStatement("int from = $L", sizes.row(Term.atom("0"), place.access(), "r"));
        yield "from" + step(place.access().columnStride());
      }
      case Operand.Known known -> JavaText.FLOATS.literal(known.value()).text();
      case Operand.Setting(Node node) -> {
        Term setting = Term.atom(Known.in(settings, node));
        yield (isTruth(node) ? JavaText.FLOATS.number(setting) : setting).text();
      }
      case Operand.Computed computed ->
          throw new IllegalStateException("emit: a copy computes nothing: " + computed);
    };
  }

  private String step(Size stride) {
    return stride.factor() == 0
        ? ""
        : stride.isOne() ? " + c" : " + c * " + sizes.size(stride).at(Term.ATOM);
  }

  private Optional<Loops> overlaps(Kernel.Overlaps overlaps) {
    Size row = overlaps.columns().times(Size.of(overlaps.op().length()));
    regions.over(sizes.text(overlaps.rows()), Grain.rows(row), () -> overlapAdd(overlaps, row));
    return Optional.empty();
  }

  private void overlapAdd(Kernel.Overlaps overlaps, Size row) {
    code.beginControlFlow("for (int r = w.from; r < w.to; r++)");
    code.addStatement(
        "int from = $L",
        sizes.row(Term.atom(names.constant(overlaps.buffer())), overlaps.source(), "r"));
    code.addStatement(
        "rows.overlapAdd($L, from, $L, $L, $L, $L, $L, $L, $L, m, $L + r * $L, $L)",
        Sizes.array(overlaps.buffer()),
        overlaps.places(),
        sizes.text(overlaps.placeStride()),
        overlaps.size(),
        sizes.text(overlaps.sizeStride()),
        overlaps.op().stride(),
        overlaps.op().dilation(),
        sizes.text(overlaps.columns()),
        names.constant(overlaps.result()),
        sizes.size(row).at(Term.ATOM),
        overlaps.op().length());
    code.endControlFlow();
  }

  private Optional<Loops> recurrence(Kernel.Recurrence recurrence) {
    String outer = steps(enclosing);
    recurrence.before().forEach(inner -> code.addStatement("$L(w$L)", inner.head().name(), outer));
    if (recurrence.rows().isPresent()) {
      code.beginControlFlow(
          "for (w.shares($L); w.nextShare(); )", sizes.text(recurrence.rows().get()));
      allSteps(recurrence);
      code.endControlFlow();
      code.addStatement("w.joinShares()");
    } else {
      allSteps(recurrence);
    }
    return Optional.empty();
  }

  private void allSteps(Kernel.Recurrence recurrence) {
    String step = Names.step(enclosing + 1);
    if (recurrence.reverse()) {
      code.beginControlFlow(
          "for (int $L = $L; $L >= 0; $L--)", step, recurrence.length() - 1, step, step);
    } else {
      code.beginControlFlow(
          "for (int $L = 0; $L < $L; $L++)", step, step, recurrence.length(), step);
    }
    recurrence
        .steps()
        .forEach(inner -> code.addStatement("$L(w$L)", inner.head().name(), steps(enclosing + 1)));
    code.endControlFlow();
  }

  private static String steps(int loops) {
    StringBuilder steps = new StringBuilder();
    for (int loop = 1; loop <= loops; loop++) {
      steps.append(", ").append(Names.step(loop));
    }
    return steps.toString();
  }

  // ------------------------------------------------------------ calls of loops

  private Loops loops(LoopBody body, LoopShape shape) {
    List<ParameterSpec> parameters = parameters(body, shape);
    MethodSpec.Builder signature =
        MethodSpec.methodBuilder(kernel.head().name())
            .addModifiers(Modifier.PUBLIC)
            .addParameters(parameters);
    List<MethodSpec> scalar = methods(body, shape, false, signature.build());
    List<MethodSpec> vector = methods(body, shape, true, signature.build());
    return new Loops(scalar, vector, signature.addModifiers(Modifier.ABSTRACT).build());
  }

  private List<MethodSpec> methods(
      LoopBody body, LoopShape shape, boolean vector, MethodSpec signature) {
    LoopWriter writer = new LoopWriter(kernel.head(), body, shape, vector, names, lines, settings);
    List<MethodSpec> methods = new ArrayList<>();
    methods.add(
        signature.toBuilder()
            .addAnnotation(Override.class)
            .addCode(Imports.of(writer.write()))
            .build());
    methods.addAll(writer.methods());
    return methods;
  }

  private List<ParameterSpec> parameters(LoopBody body, LoopShape shape) {
    List<ParameterSpec> parameters = new ArrayList<>();
    arrays(body).forEach(array -> parameters.add(ParameterSpec.builder(FLOATS, array).build()));
    settings.forEach(
        (node, name) -> parameters.add(ParameterSpec.builder(settingType(node), name).build()));
    parts(body)
        .forEach(
            part -> parameters.add(ParameterSpec.builder(int.class, names.constant(part)).build()));
    if (needsBatch(body)) {
      parameters.add(ParameterSpec.builder(int.class, names.dim()).build());
    }
    ranges(shape).forEach(name -> parameters.add(ParameterSpec.builder(int.class, name).build()));
    return parameters;
  }

  private static List<String> ranges(LoopShape shape) {
    List<String> ranges = new ArrayList<>();
    if (shape.rowRange()) {
      ranges.addAll(List.of("r0", "r1"));
    }
    if (shape.columnRange()) {
      ranges.addAll(List.of("c0", "c1"));
    }
    return ranges;
  }

  private void call(LoopBody body, LoopShape shape, String r0, String r1, String c0, String c1) {
    List<String> arguments = new ArrayList<>();
    arrays(body).forEach(array -> arguments.add(array.equals("t") ? "session.scratch(w)" : array));
    arguments.addAll(settings.values());
    parts(body).forEach(part -> arguments.add(names.constant(part)));
    if (needsBatch(body)) {
      arguments.add(names.dim());
    }
    Map<String, String> values = new HashMap<>(Map.of("r0", r0, "r1", r1, "c0", c0, "c1", c1));
    ranges(shape).forEach(range -> arguments.add(values.get(range)));
    code.addStatement("loops.$L($L)", kernel.head().name(), String.join(", ", arguments));
  }

  /** The parts of other buffers that a loop touches. */
  static Set<Buffer> parts(LoopBody body) {
    Set<Buffer> parts = new LinkedHashSet<>();
    body.operands()
        .values()
        .forEach(operand -> {
          if (operand instanceof Operand.Load load && load.buffer().part().isPresent()) {
            parts.add(load.buffer());
          }
        });
    body.stores().stream()
        .map(Kernel.Store::buffer)
        .filter(buffer -> buffer.part().isPresent())
        .forEach(parts::add);
    return parts;
  }

  /** The arrays that a loop touches, in a fixed order. */
  private static List<String> arrays(LoopBody body) {
    Set<String> used = new LinkedHashSet<>();
    body.operands()
        .values()
        .forEach(operand -> {
          if (operand instanceof Operand.Load load) {
            used.add(Sizes.array(load.buffer()));
          }
        });
    body.stores().forEach(store -> used.add(Sizes.array(store.buffer())));
    List<String> ordered =
        new ArrayList<>(List.of("m", "p", "s").stream().filter(used::contains).toList());
    if (!body.scratch().isEmpty() || used.contains("t")) {
      ordered.add("t");
    }
    return ordered;
  }

  private static boolean needsBatch(LoopBody body) {
    if (!body.columns().isConstant()) {
      return true;
    }
    return body.operands().values().stream()
        .anyMatch(operand ->
            switch (operand) {
              case Operand.Load load -> dynamic(load.access());
              case Operand.Place place -> dynamic(place.access());
              default -> false;
            });
  }

  private static boolean dynamic(Access access) {
    return !access.offset().isConstant()
        || access.terms().stream()
            .anyMatch(term ->
                !term.stride().isConstant()
                    || !term.divisor().isConstant()
                    || term.modulus().filter(size -> !size.isConstant()).isPresent());
  }

  // ------------------------------------------------------------ numbers known when a kernel starts

  private void declareSettings(Collection<Operand> operands) {
    Names.Local local = names.local(List.of());
    operands.forEach(operand -> {
      if (operand instanceof Operand.Setting(Node node) && !settings.containsKey(node)) {
        String name = local.fresh(node.label().orElse(settingName(node)));
        settings.put(node, name);
        if (isTruth(node)) {
          code.addStatement("boolean $L = $L", name, doubles(node));
        } else {
          code.addStatement("float $L = (float) $L", name, doubles(node).at(Term.SIGN));
        }
      }
    });
  }

  private static String settingName(Node node) {
    return node.op() instanceof Extent ? "count" : isTruth(node) ? "holds" : "factor";
  }

  private static boolean isTruth(Node setting) {
    return setting.type().element() == ElementType.BOOL;
  }

  /** What a number, or truth value, known when a kernel starts is in its loops. */
  static TypeName settingType(Node setting) {
    return isTruth(setting) ? TypeName.BOOLEAN : TypeName.FLOAT;
  }

  private Term doubles(Node node) {
    return switch (node.op()) {
      case Constant constant when isTruth(node) ->
          Term.atom(Boolean.toString(constant.value() != 0));
      case Constant constant -> JavaText.DOUBLES.constant(constant.value());
      case Extent extent -> sizes.size(extent.size());
      case Variable variable -> Term.atom("(double) session." + variable.variable() + "()");
      case Elementwise op ->
          op.formula(JavaText.DOUBLES, node.inputs().stream().map(this::doubles).toList());
      default ->
          throw new IllegalStateException(
              "emit: " + node.op() + " is not known when a kernel starts");
    };
  }
}
