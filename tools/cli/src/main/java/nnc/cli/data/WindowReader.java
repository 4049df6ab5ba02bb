package nnc.cli.data;

import java.util.ArrayList;
import java.util.List;
import nnc.cli.data.Dataset.RowOrder;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.data.DataException;
import nnc.data.FloatStore;
import nnc.data.TextLines;
import nnc.runtime.Philox;
import nnc.runtime.text.Vocabulary;

/** Reads a text as windows that slide over its symbols: each is a row. */
final class WindowReader {
  private static final int CHUNK = 1 << 12;

  private final SymbolSource source;
  private final long seed;
  private final SymbolCounts counts = new SymbolCounts();

  /** @param seed what frequent words are left out by */
  WindowReader(SymbolSource source, long seed) {
    this.source = source;
    this.seed = seed;
  }

  Dataset read() {
    int stride = (int) source.data().setting("stride", 1);
    List<Column> columns = new ArrayList<>();
    FloatStore symbols = symbols();
    int span = 0;
    for (TypedModel.Input input : source.model().inputs()) {
      int[] places =
          source.data().mapping(input.name()).orElseThrow().columns().stream()
              .mapToInt(Training.Column::number)
              .toArray();
      for (int place : places) {
        span = Math.max(span, place + 1);
      }
      columns.add(new Column.Window(input.name(), places, stride, symbols));
    }
    if (symbols.size() < span) {
      throw new DataException(
          source.file().toString(),
          "expected at least " + span + " symbols, found " + symbols.size(),
          "take a longer text, or shorter windows");
    }
    long rows = (symbols.size() - span) / stride + 1;
    if (rows > Integer.MAX_VALUE) {
      throw new DataException(
          source.file().toString(),
          "expected at most " + Integer.MAX_VALUE + " windows, found " + rows,
          "set a larger stride");
    }
    RowOrder order = new RowOrder(true, Math.max(0, Math.ceilDiv(span, stride) - 1));
    return new Dataset(
        source.file().toString(),
        (int) rows,
        columns,
        order,
        counts.unknown(),
        source.remarks(counts));
  }

  private FloatStore symbols() {
    Vocabulary vocabulary = source.vocabulary(SymbolSource.TOKENS);
    FloatStore all = new FloatStore();
    float[] chunk = new float[CHUNK];
    for (String piece : TextLines.pieces(source.file())) {
      int[] ids = vocabulary.encode(piece);
      counts.add(SymbolSource.TOKENS, ids);
      for (int from = 0; from < ids.length; from += CHUNK) {
        int count = Math.min(CHUNK, ids.length - from);
        for (int i = 0; i < count; i++) {
          chunk[i] = ids[from + i];
        }
        all.add(chunk, 0, count);
      }
    }
    all.finish();
    double share = source.data().setting("subsample", 0);
    return share == 0 ? all : subsampled(all, share, vocabulary.size());
  }

  /**
   * Leaves out frequent words by chance: one of frequency f stays with probability (sqrt(f / t) + 1) t / f (Mikolov et al. 2013,
   * section 2.3, as their program has it).
   */
  private FloatStore subsampled(FloatStore all, double share, int ids) {
    long[] counts = new long[ids];
    for (long i = 0; i < all.size(); i++) {
      counts[(int) all.get(i)]++;
    }
    FloatStore kept = new FloatStore();
    float[] chances = new float[CHUNK];
    long stream = Philox.stream("subsample");
    for (long from = 0; from < all.size(); from += CHUNK) {
      int count = (int) Math.min(CHUNK, all.size() - from);
      Philox.uniform(seed, stream, 0, from, chances, 0, count);
      for (int i = 0; i < count; i++) {
        float id = all.get(from + i);
        double ratio = counts[(int) id] / (share * all.size());
        if (chances[i] < (Math.sqrt(ratio) + 1) / ratio) {
          kept.add(id);
        }
      }
    }
    return kept.finish();
  }
}
