package nnc.cli.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nnc.cli.data.Dataset;
import nnc.cli.data.DatasetReader;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.Split;
import nnc.runtime.text.Vocabulary;

/**
 * The rows of a training.
 *
 * @param rows numbers of the rows of {@code data} that are trained on
 * @param heldOut rows that are not: drawn from the same data, the end of the same text, or a test set of its own
 * @param vocabularies how symbols are numbered: by field
 */
public record TrainingData(
    Dataset data, int[] rows, Optional<HeldOut> heldOut, Map<String, Vocabulary> vocabularies) {
  /** Rows to judge by. */
  public record HeldOut(Dataset data, int[] rows) {
    static HeldOut whole(Dataset data) {
      return new HeldOut(data, IntStream.range(0, data.rows()).toArray());
    }
  }

  /** What the user should know of the rows, those of the test set too. */
  List<String> remarks() {
    return Stream.concat(
            data.remarks().stream(),
            heldOut.stream().flatMap(rows -> rows.data().remarks().stream()))
        .distinct()
        .toList();
  }

  /**
   * Reads what the model's train block names.
   *
   * @param directory where relative paths begin
   * @param known vocabularies that were learned before
   * @param seed draws the rows that are held out
   * @throws CompileException if a file is missing
   */
  public static TrainingData read(
      TypedModel model, Path directory, Optional<Map<String, Vocabulary>> known, long seed) {
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
    List<Diagnostic> missing =
        Stream.concat(Stream.of(source), train.evaluation().stream())
            .flatMap(each -> DatasetReader.missing(model, each, directory).stream())
            .toList();
    if (!missing.isEmpty()) {
      throw new CompileException(missing);
    }
    Map<String, Vocabulary> vocabularies =
        known.orElseGet(() -> DatasetReader.vocabularies(model, source, directory));
    Dataset data = DatasetReader.read(model, source, directory, vocabularies, seed);
    Optional<HeldOut> test =
        train
            .evaluation()
            .map(evaluation ->
                HeldOut.whole(
                    DatasetReader.read(model, evaluation, directory, vocabularies, seed)));
    if (source.holdOut().isEmpty()) {
      return new TrainingData(data, IntStream.range(0, data.rows()).toArray(), test, vocabularies);
    }
    double amount = source.holdOut().get().amount();
    boolean percent = source.holdOut().get().percent();
    Split split =
        data.order().continuous()
            ? Split.end(data.rows(), amount, percent, data.order().overlap())
            : Split.holdOut(data.rows(), amount, percent, seed);
    return new TrainingData(
        data,
        split.train(),
        test.or(() -> Optional.of(new HeldOut(data, split.heldOut()))),
        vocabularies);
  }
}
