package nnc.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a model says of the symbol that follows a sequence. It runs over all of the sequence each time. */
final class NextSymbol {
  /** A sequence of a prompt. */
  record Row(Prompt prompt, Hypothesis generated) {}

  private final Session session;
  private final Generation generation;
  private final int input;
  private final int places;
  private final Signature.Value scores;
  private final int symbols;
  private final boolean window;
  private final List<Integer> others = new ArrayList<>();
  private int known;

  NextSymbol(Session session, Generation generation) {
    this.session = session;
    this.generation = generation;
    Signature signature = session.model().signature();
    this.input = signature.inputs().indexOf(signature.input(generation.input()));
    this.places = signature.inputs().get(input).elements(1);
    this.scores = signature.value(Generation.SCORES);
    int[] axes = scores.axes();
    this.symbols = axes[axes.length - 1];
    this.window = axes.length == 2;
    this.known = symbols;
    List<String> needed = session.inferenceInputs();
    for (int i = 0; i < signature.inputs().size(); i++) {
      Signature.Value other = signature.inputs().get(i);
      if (i != input && other.batched() && needed.contains(other.name())) {
        others.add(i);
      }
    }
  }

  /** Leaves out the symbols from this one on, which stand for nothing. */
  void only(int symbolsThatStandForSomething) {
    known = Math.min(symbols, symbolsThatStandForSomething);
  }

  /** The other inputs that the scores depend on. */
  List<String> others() {
    List<Signature.Value> inputs = session.model().signature().inputs();
    return others.stream().map(number -> inputs.get(number).name()).toList();
  }

  /** How many sequences it takes at once. */
  int rows() {
    return session.model().signature().maximum();
  }

  /**
   * How many symbols can be generated after a prompt: those that lead to the last one have to fit, unless the window slides.
   *
   * @throws IllegalArgumentException if there is no symbol to go on from, or the prompt does not fit
   */
  int room(Prompt prompt) {
    int given = prompt.symbols().length;
    if (generation.start().isEmpty()) {
      if (given == 0) {
        throw new TextException(
            "the model "
                + session.model().signature().model()
                + " has no start symbol: a prompt of at least one symbol was expected, found none",
            "say how the text begins");
      }
      return Integer.MAX_VALUE;
    }
    if (window) {
      return Integer.MAX_VALUE;
    }
    if (given >= places) {
      throw new TextException(
          "the input '"
              + generation.input()
              + "' takes a prompt of at most "
              + (places - 1)
              + " symbols behind the start symbol, was given "
              + given,
          "give a shorter one, or train with a longer input: --set");
    }
    return places - given;
  }

  /**
   * The log-probabilities of all symbols to follow each row: a softmax over those that may be chosen, negative infinity for the
   * others.
   *
   * @param rows 1 to {@link #rows}
   */
  List<double[]> after(List<Row> rows) {
    for (int other : others) {
      session.feed(other, together(other, rows), 0, rows.size() * elements(other));
    }
    int[] fed = new int[rows.size() * places];
    int[] last = new int[rows.size()];
    for (int row = 0; row < rows.size(); row++) {
      last[row] = place(sequence(rows.get(row)), fed, row * places);
    }
    session.feed(input, fed);
    session.run();
    List<double[]> logs = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      int at = window ? row : row * places + last[row];
      logs.add(logProbabilities(scores.offset() + at * symbols));
    }
    return logs;
  }

  private int elements(int other) {
    return session.model().signature().inputs().get(other).elements(1);
  }

  private float[] together(int other, List<Row> rows) {
    String name = session.model().signature().inputs().get(other).name();
    int perRow = elements(other);
    float[] all = new float[rows.size() * perRow];
    for (int row = 0; row < rows.size(); row++) {
      float[] values = rows.get(row).prompt().inputs().get(name);
      if (values == null || values.length != perRow) {
        throw new IllegalArgumentException(
            "the prompt takes "
                + perRow
                + " values of the input '"
                + name
                + "', was given "
                + (values == null ? "none" : String.valueOf(values.length)));
      }
      System.arraycopy(values, 0, all, row * perRow, perRow);
    }
    return all;
  }

  private int[] sequence(Row row) {
    int[] prompt = row.prompt().symbols();
    int[] generated = row.generated().symbols();
    int start = generation.start().isPresent() ? 1 : 0;
    int[] all = new int[start + prompt.length + generated.length];
    generation.start().ifPresent(symbol -> all[0] = symbol);
    System.arraycopy(prompt, 0, all, start, prompt.length);
    System.arraycopy(generated, 0, all, start + prompt.length, generated.length);
    return all;
  }

  /** Puts the end of a sequence into its row: in front, in a window at the back; the place of its last symbol. */
  private int place(int[] sequence, int[] fed, int at) {
    int count = Math.min(places, sequence.length);
    int from = window ? places - count : 0;
    System.arraycopy(sequence, sequence.length - count, fed, at + from, count);
    return from + count - 1;
  }

  private double[] logProbabilities(int at) {
    double[] logs = new double[symbols];
    for (int symbol = 0; symbol < symbols; symbol++) {
      logs[symbol] = symbol < known ? session.memory()[at + symbol] : Double.NEGATIVE_INFINITY;
    }
    generation.never().forEach(symbol -> logs[symbol] = Double.NEGATIVE_INFINITY);
    double largest = Arrays.stream(logs).max().orElseThrow();
    if (!Double.isFinite(largest)) {
      throw new ScoresException(session.model().signature().model(), largest);
    }
    double sum = 0;
    for (double log : logs) {
      sum += StrictMath.exp(log - largest);
    }
    double total = largest + StrictMath.log(sum);
    for (int symbol = 0; symbol < symbols; symbol++) {
      logs[symbol] -= total;
    }
    return logs;
  }
}
