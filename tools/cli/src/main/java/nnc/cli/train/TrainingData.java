package nnc.cli.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import nnc.cli.data.Dataset;
import nnc.cli.data.DatasetReader;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.Split;

/**
 * The rows of a training.
 *
 * @param rows numbers of the rows of {@code data} that are trained on
 * @param heldOut rows that are not: drawn from the same data, or a test set of its own
 */
public record TrainingData(Dataset data, int[] rows, Optional<HeldOut> heldOut) {
  /** Rows to judge by. */
  public record HeldOut(Dataset data, int[] rows) {
    static HeldOut whole(Dataset data) {
      return new HeldOut(data, IntStream.range(0, data.rows()).toArray());
    }
  }

  /**
   * Reads what the model's train block names.
   *
   * @param directory where relative paths begin
   * @param seed draws the rows that are held out
   */
  public static TrainingData read(TypedModel model, Path directory, long seed) {
    Training train = model.train();
    Training.Data source =
        train
            .data()
            .orElseThrow(() ->
                new CompileException(
                    Diagnostic.at(
                            model.span(),
                            "data",
                            "nothing says what '" + model.name() + "' is trained on")
                        .help("name it in the train block: data csv(\"file.csv\") { … }")));
    Dataset data = DatasetReader.read(model, source, directory);
    Optional<HeldOut> test =
        train
            .evaluation()
            .map(evaluation -> HeldOut.whole(DatasetReader.read(model, evaluation, directory)));
    if (source.holdOut().isEmpty()) {
      return new TrainingData(data, IntStream.range(0, data.rows()).toArray(), test);
    }
    Split split =
        Split.holdOut(
            data.rows(), source.holdOut().get().amount(), source.holdOut().get().percent(), seed);
    return new TrainingData(
        data, split.train(), test.or(() -> Optional.of(new HeldOut(data, split.heldOut()))));
  }
}
