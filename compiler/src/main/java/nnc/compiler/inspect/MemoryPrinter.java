package nnc.compiler.inspect;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;
import nnc.compiler.source.Span;

/**
 * The memory plan as text: how large all is, when most of it is needed, what lies where from which kernel to which, and with
 * what it shares its place.
 */
public final class MemoryPrinter {
  /** Of more buffers the first are named. */
  private static final int MOST_NAMES = 3;

  private static final int LARGEST = 5;

  private final StringBuilder text = new StringBuilder();
  private final Plan plan;

  private MemoryPrinter(Plan plan) {
    this.plan = plan;
  }

  public static String print(Plan plan, TypedModel model) {
    MemoryUse use = MemoryUse.of(plan, model);
    MemoryPrinter printer = new MemoryPrinter(plan);
    printer.sizes(use);
    printer.peaks(use);
    printer.text.append(
        "\nthe arena; kernels are numbered as in the plan, 'end' is after the last\n\n");
    printer.entries(use);
    return printer.text.toString();
  }

  /** What some kernels read and write. */
  public static String print(Plan plan, TypedModel model, Predicate<Kernel> wanted) {
    MemoryPrinter printer = new MemoryPrinter(plan);
    printer.entries(MemoryUse.of(plan, model).of(plan, wanted));
    return printer.text.toString();
  }

  private void sizes(MemoryUse use) {
    line("parameters", plan.parameterElements(), "");
    line("optimizer state", plan.stateElements(), "");
    line("arena, training", plan.trainingMemory(), "");
    line("arena, outputs only", plan.inferenceMemory(), "");
    line("scratch, each thread", plan.scratch(), "");
    line(
        "without sharing",
        use.entries().stream().mapToLong(entry -> entry.buffer().elements()).sum(),
        " in " + use.entries().size() + " buffers");
  }

  private void peaks(MemoryUse use) {
    text.append('\n');
    for (MemoryUse.Peak peak : use.peaks()) {
      Kernel kernel = plan.kernels().get(peak.kernel());
      line(
          "peak, " + peak.what(),
          peak.floats(),
          " at kernel "
              + peak.kernel()
              + " "
              + kernel.head().name()
              + kernel.head().subject().place().map(place -> ", " + place.place()).orElse(""));
      text.append("                       most of it: ")
          .append(
              peak.held().stream()
                  .limit(LARGEST)
                  .map(buffer -> buffer + " " + kilobytes(buffer.elements()))
                  .collect(joining(", ")))
          .append('\n');
    }
    if (use.generates()) {
      text.append("generation             each symbol is an inference, in the same memory\n");
    }
  }

  private void entries(MemoryUse use) {
    int last = plan.kernels().size();
    int width =
        use.entries().stream()
            .mapToInt(entry -> entry.buffer().toString().length())
            .reduce(8, Math::max);
    String format = "%10s %10s %12s   %-9s   %-" + width + "s  %-20s %s";
    row(
        format.formatted(
            "offset", "floats", "bytes", "kernels", "value", "line", "shares its place with"));
    for (MemoryUse.Entry entry : use.entries()) {
      Buffer buffer = entry.buffer();
      row(
          format.formatted(
              buffer.offset(),
              buffer.elements(),
              buffer.elements() * Float.BYTES,
              when(buffer.firstUse(), last) + "-" + when(buffer.lastUse(), last),
              buffer,
              entry.place().map(Span::place).orElse(""),
              names(entry.shares())));
    }
  }

  private void row(String line) {
    text.append(line.stripTrailing()).append('\n');
  }

  private static String names(List<Buffer> buffers) {
    String first = buffers.stream().limit(MOST_NAMES).map(Buffer::name).collect(joining(", "));
    int more = buffers.size() - MOST_NAMES;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private void line(String what, long floats, String remark) {
    text.append(
        String.format(
            Locale.ROOT, "%-22s %,14d floats  %13s%s%n", what, floats, kilobytes(floats), remark));
  }

  private static String kilobytes(long floats) {
    return String.format(Locale.ROOT, "%,.1f KB", floats * Float.BYTES / 1024.0);
  }

  private static String when(int kernel, int last) {
    return kernel >= last ? "end" : String.valueOf(kernel);
  }
}
