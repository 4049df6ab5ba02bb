package nnc.cli;

import java.util.concurrent.Callable;
import nnc.cli.predict.Predictions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nnc predict}. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Computes the outputs for rows of CSV from standard input: one line of JSON for each, as soon as it has arrived.",
      "",
      "Rows hold the columns that the train block names for the inputs that the outputs depend on, under the same numbers or names,"
          + " and are prepared as these are. Where the data is not CSV, a row holds the inputs' values in their order."
    },
    footer = {
      "",
      "Examples:",
      "  nnc predict run < rows.csv",
      "  tail -f rows.csv | nnc predict run/checkpoint.safetensors"
    })
final class PredictCommand implements Callable<Integer> {
  @Mixin private CheckpointFile checkpoint = new CheckpointFile();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CheckpointFile.Trained trained = checkpoint.load();
    Predictions.stream(
        trained.compilation(), trained.model(), System.in, spec.commandLine().getOut());
    return ExitCode.DONE;
  }
}
