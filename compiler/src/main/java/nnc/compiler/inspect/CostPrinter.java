package nnc.compiler.inspect;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import nnc.compiler.plan.Plan.Program;
import nnc.compiler.source.Span;

/** Costs as text: of the programs, of layers, and of each kernel with the limit that it meets. */
public final class CostPrinter {
  private final Costs costs;
  private final double balance;
  private final StringBuilder text = new StringBuilder();

  private CostPrinter(Costs costs, double balance) {
    this.costs = costs;
    this.balance = balance;
  }

  /** @param balance how many operations a machine makes in the time that it takes to move a byte */
  public static String print(Costs costs, double balance) {
    CostPrinter printer = new CostPrinter(costs, balance);
    printer.preface();
    printer.programs();
    printer.layers();
    printer.kernels();
    return printer.text.toString();
  }

  private void preface() {
    String sizes =
        costs.sizes().entrySet().stream()
            .map(size -> size.getKey() + " = " + size.getValue())
            .collect(Collectors.joining(", "));
    row(sizes.isEmpty() ? "no dims" : sizes);
    row(
        "A multiplication and an addition are one operation each, a function such as exp is "
            + Operations.FUNCTION
            + ".");
    row("Bytes are the values that a kernel reads and writes, each once each time it runs.");
    row(
        String.format(
            Locale.ROOT,
            "With %.3g operations a byte or more, arithmetic is the limit, with fewer memory.",
            balance));
  }

  private void programs() {
    row("");
    row("%-34s %10s %10s %8s".formatted("program", "operations", "bytes", "ops/byte"));
    for (Program program : Program.values()) {
      Costs.Total total = costs.total(program);
      if (total.bytes().value() > 0) {
        numbers(
            "%-34s".formatted(program.name().toLowerCase(Locale.ROOT)),
            total.operations(),
            total.bytes(),
            "");
        formula("operations", total.operations());
      }
    }
  }

  private void layers() {
    boolean trains = costs.trains();
    Map<String, Costs.Layer> layers = costs.layers(trains ? Program.GRADIENT : Program.INFER);
    row("");
    row(
        "layers, those inside of them included; operations of "
            + (trains ? "a training step" : "inference"));
    row("%-34s %10s %10s %10s".formatted("layer", "forward", "gradient", "bytes"));
    layers.forEach((path, layer) -> {
      row(
          "%-34s %10s %10s %10s"
              .formatted(
                  path.isEmpty() ? "in no layer" : path,
                  Rounded.of(layer.forward().value()),
                  Rounded.of(layer.gradient().value()),
                  Rounded.of(layer.bytes().value())));
      formula("forward", layer.forward());
      formula("gradient", layer.gradient());
    });
  }

  private void kernels() {
    row("");
    row("kernels, numbered as in the plan, in all their steps");
    row(
        "%-7s %-26s %-10s %10s %10s %8s  %s"
            .formatted("", "", "limit", "operations", "bytes", "ops/byte", "line"));
    for (Costs.Entry entry : costs.entries()) {
      boolean arithmetic = entry.intensity() >= balance;
      numbers(
          "%-7s %-26s %-10s"
              .formatted(
                  entry.id(), entry.kernel().head().name(), arithmetic ? "arithmetic" : "memory"),
          entry.operations(),
          entry.bytes(),
          entry.kernel().head().subject().place().map(Span::place).orElse(""));
      formula("operations", entry.operations());
      formula("bytes", entry.bytes());
    }
  }

  private void numbers(String what, Amount operations, Amount bytes, String remark) {
    row(
        String.format(
            Locale.ROOT,
            "%s %10s %10s %8.1f  %s",
            what,
            Rounded.of(operations.value()),
            Rounded.of(bytes.value()),
            operations.value() / Math.max(1, bytes.value()),
            remark));
  }

  private void formula(String what, Amount amount) {
    if (amount.value() > 0) {
      row("        " + what + " = " + amount);
    }
  }

  private void row(String line) {
    text.append(line.stripTrailing()).append('\n');
  }
}
