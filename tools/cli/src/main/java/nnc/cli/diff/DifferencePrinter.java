package nnc.cli.diff;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** A difference as text: a table of numbers, then what differs, section by section. Equal sections are left out. */
public final class DifferencePrinter {
  private static final int MOST_VALUES = 10;

  private final ModelDifference difference;
  private final Paint paint;
  private final StringBuilder text = new StringBuilder();

  private DifferencePrinter(ModelDifference difference, Paint paint) {
    this.difference = difference;
    this.paint = paint;
  }

  /** @param colour whether to write ANSI colours; the text is the same without */
  public static String print(ModelDifference difference, boolean colour) {
    if (difference.isEmpty()) {
      return "no difference\n";
    }
    DifferencePrinter printer = new DifferencePrinter(difference, new Paint(colour));
    printer.summary();
    difference.training().ifPresent(printer::training);
    difference.parameters().ifPresent(printer::parameters);
    difference.graph().ifPresent(graph -> printer.graph("graph", graph));
    difference.gradient().ifPresent(printer::gradient);
    difference.memory().ifPresent(printer::memory);
    difference.cost().ifPresent(printer::cost);
    return printer.text.toString();
  }

  // ------------------------------------------------------------ numbers

  private void summary() {
    row("A  " + side(difference.a()));
    row("B  " + side(difference.b()));
    if (!difference.summary().isEmpty()) {
      row("");
      quantities("", difference.summary());
    }
  }

  private static String side(Side side) {
    return side.file() + ", " + side.model().name();
  }

  private void quantities(String title, List<Quantity> quantities) {
    int width = quantities.stream().mapToInt(each -> each.name().length()).reduce(30, Math::max);
    String format = "%-" + width + "s %14s %14s %14s %7s";
    text.append(
            paint.heading(format.formatted(title, "A", "B", "difference", "ratio").stripTrailing()))
        .append('\n');
    for (Quantity each : quantities) {
      row(
          format.formatted(
              each.name(),
              number(each, each.a()),
              number(each, each.b()),
              each.isEqual() ? "" : each.unit().signed(each.difference()),
              each.isEqual() || each.a() == 0 || each.b() == 0
                  ? ""
                  : String.format(Locale.ROOT, "%.3g", each.b() / each.a())));
    }
  }

  private static String number(Quantity quantity, double value) {
    return value == 0 && quantity.unit() != Quantity.Unit.COUNT ? "-" : quantity.unit().text(value);
  }

  // ------------------------------------------------------------ sections

  private void training(List<String> lines) {
    if (!lines.isEmpty()) {
      heading("training, inputs and outputs");
      lines.forEach(line -> row("  " + line));
    }
  }

  private void parameters(ModelDifference.Parameters parameters) {
    if (!parameters.tensors().isEmpty()) {
      heading("parameters: " + counts(kind -> tensors(parameters, kind)));
      tensors(parameters.tensors());
    }
    LayerDifference layers = parameters.layers();
    if (!layers.isEmpty()) {
      heading("layers");
      layers.removed().forEach(layer -> row("  - " + layer));
      layers.added().forEach(layer -> row("  + " + layer));
      layers.renamed().forEach((before, now) -> row("  ~ " + now + ", was " + before));
    }
  }

  private long tensors(ModelDifference.Parameters parameters, GraphDifference.Kind kind) {
    List<ParameterDifference> tensors = parameters.tensors();
    return kind == GraphDifference.Kind.ALIKE
        ? difference.a().parameters().size()
            - tensors.stream().filter(each -> each.a().isPresent()).count()
        : tensors.stream().filter(each -> each.kind() == kind).count();
  }

  private void tensors(List<ParameterDifference> tensors) {
    int path = width(tensors, ParameterDifference.Tensor::path);
    int shape = width(tensors, tensor -> tensor.shape().toString());
    for (ParameterDifference each : tensors) {
      ParameterDifference.Tensor shown = each.b().or(each::a).orElseThrow();
      String elements = String.format(Locale.ROOT, "%,d", shown.elements());
      row(
          ("  %s %-" + path + "s  %-" + shape + "s %12s  %s")
              .formatted(sign(each.kind()), shown.path(), shown.shape(), elements, changes(each)));
    }
  }

  private static int width(
      List<ParameterDifference> tensors, Function<ParameterDifference.Tensor, String> column) {
    return tensors.stream()
        .flatMap(each -> Stream.concat(each.a().stream(), each.b().stream()))
        .mapToInt(tensor -> column.apply(tensor).length())
        .reduce(0, Math::max);
  }

  /** In what B's parameter is another one than A's. */
  private static String changes(ParameterDifference each) {
    if (each.a().isEmpty() || each.b().isEmpty()) {
      return "";
    }
    ParameterDifference.Tensor before = each.a().get();
    ParameterDifference.Tensor now = each.b().get();
    List<String> changes = new ArrayList<>();
    if (!before.path().equals(now.path())) {
      changes.add("was " + before.path());
    }
    if (!before.shape().equals(now.shape())) {
      changes.add("was " + before.shape() + String.format(Locale.ROOT, ", %+,d", each.more()));
    }
    if (!before.kind().equals(now.kind())) {
      changes.add(now.kind() + ", was " + before.kind());
    }
    if (!before.initialiser().equals(now.initialiser())) {
      changes.add("first " + now.initialiser() + ", was " + before.initialiser());
    }
    return String.join("; ", changes);
  }

  private void graph(String title, GraphDifference graph) {
    if (graph.isEmpty()) {
      return;
    }
    heading(title + ": " + counts(graph::count));
    int alike = 0;
    for (GraphDifference.Entry entry : graph.entries()) {
      if (entry.differs()) {
        alike(alike);
        row("  " + sign(entry.kind()) + " " + entry.line());
        entry.differences().forEach(each -> row("      " + each));
      }
      alike = entry.differs() ? 0 : alike + 1;
    }
    alike(alike);
    graph.roots().forEach(root -> row("  ~ " + root));
  }

  /** {@code 4 added, 1 changed, 49 alike}. */
  private static String counts(ToLongFunction<GraphDifference.Kind> count) {
    return Stream.of(
            GraphDifference.Kind.ADDED,
            GraphDifference.Kind.REMOVED,
            GraphDifference.Kind.CHANGED,
            GraphDifference.Kind.ALIKE)
        .filter(kind -> count.applyAsLong(kind) > 0)
        .map(kind -> count.applyAsLong(kind) + " " + kind.name().toLowerCase(Locale.ROOT))
        .collect(joining(", "));
  }

  private void alike(int count) {
    if (count > 0) {
      row("    … " + count + " alike");
    }
  }

  private void gradient(ModelDifference.Gradient gradient) {
    graph("gradient", gradient.operations());
    if (!gradient.kernels().isEmpty()) {
      heading("kernels of the gradient");
      gradient.kernels().forEach(line -> row("  " + line));
    }
  }

  private void memory(MemoryDifference memory) {
    if (memory.isEmpty()) {
      return;
    }
    text.append('\n');
    quantities("memory", memory.sizes());
    if (!memory.values().isEmpty()) {
      text.append('\n');
      int more = memory.values().size() - MOST_VALUES;
      quantities(
          "values at the peak of training", memory.values().stream().limit(MOST_VALUES).toList());
      if (more > 0) {
        row("… and " + more + " more");
      }
    }
  }

  private void cost(CostDifference cost) {
    if (cost.isEmpty()) {
      return;
    }
    text.append('\n');
    quantities("cost", cost.quantities());
    for (CostDifference.Part part : cost.parts()) {
      if (!part.a().equals(part.b()) && isFormula(part)) {
        row("");
        row("operations, " + part.name());
        row("  - " + formula(part.a()));
        row("  + " + formula(part.b()));
      }
    }
    if (!cost.layers().isEmpty()) {
      text.append('\n');
      quantities("operations of layers", cost.layers());
    }
  }

  /** Whether it says more than the number. */
  private static boolean isFormula(CostDifference.Part part) {
    return (part.a() + part.b()).chars().anyMatch(Character::isLetter);
  }

  private static String formula(String formula) {
    return formula.isEmpty() ? "none" : formula;
  }

  private static String sign(GraphDifference.Kind kind) {
    return switch (kind) {
      case ALIKE -> " ";
      case ADDED -> "+";
      case REMOVED -> "-";
      case CHANGED -> "~";
    };
  }

  private void heading(String heading) {
    text.append('\n').append(paint.heading(heading)).append('\n');
  }

  private void row(String line) {
    text.append(paint.line(line.stripTrailing())).append('\n');
  }
}
