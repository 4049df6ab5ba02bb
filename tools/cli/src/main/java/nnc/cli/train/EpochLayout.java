package nnc.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import nnc.compiler.Compilation;

/**
 * What the batches of an epoch follow from, beside the seed: the number of a batch means nothing under another layout.
 *
 * @param rows how many the data has
 * @param trained how many of them are trained on
 * @param batch how many make a batch
 * @param accumulated how many batches make a step
 * @param lengths which sequences go together: {@code T <= 12}, from short to long; empty if all do
 */
record EpochLayout(int rows, int trained, int batch, int accumulated, List<String> lengths) {
  EpochLayout {
    lengths = List.copyOf(lengths);
  }

  static EpochLayout of(TrainingData data, Compilation compilation, int batch, Buckets buckets) {
    return new EpochLayout(
        data.data().rows(),
        data.rows().length,
        batch,
        compilation.model().train().accumulation().batches(),
        buckets.lengths());
  }

  /** What the user should know if a training that began with another layout goes on with this one; empty if it is the same. */
  List<String> changes(EpochLayout begun) {
    List<String> changes = new ArrayList<>();
    if (rows != begun.rows || trained != begun.trained) {
      String heldOut =
          trained == rows
              ? ""
              : ": rows are held out anew, and the training may have seen some of these";
      changes.add(
          String.format(
              Locale.ROOT,
              "the data has %,d rows, %,d of them to train on, and had %,d and %,d when the checkpoint was written%s",
              rows,
              trained,
              begun.rows,
              begun.trained,
              heldOut));
    }
    if (batch != begun.batch) {
      changes.add("a batch has " + batch + " rows, and had " + begun.batch);
    }
    if (accumulated != begun.accumulated) {
      changes.add("a step has " + accumulated + " batches, and had " + begun.accumulated);
    }
    if (!lengths.equals(begun.lengths)) {
      changes.add(
          "a batch has sequences of "
              + text(lengths)
              + ", and had those of "
              + text(begun.lengths));
    }
    return changes;
  }

  private static String text(List<String> lengths) {
    return lengths.isEmpty() ? "all lengths" : String.join(", or ", lengths);
  }
}
