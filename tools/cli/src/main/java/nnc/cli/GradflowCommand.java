package nnc.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import nnc.cli.gradflow.GradientFlow;
import nnc.cli.output.WholeFiles;
import nnc.cli.train.TrainingRun;
import nnc.compiler.model.Program;
import nnc.runtime.Safetensors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nnc gradflow}. */
@Command(
    name = "gradflow",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how large activations and gradients are in each layer, each parameter, and at each step of each recurrence, at the"
          + " beginning of a training and later; says whether gradients vanish or explode, and what helps.",
      "",
      "It trains as nnc train does, and writes no checkpoint. It looks at one batch, the first of the training, always the same:"
          + " the gradients are those of a training step on it, before any clipping, and the step is undone."
    },
    footer = {
      "",
      "Examples:",
      "  nnc gradflow models/digits.nn",
      "  nnc gradflow models/rnn.nn --steps 0,100 -o rnn.png",
      "  nnc gradflow models/charlm-transformer.nn --depth 1 --json flow.json"
    })
final class GradflowCommand implements Callable<Integer> {
  @Mixin private ModelFile model = new ModelFile();

  @Mixin private ThreadCount threads = new ThreadCount();

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Spec private CommandSpec spec;

  @Option(
      names = "--steps",
      paramLabel = "N",
      split = ",",
      defaultValue = "0,20,100",
      description = "After how many steps the model is looked at. Default: ${DEFAULT-VALUE}.")
  private List<Long> steps = new ArrayList<>();

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "1 shows what the model's own text gives; 2 also what the layers inside of its layers give, and their gates, and so on."
              + " Default: ${DEFAULT-VALUE}.")
  private int depth;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE.png",
      description =
          "Where the picture goes. Without it: here, named as the model's file, with -gradflow.png.")
  private @Nullable Path output;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "A file that gets all figures, those of every step of time too.")
  private @Nullable Path json;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What parameters, the order of rows and dropout are drawn from, as in train.")
  private @Nullable Long seed;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How long the training would be: schedules and the last step depend on it.")
  private @Nullable Integer epochs;

  @Option(
      names = "--init",
      paramLabel = "FILE",
      description = "A safetensors file to take first parameters from: a checkpoint, for instance.")
  private @Nullable Path init;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "Which way to train, where the file has several: train MODEL as NAME.")
  private @Nullable String way;

  @Override
  public Integer call() {
    requireUsage(
        steps.stream().allMatch(step -> step >= 0), "--steps are numbers of steps, 0 or more");
    requireUsage(depth >= 1, "--depth is at least 1");
    requireUsage(epochs == null || epochs >= 1, "--epochs is at least 1");
    requireUsage(
        output == null || output.toString().toLowerCase(Locale.ROOT).endsWith(".png"),
        "-o " + output + ": the picture is a PNG, so expected a name that ends with .png");
    requireUsage(seed == null || seed >= 0, "--seed is at least 0");
    Program program = way == null ? model.program() : model.program().as(way);
    requireUsage(
        program.ways().isEmpty(),
        "there are several ways to train: choose one with --as "
            + String.join(", ", program.ways()));
    ProgressLine progress =
        new ProgressLine(spec.commandLine().getOut(), ProgressLine.onTerminal());
    GradientFlow seen;
    try {
      seen =
          GradientFlow.of(
              new GradientFlow.Request(
                  training(program), steps.stream().distinct().sorted().toList(), depth),
              progress::say);
    } finally {
      progress.clear();
    }
    progress.print(seen.lines());
    if (json != null) {
      WholeFiles.write(Map.of(json, (seen.json() + "\n").getBytes(StandardCharsets.UTF_8)));
    }
    Path picture = output == null ? model.here("-gradflow.png") : output;
    seen.draw(picture);
    progress.print(List.of("", picture.toString()));
    return ExitCode.DONE;
  }

  private TrainingRun.Request training(Program program) {
    return new TrainingRun.Request(
        program,
        model.directory(),
        model.settings(),
        Optional.ofNullable(epochs),
        Optional.empty(),
        Optional.ofNullable(seed),
        threads.count(spec),
        switchedOff.optimizations(),
        Optional.empty(),
        Optional.ofNullable(init).map(Safetensors::read),
        Optional.empty(),
        Duration.ZERO,
        Optional.empty(),
        false,
        List.of());
  }

  private void requireUsage(boolean holds, String problem) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), problem);
    }
  }
}
