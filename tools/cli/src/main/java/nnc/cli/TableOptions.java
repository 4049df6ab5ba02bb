package nnc.cli;

import java.util.Optional;
import nnc.cli.train.Checkpoint;
import nnc.cli.vectors.VectorTable;
import nnc.cli.vectors.WordVectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands on words' vectors have in common. */
final class TableOptions {
  @Option(
      names = "--table",
      paramLabel = "PATH",
      description =
          "The parameter whose rows are the vectors. Default: the first whose rows the model looks up by words.")
  private @Nullable String table;

  @Option(
      names = "--field",
      paramLabel = "NAME",
      description =
          "The field of the data whose words they are, where the model looks up words of several.")
  private @Nullable String field;

  WordVectors vectors(Checkpoint checkpoint) {
    return VectorTable.choose(checkpoint, Optional.ofNullable(table), Optional.ofNullable(field))
        .vectors(checkpoint.tensors());
  }
}
