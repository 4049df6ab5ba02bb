package nnc.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
    subcommands = {ProductsCommand.class, KernelsCommand.class, GrowthCommand.class},
    description = {
      "Times training steps of the workloads W1 to W9, and the same in PyTorch and JAX, in turns of one run;",
      "and W10, a training of word vectors, beside the original word2vec.",
      "A ratio is the peer's time divided by ours: above 1 nnc is faster."
    },
    footer = {
      "",
      "Examples:",
      "  nnc bench W1",
      "  nnc bench W1 W3 --peers --threads 1,2 --json results.jsonl",
      "  nnc bench --peers --python venv/bin/python --out docs",
      "  nnc bench W10 --peers --word2vec word2vec.c",
      "  nnc bench products --peers --python venv/bin/python",
      "  nnc bench kernels update softmax",
      "  nnc bench growth transformer",
      "",
      "The peers need a Python with torch and jax: python3 -m venv venv && venv/bin/pip install torch jax",
      Word2Vec.SOURCE
    })
public final class Bench implements Callable<Integer> {
  private static final int DONE = 0;
  private static final int WRONG_INPUT = 1;

  private static final double KERNEL_SECONDS = 5;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description = "W1 to W10, as the README of tools/benchmarks lists them. Default: all.")
  private List<Task> tasks = List.of(Task.values());

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Mixin private Turns turns = new Turns();

  @Option(names = "--peers", description = "Times PyTorch and JAX, too.")
  private boolean peers;

  @Option(
      names = "--modes",
      split = ",",
      paramLabel = "MODE",
      description = "Which peers: ${COMPLETION-CANDIDATES}. Default: all that know the workload.")
  private List<Framework> frameworks = List.of(Framework.values());

  @Option(
      names = "--python",
      paramLabel = "FILE",
      defaultValue = "python3",
      description = "A Python with torch and jax. Default: ${DEFAULT-VALUE}.")
  private String python;

  @Option(
      names = "--word2vec",
      paramLabel = "FILE",
      description = "The source of the original word2vec, a peer of W10; cc compiles it.")
  private @Nullable Path word2vec;

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
    turns.check(seconds, warmUp);
    requireUsage(
        word2vec == null || Files.isRegularFile(word2vec), "--word2vec: no such file: " + word2vec);
    requireUsage(word2vec == null || peers, "--word2vec names a peer: it needs --peers");
    boolean frameworksAsked = peers && tasks.stream().anyMatch(task -> task != Task.W10);
    List<Framework> beside = frameworksAsked ? installed() : List.of();
    List<Result> results = new ArrayList<>();
    for (Task task : tasks) {
      for (int count : turns.threads()) {
        try {
          results.addAll(task == Task.W10 ? words(count) : run(task, count, beside));
        } catch (UnlikeModels wrong) {
          spec.commandLine().getErr().println("nnc bench: " + wrong.getMessage());
          return WRONG_INPUT;
        }
        if (measuresNncAsItIs()) {
          new Report(out).add(results);
        }
        turns.json().ifPresent(file -> JsonLines.write(file, results));
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
    try (Peer own =
        new Peer(own(Serve.class, task, count, List.copyOf(switchedOff.optimizations().off())))) {
      for (Framework framework : frameworks) {
        if (framework.knows(task)) {
          start(
              task,
              framework.toString(),
              () -> framework.command(python, home().resolve("peers"), task, count),
              own.hello(),
              others);
        }
      }
      return measure(task, count, own, others, result -> result);
    } finally {
      others.forEach(Peer::close);
    }
  }

  private List<Result> words(int count) {
    Path source = word2vec;
    List<Peer> others = new ArrayList<>();
    try (Word2Vec pair = new Word2Vec(root().resolve("models/data/austen.txt.gz"));
        Peer own = new Peer(own(ServeWords.class, Task.W10, count, pair.ours()))) {
      if (source != null) {
        start(
            Task.W10,
            source.toString(),
            () -> pair.theirs(home().resolve("peers/word2vec_peer.c"), source, count),
            own.hello(),
            others);
      } else if (peers) {
        say("W10 is measured alone: name its peer by --word2vec; %s%n", Word2Vec.SOURCE);
      }
      return measure(Task.W10, count, own, others, pair::judged);
    } finally {
      others.forEach(Peer::close);
    }
  }

  private List<Result> measure(
      Task task, int count, Peer own, List<Peer> others, UnaryOperator<Result> completed) {
    List<Result> results =
        new Comparison(task, count, own, others)
            .run(warmUp, turns.rounds(), seconds).stream().map(completed).toList();
    results.forEach(result -> say("%s%n", result.line()));
    if (kernels) {
      own.kernels(KERNEL_SECONDS)
          .forEach(each -> say("%9.3f  %-24s %s%n", each.ms(), each.name(), each.place()));
    }
    return results;
  }

  /** A peer that cannot be started, for want of a C++ compiler for instance, is left out. */
  private void start(
      Task task, String name, Supplier<List<String>> command, Peer.Hello own, List<Peer> others) {
    Peer peer;
    try {
      peer = new Peer(command.get());
    } catch (Peer.Gone gone) {
      say("%s, %s: %s; it is left out%n", task, name, gone.problem());
      return;
    }
    others.add(peer);
    UnlikeModels.check(task, own, peer.hello());
  }

  private static List<String> own(Class<?> main, Task task, int count, List<String> more) {
    List<String> arguments =
        new ArrayList<>(List.of(workload(task.file()).toString(), String.valueOf(count)));
    arguments.addAll(more);
    return java(main, arguments.toArray(String[]::new));
  }

  static Path workload(String file) {
    return home().resolve("workloads").resolve(file);
  }

  /** This Java again, with its options, started now. */
  static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-D" + Serve.STARTED + "=" + System.currentTimeMillis());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The checkout, as the launcher names it. */
  private static Path root() {
    return Path.of(System.getProperty("nnc.root", ""));
  }

  /** Its tools/benchmarks. */
  static Path home() {
    return root().resolve("tools").resolve("benchmarks");
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
