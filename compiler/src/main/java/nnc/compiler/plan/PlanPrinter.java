package nnc.compiler.plan;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import nnc.compiler.ir.Size;
import nnc.compiler.source.Span;

/** A plan as text: the kernels in their order, what each computes, reads and writes, and what was fused. */
public final class PlanPrinter {
  private final Plan plan;
  private final Function<Kernel, List<String>> formulas;
  private final Predicate<Kernel> wanted;
  private final StringBuilder text = new StringBuilder();

  private PlanPrinter(
      Plan plan, Function<Kernel, List<String>> formulas, Predicate<Kernel> wanted) {
    this.plan = plan;
    this.formulas = formulas;
    this.wanted = wanted;
  }

  /** @param formulas what a kernel computes, as mathematical text: a line for each value with a name */
  public static String print(Plan plan, Function<Kernel, List<String>> formulas) {
    String fusion =
        plan.report().stream().map(remark -> "     " + remark + "\n").collect(joining());
    return print(plan, formulas, _ -> true) + "\nfusion\n" + fusion;
  }

  /** Some kernels alone. @param wanted which */
  public static String print(
      Plan plan, Function<Kernel, List<String>> formulas, Predicate<Kernel> wanted) {
    PlanPrinter printer = new PlanPrinter(plan, formulas, wanted);
    printer.kernels();
    return printer.text.toString();
  }

  private void kernels() {
    Kernel.Part part = null;
    for (int i = 0; i < plan.kernels().size(); i++) {
      Kernel kernel = plan.kernels().get(i);
      if (!wanted.test(kernel)) {
        continue;
      }
      if (kernel.head().part() != part) {
        part = kernel.head().part();
        text.append(text.isEmpty() ? "" : "\n")
            .append(part.name().toLowerCase(Locale.ROOT))
            .append('\n');
      }
      kernel(kernel, String.valueOf(i), programs(plan, i), "");
    }
  }

  private void kernel(Kernel kernel, String number, String programs, String indent) {
    text.append(indent)
        .append(
            String.format(
                    Locale.ROOT,
                    "%4s %-28s %-18s %s",
                    number,
                    kernel.head().name(),
                    place(kernel),
                    programs)
                .stripTrailing())
        .append('\n');
    line(indent, form(kernel));
    formulas.apply(kernel).forEach(formula -> line(indent, formula));
    line(
        indent,
        "reads " + buffers(kernel.head().reads()) + "; writes " + buffers(kernel.head().writes()));
    for (int i = 0; i < kernel.inner().size(); i++) {
      Kernel inner = kernel.inner().get(i);
      if (wanted.test(inner)) {
        kernel(inner, number + "." + i, "", indent + "    ");
      }
    }
  }

  private void line(String indent, String content) {
    text.append(indent).append("       ").append(content).append('\n');
  }

  private static String place(Kernel kernel) {
    return kernel.head().subject().place().map(Span::place).orElse("");
  }

  private static String programs(Plan plan, int kernel) {
    return plan.programs().entrySet().stream()
        .filter(program -> program.getValue().contains(kernel))
        .map(program -> program.getKey().name().toLowerCase(Locale.ROOT))
        .collect(joining(" "));
  }

  /** Which kind of kernel it is, and how large. */
  public static String form(Kernel kernel) {
    return switch (kernel) {
      case Kernel.Loop loop -> loop.product().map(PlanPrinter::product).orElse("") + loop(loop);
      case Kernel.Total total ->
          "sum over "
              + total.body().rows().times(total.body().columns())
              + " places, piece by piece";
      case Kernel.Columns columns ->
          "reduction of "
              + columns.rows()
              + " rows of "
              + columns.columns()
              + repeated(columns.outer());
      case Kernel.Copy copy ->
          copy.parts().size() == 1 ? "copy" : "copy of " + copy.parts().size() + " parts";
      case Kernel.Overlaps overlaps ->
          "overlaps of "
              + overlaps.places()
              + " windows of "
              + overlaps.size()
              + " added to "
              + overlaps.op().length()
              + " rows of "
              + overlaps.columns()
              + repeated(overlaps.rows());
      case Kernel.Recurrence recurrence ->
          recurrence.length()
              + (recurrence.reverse() ? " steps, from the last to the first, of " : " steps of ")
              + recurrence.steps().stream().map(step -> step.head().name()).collect(joining(", "))
              + recurrence
                  .rows()
                  .map(rows -> "; " + rows + " rows, each by itself through all steps")
                  .orElse("");
      case Kernel.Items items ->
          items.count()
              + " items, each by itself through "
              + items.steps().stream().map(step -> step.head().name()).collect(joining(", "));
      case Kernel.Pack pack ->
          "packs [" + pack.product().k() + ", " + pack.product().n() + "] for all steps";
      case Kernel.Draw draw -> draw.count() + " draws among " + draw.choices();
      case Kernel.Gather gather ->
          gather.count() + " rows of " + gather.width() + ", looked up among " + gather.rows();
      case Kernel.ScatterAdd scatter ->
          scatter.parts().stream().map(part -> part.count().toString()).collect(joining(" + "))
              + " rows of "
              + scatter.width()
              + ", added to "
              + scatter.rows()
              + (scatter.table().isPresent() ? ", of which no others are written" : "");
      case Kernel.Fill fill -> "random numbers for " + fill.elements() + " places";
    };
  }

  private static String product(Kernel.ProductHead product) {
    return "product ["
        + product.m()
        + ", "
        + product.k()
        + "] . ["
        + product.k()
        + ", "
        + product.n()
        + "]"
        + repeated(product.batch());
  }

  private static String loop(Kernel.Loop loop) {
    Kernel.LoopBody body = loop.body();
    if (body.nodes().isEmpty()) {
      return "";
    }
    String phases = body.phases().size() > 1 ? " in " + body.phases().size() + " phases" : "";
    return (loop.product().isPresent() ? ", then in its tiles one" : "one")
        + " loop over "
        + body.rows()
        + " x "
        + body.columns()
        + phases
        + loop.sparse().stream()
            .map(table -> ", of " + table.path() + " only rows that ids name")
            .collect(joining());
  }

  private static String repeated(Size times) {
    return times.isOne() ? "" : ", " + times + " times";
  }

  private static String buffers(List<Buffer> buffers) {
    return buffers.isEmpty()
        ? "nothing"
        : buffers.stream().map(Buffer::toString).collect(joining(", "));
  }
}
