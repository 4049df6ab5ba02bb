package nnc.benchmarks;

import java.nio.file.Path;
import java.util.Random;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;

/**
 * The workload W10 over a corpus in memory: windows of the text, in an order that is drawn anew for each epoch, and words drawn
 * by counts to the 3/4 as negatives of a whole batch.
 */
final class WordVectors implements AutoCloseable {
  /** From so many equal parts of the unit interval: as fine as word2vec's table of negatives is for frequent words. */
  private static final int TABLE = 1 << 20;

  private static final int TEXT = 0;
  private static final int DRAWN = 1;

  private final Corpus corpus;
  private final CompiledModel model;
  private final Team team;
  private final Session session;
  private final Random random = new Random(1);
  private final int[] negatives;

  /** Of each window, where it begins. */
  private final int[] windows;

  private final int length;
  private final int inner;
  private final float[] text;
  private final float[] drawn;

  WordVectors(Corpus corpus, CompiledModel model, int threads) {
    this.corpus = corpus;
    this.model = model;
    this.team = Team.of(threads);
    Signature signature = model.signature();
    if (signature.parameter("E").shape()[0] != corpus.words().size()) {
      throw new IllegalArgumentException(
          "the corpus has "
              + corpus.words().size()
              + " words, the model "
              + signature.parameter("E").shape()[0]);
    }
    text = new float[signature.inputs().get(TEXT).elements(signature.maximum())];
    drawn = new float[signature.inputs().get(DRAWN).elements(1)];
    length = signature.inputs().get(TEXT).elements(1);
    inner = length - 2 * PairLoss.WINDOW;
    windows = new int[(corpus.text().length - 2 * PairLoss.WINDOW) / inner];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = i * inner;
    }
    negatives = table(corpus.negatives());
    start();
    session = model.session(team);
  }

  private static int[] table(double[] probability) {
    int[] table = new int[TABLE];
    int word = 0;
    double below = probability[0];
    for (int i = 0; i < TABLE; i++) {
      while ((i + 0.5) / TABLE > below && word < probability.length - 1) {
        below += probability[++word];
      }
      table[i] = word;
    }
    return table;
  }

  private void start() {
    model.initialise(1);
    model.optimizerState();
    model.resetOptimizer();
  }

  /** Trains from the start, once through the text; the milliseconds for each so many words of it. */
  double epoch(int words) {
    start();
    long before = System.nanoTime();
    shuffle();
    int rows = text.length / length;
    int trained = 0;
    for (int at = 0; at + rows <= windows.length; at += rows) {
      step(at);
      trained += rows * inner;
    }
    return (System.nanoTime() - before) * 1e-6 / trained * words;
  }

  /** One batch, of the windows from that place of the order. */
  void step(int at) {
    int[] source = corpus.text();
    int rows = text.length / length;
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < length; i++) {
        text[row * length + i] = source[windows[at + row] + i];
      }
    }
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = negatives[random.nextInt(TABLE)];
    }
    session.feed(TEXT, text, 0, text.length);
    session.feed(DRAWN, drawn, 0, drawn.length);
    session.step();
  }

  private void shuffle() {
    for (int i = windows.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int window = windows[i];
      windows[i] = windows[other];
      windows[other] = window;
    }
  }

  /** Writes {@link WordTables}. */
  void write(Path file) {
    WordTables.write(file, corpus, model.parameter("E"), model.parameter("U"));
  }

  Session session() {
    return session;
  }

  @Override
  public void close() {
    session.close();
    team.close();
  }
}
