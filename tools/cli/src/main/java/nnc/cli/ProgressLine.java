package nnc.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import nnc.cli.output.Durations;
import nnc.cli.output.Figures;
import nnc.cli.train.StepReport;

/**
 * Says how far an epoch is: in a terminal by a bar on the last line, which is drawn anew several times a second; elsewhere, and
 * only of epochs that take over a minute, by a line now and then.
 */
final class ProgressLine {
  private static final double NANOSECONDS = 1e-9;
  private static final double SECONDS_BETWEEN_DRAWINGS = 0.1;
  private static final double SECONDS_BETWEEN_LINES = 30;
  private static final double LONG_EPOCH_SECONDS = 60;
  private static final int BAR = 20;

  /** To the first column; what is too long for the terminal is cut off, not continued on the next line. */
  private static final String BEGIN = "\r\033[?7l";

  /** Takes away what an older text has left on the right. */
  private static final String END = "\033[K\033[?7h";

  private final PrintWriter out;
  private final boolean terminal;
  private long last = System.nanoTime();
  private boolean drawn;

  ProgressLine(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Whether standard output is a terminal that can draw a line anew. */
  static boolean onTerminal() {
    return System.console() != null
        && System.console().isTerminal()
        && !"dumb".equals(System.getenv("TERM"));
  }

  /** Says what is being done, until there is more to say; in a terminal only. */
  void say(String what) {
    if (terminal) {
      draw(what);
    }
  }

  private double secondsSinceLast() {
    return (System.nanoTime() - last) * NANOSECONDS;
  }

  private void draw(String text) {
    out.print(BEGIN + text + END);
    out.flush();
    drawn = true;
    last = System.nanoTime();
  }

  /** To be called after each step. */
  void step(Supplier<StepReport> steps) {
    if (secondsSinceLast() < (terminal ? SECONDS_BETWEEN_DRAWINGS : SECONDS_BETWEEN_LINES)) {
      return;
    }
    StepReport step = steps.get();
    if (terminal) {
      draw(bar(step));
    } else if (!(step.seconds() + step.secondsLeftInEpoch() <= LONG_EPOCH_SECONDS)) {
      out.println(line(step));
    }
    out.flush();
    last = System.nanoTime();
  }

  /** Prints lines in place of the bar. */
  void print(List<String> lines) {
    clear();
    lines.forEach(out::println);
    out.flush();
    last = System.nanoTime();
  }

  /** Takes the bar away. */
  void clear() {
    if (drawn) {
      out.print(BEGIN + END);
      out.flush();
      drawn = false;
    }
  }

  static String bar(StepReport step) {
    int done = (int) ((long) BAR * step.batch() / step.batches());
    return String.format(
        Locale.ROOT,
        "epoch %d/%d [%s%s] %d/%d  %s  %,.0f examples/s%s",
        step.epoch(),
        step.epochs(),
        "#".repeat(done),
        " ".repeat(BAR - done),
        step.batch(),
        step.batches(),
        loss(step),
        step.examplesPerSecond(),
        left(step, ", " + Durations.of(step.secondsLeft()) + " in all"));
  }

  static String line(StepReport step) {
    return String.format(
        Locale.ROOT,
        "epoch %d/%d  %2d %%  %s  %,.0f examples/s%s",
        step.epoch(),
        step.epochs(),
        100L * step.batch() / step.batches(),
        loss(step),
        step.examplesPerSecond(),
        left(step, ""));
  }

  private static String left(StepReport step, String more) {
    return Double.isNaN(step.secondsLeftInEpoch())
        ? ""
        : "  " + Durations.of(step.secondsLeftInEpoch()) + " left" + more;
  }

  private static String loss(StepReport step) {
    return "loss " + Figures.of(step.train().getOrDefault("loss", Double.NaN));
  }
}
