package nnc.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import nnc.cli.metrics.ComparedCurves;
import nnc.cli.metrics.EpochReport;
import nnc.cli.metrics.ProbeReport;
import nnc.cli.output.Figures;
import nnc.cli.train.Checkpoint;
import nnc.cli.train.CheckpointMetadata;
import nnc.cli.train.Divergence;
import nnc.cli.train.RunTable;
import nnc.cli.train.StepReport;
import nnc.cli.train.TrainingRun;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.model.Program;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.Provider;
import nnc.runtime.Safetensors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nnc train}. */
@Command(
    name = "train",
    abbreviateSynopsis = true,
    mixinStandardHelpOptions = true,
    description =
        "Compiles a model and trains it on the data that its train block names. Results do not depend on the number of threads.",
    footer = {
      "",
      "Examples:",
      "  nnc train models/digits.nn",
      "  nnc train models/digits.nn --set B=128 --epochs 40 --out run",
      "  nnc train models/digits.nn --out run --resume",
      "  nnc train models/digits.nn --epochs 3 --seeds 1..3 --quiet",
      "",
      "--out DIR holds checkpoint.safetensors, renewed after each epoch, every minute",
      "within one, and by Ctrl-C; best.safetensors, that of the epoch with the lowest",
      "held-out loss; and loss and metrics of each epoch: metrics.jsonl, metrics.csv,",
      "curves.png, and events for TensorBoard; steps.csv tells them within the epochs.",
      "A line of metrics.jsonl:",
      "  {\"epoch\":1,\"step\":23,\"seconds\":0.4,\"examples_per_second\":51200.0,",
      "   \"train\":{\"loss\":1.9,…},\"held_out\":{\"loss\":1.2,…}}"
    })
final class TrainCommand implements Callable<Integer> {
  private static final int CHECKPOINT_SECONDS = 60;

  @Mixin private ModelFile model = new ModelFile();

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Mixin private ThreadCount threads = new ThreadCount();

  @Spec private CommandSpec spec;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often all rows are visited, instead of what the train block says.")
  private @Nullable Integer epochs;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "How many epochs without a lower held-out loss end the training, instead of what the train block says.")
  private @Nullable Integer patience;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What first parameters, order, held-out rows and dropout are drawn from.")
  private @Nullable Long seed;

  @Option(
      names = "--seeds",
      paramLabel = "1..5",
      converter = Seeds.Converter.class,
      description =
          "Trains once with each of these seeds, 1..5 or 1,2,3, in DIR/seed-N of --out DIR, and tells mean and standard deviation of the held-out figures.")
  private @Nullable Seeds seeds;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description =
          "Trains in this way, where the file names several: train Digits as momentum. Without it all are trained, in DIR/NAME of --out DIR.")
  private @Nullable String way;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where checkpoints and metrics go. A directory that has a checkpoint wants --resume or --force.")
  private @Nullable Path out;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "SECONDS",
      description =
          "How long an epoch goes on without a checkpoint; 60 without it. No result depends on it.")
  private @Nullable Integer checkpointEvery;

  @Option(
      names = "--metrics",
      paramLabel = "FILE.jsonl",
      description = "Where a JSON object for each epoch goes, on a line of its own.")
  private @Nullable Path metrics;

  @Option(
      names = "--resume",
      description = "Goes on from the checkpoint in --out, to the bit as if it had never stopped.")
  private boolean resume;

  @Option(
      names = "--force",
      description =
          "Begins anew over the checkpoint in --out. With several seeds or ways, the earlier ones of the directory are removed.")
  private boolean force;

  @Option(
      names = "--init",
      paramLabel = "FILE.safetensors",
      description =
          "Starts from the parameters of this file, where it has some of the model's names.")
  private @Nullable Path init;

  @Option(
      names = "--trap",
      paramLabel = "nan",
      converter = TrappedNumber.class,
      description =
          "Stops at the first kernel that makes a NaN or an infinity, with the line of the model and what the kernel read; a checkpoint of the step before is written. Slower, with the same results.")
  private @Nullable Trapped trap;

  @Option(
      names = "--probe",
      split = ",",
      paramLabel = "NAME",
      hideParamSyntax = true,
      description =
          "Prints what a tensor is like (mean, deviation, range, share of zeros, norm) in the last step of each interval of an epoch, and keeps it in --out: probes.csv. NAME is a value or a gradient d_PATH, as inspect --stage memory lists them, or a parameter. May be repeated, or a list with commas.")
  private List<String> probes = new ArrayList<>();

  @Option(
      names = "--verbose",
      description =
          "Also tells when the first step was made, counted from the start of the process.")
  private boolean verbose;

  @Option(
      names = "--quiet",
      description =
          "Leaves out the lines of epochs and the progress bar: what is trained, and the result, remain.")
  private boolean quiet;

  private enum Trapped {
    NAN
  }

  private static final class TrappedNumber extends Choice<Trapped> {
    TrappedNumber() {
      super(Trapped.class);
    }
  }

  @Override
  public Integer call() {
    requireUsage(epochs == null || epochs >= 1, "--epochs is at least 1");
    requireUsage(patience == null || patience >= 1, "--patience is at least 1");
    requireUsage(seed == null || seed >= 0, "--seed is at least 0");
    InMemoryCompiler.warmUp();
    Provider.warmUp();
    requireUsage(
        checkpointEvery == null || checkpointEvery >= 0, "--checkpoint-every is at least 0");
    requireUsage(
        checkpointEvery == null || out != null,
        "--checkpoint-every is about the checkpoints of --out DIR, which is missing");
    requireUsage(
        !resume || out != null,
        "--resume goes on from the checkpoint in a directory: --out DIR is missing");
    requireUsage(
        !resume || init == null,
        "--resume and --init contradict each other: a checkpoint has all parameters");
    requireUsage(
        !resume || !force,
        "--resume and --force contradict each other: one goes on from a checkpoint, the other gives it up");
    requireUsage(
        seeds == null || seed == null, "--seed and --seeds contradict each other: one or several");
    requireUsage(
        seeds == null || metrics == null,
        "--metrics is about one training: with --seeds, each has its metrics.jsonl in --out DIR");
    Program program = way == null ? model.program() : model.program().as(way);
    List<String> ways = program.ways();
    requireUsage(
        seeds == null || ways.isEmpty(),
        "--seeds is about one way to train, and there are several: choose one with --as");
    requireUsage(
        ways.isEmpty() || metrics == null,
        "--metrics is about one training, and there are several ways: choose one with --as");
    List<Run> runs =
        seeds != null
            ? seeds.all().stream()
                .map(each -> new Run(Seeds.directory(each), program, Optional.of(each)))
                .toList()
            : ways.isEmpty()
                ? List.of(new Run("", program, Optional.ofNullable(seed)))
                : ways.stream()
                    .map(each -> new Run(each, program.as(each), Optional.ofNullable(seed)))
                    .toList();
    if (!resume && !force) {
      Optional.ofNullable(out).ifPresent(Checkpoint::requireNone); // it may have been one training
      runs.forEach(each -> directory(each).ifPresent(Checkpoint::requireNone));
    }
    if (seeds == null && ways.isEmpty()) {
      train(runs.getFirst(), () -> {});
      return ExitCode.DONE;
    }
    return train(runs, seeds == null ? new RunTable("as", false) : new RunTable("seed", true));
  }

  /** A training; of several, its name is that of its directory, and empty if it is the only one. */
  private record Run(String name, Program program, Optional<Long> seed) {}

  /**
   * One training after another, until the user stops one. One that diverges does not end the others.
   *
   * @return the exit code
   */
  private int train(List<Run> runs, RunTable table) {
    int code = ExitCode.DONE;
    for (Run each : runs) {
      print(List.of(each.name()));
      TrainingRun.Outcome outcome;
      try {
        outcome = train(each, () -> giveUp(runs, each));
      } catch (Divergence diverged) {
        code = new Failures(spec.commandLine().getErr(), new String[0]).report(diverged);
        print(List.of(""));
        table.add(each.name(), Map.of());
        continue;
      }
      if (outcome.stopped()) {
        return code; // the process may be over at any moment
      }
      print(List.of(""));
      outcome.heldOut().ifPresent(figures -> table.add(each.name(), figures));
    }
    print(table.lines());
    if (out != null) {
      Map<String, Path> directories = new LinkedHashMap<>();
      runs.forEach(each -> directories.put(each.name(), directory(each).orElseThrow()));
      ComparedCurves.draw(out.resolve("curves.png"), directories);
    }
    return code;
  }

  /** Before the first of several trainings begins anew, all earlier ones go: none is to be taken for one of these. */
  private void giveUp(List<Run> runs, Run each) {
    if (force && out != null && each.equals(runs.getFirst())) {
      Checkpoint.remove(out);
      Checkpoint.removeBelow(
          out,
          name ->
              Seeds.isDirectory(name) || runs.stream().anyMatch(run -> run.name().equals(name)));
    }
  }

  /** Where a training has its files. */
  private Optional<Path> directory(Run each) {
    return Optional.ofNullable(out).map(directory -> directory.resolve(each.name()));
  }

  /** @param begins done when it is certain that the training can begin */
  private TrainingRun.Outcome train(Run what, Runnable begins) {
    Optional<Path> directory = directory(what);
    if (resume && what.name().isEmpty()) {
      directory.ifPresent(Checkpoint::requireOne);
    }
    Optional<Checkpoint> from =
        directory
            .filter(place -> resume && (what.name().isEmpty() || Checkpoint.isIn(place)))
            .map(Checkpoint::read);
    from.ifPresent(this::requireSame);
    TrainingRun.Request request =
        new TrainingRun.Request(
            what.program(),
            model.directory(),
            from.map(checkpoint -> checkpoint.metadata().settings()).orElse(model.settings()),
            Optional.ofNullable(epochs),
            Optional.ofNullable(patience),
            what.seed(),
            threads.count(spec),
            switchedOff.optimizations(),
            from,
            Optional.ofNullable(init).map(Safetensors::read),
            directory,
            Duration.ofSeconds(checkpointEvery == null ? CHECKPOINT_SECONDS : checkpointEvery),
            Optional.ofNullable(metrics),
            trap != null,
            probes);
    ProgressLine progress =
        new ProgressLine(spec.commandLine().getOut(), ProgressLine.onTerminal());
    try {
      progress.say("reading the data, compiling the model …");
      TrainingRun run = TrainingRun.prepare(request);
      begins.run();
      progress.print(run.summary());
      return run.go(new Telling(progress, run.epochs(), !what.name().isEmpty()));
    } finally {
      progress.clear();
    }
  }

  private void print(List<String> lines) {
    lines.forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
  }

  /** What was chosen when the run began cannot be chosen otherwise when it goes on. */
  private void requireSame(Checkpoint checkpoint) {
    CheckpointMetadata begun = checkpoint.metadata();
    Map<String, Integer> other = new LinkedHashMap<>(model.settings());
    other.entrySet().removeAll(begun.settings().entrySet());
    String contradiction =
        seed != null && seed != begun.seed()
            ? "the seed " + seed + ", and that of the checkpoint is " + begun.seed()
            : way != null && !begun.way().equals(Optional.of(way))
                ? "to train as "
                    + way
                    + ", and the checkpoint was trained "
                    + begun.way().map(name -> "as " + name).orElse("in the only way")
                : !other.isEmpty()
                    ? "the sizes " + other + ", and those of the checkpoint are " + begun.settings()
                    : "";
    if (!contradiction.isEmpty()) {
      throw new CompileException(
          Diagnostic.of(
                  "resume",
                  "a training that goes on keeps what it began with; asked for are "
                      + contradiction)
              .help("leave this out, or begin anew without --resume"));
    }
  }

  /** Tells the user how the training goes. */
  private final class Telling implements TrainingRun.Listener {
    private final ProgressLine progress;
    private final int epochs;
    private final boolean several;

    Telling(ProgressLine progress, int epochs, boolean several) {
      this.progress = progress;
      this.epochs = epochs;
      this.several = several;
    }

    @Override
    public void firstStep() {
      if (verbose) {
        long milliseconds =
            System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
        progress.print(
            List.of(String.format(Locale.ROOT, "first step after %.2f s", milliseconds / 1000.0)));
      }
    }

    @Override
    public void step(Supplier<StepReport> report) {
      if (!quiet) {
        progress.step(report);
      }
    }

    @Override
    public void epoch(EpochReport report) {
      if (!quiet) {
        progress.print(List.of(line(epochs, report)));
      }
    }

    @Override
    public void probe(ProbeReport report) {
      if (!quiet) {
        progress.print(report.lines());
      }
    }

    @Override
    public void end(List<String> lines, boolean stopped) {
      progress.print(lines);
      if (stopped && several && out != null) {
        progress.print(List.of("to go on with all: the same command with --resume"));
      }
    }
  }

  private static String line(int epochs, EpochReport report) {
    int width = String.valueOf(epochs).length();
    StringBuilder line =
        new StringBuilder(
            String.format(Locale.ROOT, "epoch %" + width + "d/%d   ", report.epoch(), epochs));
    line.append(Figures.of(report.train()));
    report.heldOut().ifPresent(values -> line.append("   held out: ").append(Figures.of(values)));
    line.append(String.format(Locale.ROOT, "   %,.0f examples/s", report.examplesPerSecond()));
    return line.toString();
  }

  private void requireUsage(boolean holds, String problem) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), problem);
    }
  }
}
