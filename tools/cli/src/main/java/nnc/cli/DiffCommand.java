package nnc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import nnc.cli.diff.DifferenceJson;
import nnc.cli.diff.DifferencePrinter;
import nnc.cli.diff.ModelDifference;
import nnc.cli.diff.Sides;
import nnc.cli.diff.Stage;
import nnc.cli.output.Json;
import nnc.compiler.Compiler;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nnc diff}. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description =
        "Tells in what two models differ: parameters and layers, graph, gradient, memory and cost, and how they are trained.",
    footer = {
      "",
      "Examples:",
      "  nnc diff models/charlm-lstm.nn models/charlm-gru.nn",
      "  nnc diff before.nn after.nn --stage gradient",
      "  nnc diff before.nn after.nn --stage parameters --exit-code"
    })
final class DiffCommand implements Callable<Integer> {
  /** For whom it is printed: people, or programs. */
  enum Format {
    TEXT,
    JSON
  }

  private static final class StageChoice extends Choice<Stage> {
    StageChoice() {
      super(Stage.class);
    }
  }

  private static final class FormatChoice extends Choice<Format> {
    FormatChoice() {
      super(Format.class);
    }
  }

  @Parameters(index = "0", paramLabel = "A.nn", description = "The one model.")
  private Path first = Path.of("");

  @Parameters(index = "1", paramLabel = "B.nn", description = "The other.")
  private Path second = Path.of("");

  @Mixin private DimSettings settings = new DimSettings();

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "The model that is meant, where a file declares several. Given twice, the first is that of A, the second that of B.")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--stage",
      converter = StageChoice.class,
      paramLabel = "STAGE",
      description = {
        "Only one section: parameters, with the layers; graph: what is computed; gradient: its operations and kernels; memory; cost: operations and bytes;",
        "training: dims, inputs and outputs, and how the model is trained."
      })
  private @Nullable Stage stage;

  @Option(
      names = "--layer",
      paramLabel = "PATH",
      description =
          "Only what is computed inside of this layer, and its gradient: dense1, block.self.")
  private @Nullable String layer;

  @Option(
      names = "--format",
      converter = FormatChoice.class,
      paramLabel = "FORMAT",
      description = "text, or json. text without it.")
  private Format format = Format.TEXT;

  @Option(
      names = "--exit-code",
      description =
          "Ends with 3 if there is a difference. Without it the exit code is 0, whether there is one or not.")
  private boolean exitCode;

  @Override
  public Integer call() {
    if (models.size() > 2) {
      throw new ParameterException(
          spec.commandLine(), "--model is given once, for both files, or twice, for one each");
    }
    if (layer != null && stage == Stage.TRAINING) {
      throw new ParameterException(
          spec.commandLine(), "--layer chooses a part of what is computed: training has no layers");
    }
    Set<Stage> stages = stage != null ? EnumSet.of(stage) : EnumSet.allOf(Stage.class);
    if (layer != null) {
      stages.remove(Stage.TRAINING);
    }
    ModelDifference difference = difference(stages);
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case TEXT -> out.print(DifferencePrinter.print(difference, Colour.wanted()));
      case JSON -> out.println(Json.object(json -> DifferenceJson.write(json, difference)));
    }
    return exitCode && !difference.isEmpty() ? ExitCode.DIFFERENT : ExitCode.DONE;
  }

  private ModelDifference difference(Set<Stage> stages) {
    Sides sides =
        Sides.read(
            new Sides.Place(first, models.stream().findFirst()),
            new Sides.Place(second, models.stream().reduce((_, last) -> last)),
            Compiler.Options.DEFAULT.with(settings.settings()).with(switchedOff.optimizations()),
            Optional.ofNullable(layer),
            stages.contains(Stage.COST));
    return ModelDifference.of(sides.a(), sides.b(), stages);
  }
}
