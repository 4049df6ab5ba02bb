package nnc.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import nnc.cli.data.Line;
import nnc.cli.output.UnknownSymbols;
import nnc.cli.predict.Predictions;
import nnc.cli.predict.RowFormat;
import nnc.data.DataFile;
import nnc.runtime.Session;
import nnc.runtime.Team;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nnc predict}. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Computes the outputs for rows of CSV, JSON objects or lines of text, from a file or standard input: one line of JSON for each, as soon as it has arrived.",
      "",
      "Rows hold the columns that the train block names for the inputs that the outputs depend on, under the same numbers or names,"
          + " and are prepared as these are. Where the data is not CSV, a row holds the inputs' values in their order.",
      "JSON gives each input by its name, {\"image\": [0, 5, …]}. A model of symbols reads lines of text; where it needs several"
          + " inputs, JSON with a text for each.",
      "An output with the name of a field of symbols is written in its symbols. Other outputs have a value for each place of a text, those behind its end too.",
      "An empty line is no row."
    },
    footer = {
      "",
      "Examples:",
      "  nnc predict run rows.csv",
      "  nnc predict run < rows.jsonl",
      "  tail -f rows.csv | nnc predict run/checkpoint.safetensors"
    })
final class PredictCommand implements Callable<Integer> {
  @Mixin private CheckpointFile checkpoint = new CheckpointFile();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "Where the rows are; standard input without it. Unpacked if its name ends in .gz.")
  private @Nullable Path rows;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = FormatChoice.class,
      description =
          "How rows are written: csv, json or text. Without it, that is seen by how they begin.")
  private @Nullable RowFormat format;

  @Mixin private ThreadCount threads = new ThreadCount();

  @Spec private CommandSpec spec;

  /** The formats as they are typed. */
  private static final class FormatChoice extends Choice<RowFormat> {
    FormatChoice() {
      super(RowFormat.class);
    }
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    CheckpointFile.Trained trained = checkpoint.load();
    UnknownSymbols unknown = new UnknownSymbols();
    try (InputStream in = rows == null ? System.in : DataFile.open(rows);
        Team team = Team.of(threads.count(spec));
        Session session = trained.model().inferenceSession(team)) {
      Predictions.stream(
          trained.compilation(),
          session,
          in,
          rows == null ? Line.STANDARD_INPUT : rows.toString(),
          Optional.ofNullable(format),
          unknown,
          spec.commandLine().getOut());
    } finally {
      unknown.tell(spec.commandLine().getErr());
    }
    return ExitCode.DONE;
  }
}
