package nnc.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import nnc.cli.SwitchedOff;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times workloads, and on request the same in PyTorch and JAX, in turns, so that all see the same machine. */
@Command(
    name = "nnc bench",
    mixinStandardHelpOptions = true,
    description = {
      "Times training steps of the workloads W1 to W9, and the same in PyTorch and JAX, in turns of one run.",
      "A ratio is the peer's time divided by ours: above 1 nnc is faster."
    },
    footer = {
      "",
      "Examples:",
      "  nnc bench W1",
      "  nnc bench W1 W3 --peers --threads 1,2 --json results.jsonl",
      "  nnc bench --peers --python venv/bin/python --out docs",
      "",
      "The peers need a Python with torch and jax: python3 -m venv venv && venv/bin/pip install torch jax"
    })
public final class Bench implements Callable<Integer> {
  private static final int DONE = 0;
  private static final int WRONG_INPUT = 1;

  private static final double KERNEL_SECONDS = 5;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description = "W1 to W9, as the README of tools/benchmarks lists them. Default: all.")
  private List<Task> tasks = List.of(Task.values());

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Option(names = "--peers", description = "Times PyTorch and JAX, too.")
  private boolean peers;

  @Option(
      names = "--modes",
      split = ",",
      paramLabel = "MODE",
      description = "Which peers: ${COMPLETION-CANDIDATES}. Default: all that know the workload.")
  private List<Framework> frameworks = List.of(Framework.values());

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,2",
      description = "How many threads compute. Default: ${DEFAULT-VALUE}.")
  private int[] threads;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      defaultValue = "python3",
      description = "A Python with torch and jax. Default: ${DEFAULT-VALUE}.")
  private String python;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "How often each pair takes turns. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "1",
      description = "How long a turn is, at least one step. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "8",
      description = "How long each runs before anything counts. Default: ${DEFAULT-VALUE}.")
  private double warmUp;

  @Option(
      names = "--kernels",
      description =
          "Then times each of our kernels by itself, which says where a step's time goes.")
  private boolean kernels;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where the results go as JSON, one object a line.")
  private @Nullable Path json;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = {
        "Where benchmarks.md, benchmarks.png and benchmarks.jsonl go. Results of other workloads that are there stay.",
        "Default: target/bench."
      })
  private Path out = Path.of("target", "bench");

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  @Override
  public Integer call() throws IOException {
    requireUsage(rounds >= 1, "--rounds is at least 1");
    requireUsage(seconds > 0 && warmUp >= 0, "seconds are positive");
    for (int count : threads) {
      requireUsage(count >= 1, "--threads is at least 1");
    }
    List<Framework> beside = peers ? installed() : List.of();
    List<Result> results = new ArrayList<>();
    for (Task task : tasks) {
      for (int count : threads) {
        try {
          results.addAll(run(task, count, beside));
        } catch (UnlikeModels wrong) {
          spec.commandLine().getErr().println("nnc bench: " + wrong.getMessage());
          return WRONG_INPUT;
        }
        if (measuresNncAsItIs()) {
          new Report(out).add(results);
        }
        if (json != null) {
          Report.write(json, results);
        }
      }
    }
    if (measuresNncAsItIs()) {
      say("written to %s%n", out);
    }
    return DONE;
  }

  private boolean measuresNncAsItIs() {
    return switchedOff.optimizations().off().isEmpty();
  }

  /** The peers that this Python has; it is said where there is none. */
  private List<Framework> installed() {
    List<Framework> found = frameworks.stream().filter(each -> each.isInstalled(python)).toList();
    frameworks.stream()
        .filter(each -> !found.contains(each))
        .map(Framework::module)
        .distinct()
        .forEach(module ->
            say(
                "%s has no %s, which is left out; it comes with: %s -m pip install torch jax%n",
                python, module, python));
    if (found.isEmpty()) {
      say("nnc is measured alone%n");
    }
    return found;
  }

  private List<Result> run(Task task, int count, List<Framework> frameworks) {
    List<Peer> others = new ArrayList<>();
    try (Peer own = new Peer(own(task, count))) {
      for (Framework framework : frameworks) {
        if (framework.knows(task)) {
          start(framework, task, count, own.hello(), others);
        }
      }
      List<Result> results = new Comparison(task, count, own, others).run(warmUp, rounds, seconds);
      results.forEach(result -> say("%s%n", result.line()));
      if (kernels) {
        own.kernels(KERNEL_SECONDS)
            .forEach(each -> say("%9.3f  %-24s %s%n", each.ms(), each.name(), each.place()));
      }
      return results;
    } finally {
      others.forEach(Peer::close);
    }
  }

  /** A peer that cannot be started, for want of a C++ compiler for instance, is left out. */
  private void start(Framework framework, Task task, int count, Peer.Hello own, List<Peer> others) {
    Peer peer;
    try {
      peer = new Peer(framework.command(python, home().resolve("peers"), task, count));
    } catch (Peer.Gone gone) {
      say("%s, %s: %s; it is left out%n", task, framework, gone.problem());
      return;
    }
    others.add(peer);
    UnlikeModels.check(task, own, peer.hello());
  }

  /** This Java again, with its options, for a workload alone. */
  private List<String> own(Task task, int count) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Serve.class.getName(),
            home().resolve("workloads").resolve(task.file()).toString(),
            String.valueOf(count)));
    command.addAll(switchedOff.optimizations().off());
    return command;
  }

  /** tools/benchmarks of the checkout, whose root the launcher names. */
  private static Path home() {
    return Path.of(System.getProperty("nnc.root", ""), "tools", "benchmarks");
  }

  private void say(String format, Object... values) {
    spec.commandLine().getOut().printf(Locale.ROOT, format, values);
    spec.commandLine().getOut().flush();
  }

  private void requireUsage(boolean right, String message) {
    if (!right) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
