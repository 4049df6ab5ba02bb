package nnc.compiler.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The memory plan as text: what lies where, from which kernel to which, and what sharing places has saved. */
public final class MemoryPrinter {
  private MemoryPrinter() {}

  public static String print(Plan plan) {
    StringBuilder text = new StringBuilder();
    int last = plan.kernels().size();
    line(text, "parameters", plan.parameterElements(), "");
    line(text, "optimizer state", plan.stateElements(), "");
    line(text, "arena, training", plan.trainingMemory(), "");
    line(text, "arena, outputs only", plan.inferenceMemory(), "");
    line(text, "scratch, each thread", plan.scratch(), "");
    List<Buffer> buffers =
        plan.buffers().stream()
            .filter(buffer -> buffer.space() == Buffer.Space.MEMORY && buffer.isPlaced())
            .distinct()
            .sorted(Comparator.comparingInt(Buffer::offset).thenComparingInt(Buffer::firstUse))
            .toList();
    line(
        text,
        "without sharing",
        buffers.stream().mapToLong(Buffer::elements).sum(),
        " in " + buffers.size() + " buffers");
    text.append("\nthe arena; kernels are numbered as in the plan, 'end' is after the last\n\n");
    text.append("    offset     floats   kernels     value\n");
    for (Buffer buffer : buffers) {
      String uses = when(buffer.firstUse(), last) + "-" + when(buffer.lastUse(), last);
      text.append(
          String.format(
              Locale.ROOT,
              "%10d %10d   %-9s   %s%n",
              buffer.offset(),
              buffer.elements(),
              uses,
              buffer));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String what, long floats, String remark) {
    text.append(
        String.format(
            Locale.ROOT,
            "%-22s %,14d floats  %,10.1f KB%s%n",
            what,
            floats,
            floats * 4 / 1024.0,
            remark));
  }

  private static String when(int kernel, int last) {
    return kernel >= last ? "end" : String.valueOf(kernel);
  }
}
