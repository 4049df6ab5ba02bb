package nnc.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times kernels alone, by JMH, against what the machine can do. */
@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description = {
      "Times single kernels with JMH, each in a JVM of its own, against the machine's peak of arithmetic or, for the bytes that",
      "they must read and write, against a copy of as many. Both are measured before and after each iteration."
    })
final class KernelsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "${COMPLETION-CANDIDATES}. Default: all.")
  private List<Kernel> kernels = List.of(Kernel.values());

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many threads compute. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "7",
      description = "How many count, behind three that do not. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "0.5",
      description = "How long an iteration is. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Override
  public Integer call() throws RunnerException {
    if (threads < 1 || iterations < 1 || seconds <= 0) {
      throw new ParameterException(
          spec.commandLine(), "--threads and --iterations are at least 1, --seconds is positive");
    }
    for (Kernel kernel : kernels) {
      say("%s%n", line(kernel, run(kernel)));
    }
    return 0;
  }

  /** The JVM that JMH starts has this one's options. */
  private RunResult run(Kernel kernel) throws RunnerException {
    TimeValue length = TimeValue.microseconds(Math.round(seconds * 1e6));
    return new Runner(
            new OptionsBuilder()
                .include(KernelBenchmark.class.getName())
                .param("kernel", kernel.name())
                .param("threads", String.valueOf(threads))
                .forks(1)
                .warmupIterations(3)
                .warmupTime(length)
                .measurementIterations(iterations)
                .measurementTime(length)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build())
        .runSingle();
  }

  private String line(Kernel kernel, RunResult result) {
    Samples milliseconds = new Samples();
    Samples rates = new Samples();
    Samples shares = new Samples();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        double ms = iteration.getPrimaryResult().getStatistics().getPercentile(50);
        double yardstick = counter(iteration, "rate");
        double rate = counter(iteration, "work") / (ms * 1e-3);
        milliseconds.add(ms);
        rates.add(rate);
        shares.add(rate / yardstick);
      }
    }
    return String.format(
        Locale.ROOT,
        "%-20s %d thread%s %9.4f ms %7.1f %-7s  %.2f (%.2f-%.2f) of the %s",
        kernel,
        threads,
        threads == 1 ? " " : "s",
        milliseconds.median(),
        rates.median(),
        kernel.yardstick().unit(),
        shares.median(),
        shares.quantile(0.1),
        shares.quantile(0.9),
        kernel.yardstick().name().toLowerCase(Locale.ROOT));
  }

  private static double counter(IterationResult iteration, String name) {
    return Objects.requireNonNull(iteration.getSecondaryResults().get(name)).getScore();
  }

  private void say(String format, Object... values) {
    spec.commandLine().getOut().printf(Locale.ROOT, format, values);
    spec.commandLine().getOut().flush();
  }
}
