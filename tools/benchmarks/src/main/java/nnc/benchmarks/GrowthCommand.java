package nnc.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how compiling, warming up and a step's time grow with layers, time and batch. */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    defaultValueProvider = GrowthCommand.Defaults.class,
    description = {
      "Measures what grows with the layers of a Transformer, the time steps of an LSTM, the batch of a multilayer perceptron:",
      "the time to compile, the bytes of the classes, the time to warm up, the time of a step. Each size has fresh processes.",
      "A ratio is a step's time divided by the size, compared to the first size: 1 is growth in proportion."
    },
    footer = {
      "",
      "Examples:",
      "  nnc bench growth",
      "  nnc bench growth transformer --threads 1,2 --json growth.jsonl",
      "  nnc bench growth --out docs"
    })
final class GrowthCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..*",
      description = "${COMPLETION-CANDIDATES}. Default: all.")
  private List<Series> wanted = List.of(Series.values());

  @Mixin private Turns turns = new Turns();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "4",
      description =
          "How long a process computes steps, from the first one on. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = {
        "Where growth.md and growth.jsonl go. Results of other models that are there stay.",
        "Default: target/bench."
      })
  private Path out = Path.of("target", "bench");

  /** Two rounds, for each is a process, and one thread, which leaves a core to the JVM's compilers. */
  static final class Defaults implements CommandLine.IDefaultValueProvider {
    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
      return switch (argument instanceof OptionSpec option ? option.longestName() : "") {
        case "--rounds" -> "2";
        case "--threads" -> "1";
        default -> null;
      };
    }
  }

  @Override
  public Integer call() {
    turns.check(seconds, 0);
    List<GrowthResult> results = new ArrayList<>();
    for (int count : turns.threads()) {
      for (Series series : wanted) {
        List<GrowthResult> found = GrowthResult.of(series, count, measure(series, count));
        say("%s%n", GrowthResult.heading(series, count));
        found.forEach(result -> say("%s%n", result.line()));
        results.addAll(found);
        new GrowthReport(out).add(results);
        turns.json().ifPresent(file -> JsonLines.write(file, results));
      }
    }
    say("written to %s%n", out);
    return 0;
  }

  /** The sizes take turns: a machine that slows down for a while favours none. */
  private SortedMap<Integer, List<GrowthRun>> measure(Series series, int count) {
    SortedMap<Integer, List<GrowthRun>> runs = new TreeMap<>();
    for (int round = 0; round < turns.rounds(); round++) {
      for (int size : series.sizes()) {
        runs.computeIfAbsent(size, none -> new ArrayList<>()).add(run(series, size, count));
      }
    }
    return runs;
  }

  private GrowthRun run(Series series, int size, int count) {
    try (Peer own =
        new Peer(
            Bench.java(
                ServeGrowth.class,
                series.file().toString(),
                String.valueOf(count),
                series.dim(),
                String.valueOf(size)))) {
      return new GrowthRun(own.hello().compileS(), own.hello().classBytes(), own.steps(seconds));
    }
  }

  private void say(String format, Object... values) {
    spec.commandLine().getOut().printf(Locale.ROOT, format, values);
    spec.commandLine().getOut().flush();
  }
}
