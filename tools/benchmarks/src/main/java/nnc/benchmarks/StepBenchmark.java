package nnc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import nnc.runtime.CompiledModel;
import nnc.runtime.Provider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Times a workload, step by step and kernel by kernel, and, given a Python with PyTorch, the same workload there: in turns,
 * so that both see the same machine.
 */
@Command(
    name = "StepBenchmark",
    mixinStandardHelpOptions = true,
    description = "Times training steps of a workload, beside PyTorch.")
public final class StepBenchmark implements Callable<Integer> {
  private static final Path SCRIPT = Path.of("tools", "benchmarks", "peers", "pytorch.py");
  private static final double NANOS = 1e9;
  private static final double WARM_UP_SECONDS = 5;

  @Parameters(
      paramLabel = "WORKLOAD",
      defaultValue = "w1",
      description = "models/WORKLOAD.nn. Default: ${DEFAULT-VALUE}.")
  private String workload;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1,2",
      description = "Default: ${DEFAULT-VALUE}.")
  private int[] threads;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description =
          "How long steps, and inferences, are measured in a round. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "How often both take turns. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--python",
      description = "A Python with PyTorch. Without it nnc is measured alone.")
  private @Nullable Path python;

  @Option(
      names = "--kernel-runs",
      defaultValue = "300",
      description = "How often each kernel runs alone; 0: none does. Default: ${DEFAULT-VALUE}.")
  private int kernelRuns;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StepBenchmark()).execute(arguments));
  }

  /** What nnc takes for a step and for an inference of one row. */
  private record Own(Samples steps, Samples inferences) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    CompiledModel compiled = Workload.compile(Path.of("models", workload + ".nn"));
    System.out.println(
        workload + ", " + Provider.best().note() + "; milliseconds, medians (fastest tenth)");
    for (int count : threads) {
      compare(compiled, count);
    }
    if (kernelRuns > 0) {
      for (int count : threads) {
        kernels(compiled, count);
      }
    }
    return 0;
  }

  private void compare(CompiledModel compiled, int count) throws IOException, InterruptedException {
    List<Double> ratios = new ArrayList<>();
    try (Workload own = Workload.start(compiled, count);
        PyTorch peer = python == null ? null : new PyTorch(python, SCRIPT, workload, count)) {
      sample(own::step, WARM_UP_SECONDS);
      sample(own::infer, 1);
      if (peer != null) {
        peer.steps(WARM_UP_SECONDS);
      }
      for (int round = 0; round < rounds; round++) {
        Own here = new Own(sample(own::step, seconds), sample(own::infer, seconds));
        System.out.printf(
            Locale.ROOT,
            "%d thread%s  nnc %.3f (%.3f) a step, %.4f an inference of one row",
            count,
            count == 1 ? " " : "s",
            here.steps.medianMillis(),
            here.steps.fastestTenthMillis(),
            here.inferences.medianMillis());
        if (peer != null) {
          Samples steps = peer.steps(seconds);
          Samples inferences = peer.inferences(seconds);
          ratios.add(here.steps.medianMillis() / steps.medianMillis());
          System.out.printf(
              Locale.ROOT,
              "   %s %.3f (%.3f), %.4f   nnc / PyTorch %.2f (%.2f), %.2f",
              peer.name(),
              steps.medianMillis(),
              steps.fastestTenthMillis(),
              inferences.medianMillis(),
              ratios.getLast(),
              here.steps.fastestTenthMillis() / steps.fastestTenthMillis(),
              here.inferences.medianMillis() / inferences.medianMillis());
        }
        System.out.println();
      }
    }
    if (!ratios.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "%d thread%s  nnc / PyTorch, median of %d rounds: %.2f%n",
          count,
          count == 1 ? " " : "s",
          rounds,
          median(ratios));
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static Samples sample(IntConsumer run, double seconds) {
    Samples samples = new Samples();
    long before = System.nanoTime();
    for (long end = before + (long) (seconds * NANOS); before < end; ) {
      run.accept(samples.count());
      long after = System.nanoTime();
      samples.add(after - before);
      before = after;
    }
    return samples;
  }

  /** Each kernel of a step alone, in the order of a step: the sum is a little more than a step, for it waits for all threads after each. */
  private void kernels(CompiledModel compiled, int count) {
    try (Workload own = Workload.start(compiled, count)) {
      sample(own::step, WARM_UP_SECONDS);
      int[] kernels = own.kernels();
      Samples[] samples =
          Arrays.stream(kernels).mapToObj(kernel -> new Samples()).toArray(Samples[]::new);
      for (int run = 0; run < kernelRuns; run++) {
        for (int i = 0; i < kernels.length; i++) {
          long before = System.nanoTime();
          own.runKernel(kernels[i]);
          samples[i].add(System.nanoTime() - before);
        }
      }
      System.out.printf("%d thread%s, kernel by kernel%n", count, count == 1 ? "" : "s");
      for (int i = 0; i < kernels.length; i++) {
        System.out.printf(
            Locale.ROOT,
            "%8.3f  %-16s %s%n",
            samples[i].medianMillis(),
            own.kernel(kernels[i]).name(),
            own.kernel(kernels[i]).place());
      }
      System.out.printf(
          Locale.ROOT,
          "%8.3f  all%n",
          Arrays.stream(samples).mapToDouble(Samples::medianMillis).sum());
    }
  }
}
