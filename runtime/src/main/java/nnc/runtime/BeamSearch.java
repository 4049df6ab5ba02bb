package nnc.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * Keeps the most probable beginnings at each step, and the sequences that ended while they were among them. It ends when no
 * beginning can become better than what was found: a log-probability only falls, and the longer the sequence the less of it
 * counts.
 */
final class BeamSearch implements SearchState {
  /** A hypothesis and a symbol that may follow it. */
  private record Candidate(int hypothesis, int symbol, double log, double total) {
    /** The worst first; of equal ones, the one that is met last. */
    static final Comparator<Candidate> WORST_FIRST =
        Comparator.comparingDouble(Candidate::total)
            .thenComparing(Comparator.comparingInt(Candidate::hypothesis).reversed())
            .thenComparing(Comparator.comparingInt(Candidate::symbol).reversed());
  }

  private record Finished(Sequence sequence, double normalised) {}

  private final Search.Beam search;
  private final OptionalInt stop;
  private final int limit;
  private final int wanted;
  private final List<Finished> finished = new ArrayList<>();
  private List<Hypothesis> open = List.of(Hypothesis.EMPTY);

  /** @param wanted how many sequences are asked for */
  BeamSearch(Search.Beam search, OptionalInt stop, int limit, int wanted) {
    this.search = search;
    this.stop = stop;
    this.limit = limit;
    this.wanted = wanted;
  }

  @Override
  public List<Hypothesis> open() {
    return open;
  }

  @Override
  public void advance(List<double[]> logs) {
    List<Hypothesis> next = new ArrayList<>();
    for (Candidate candidate : best(logs)) {
      Hypothesis before = open.get(candidate.hypothesis());
      Hypothesis after = before.then(candidate.symbol(), candidate.log());
      if (stop.isPresent() && stop.getAsInt() == candidate.symbol()) {
        finish(before.symbols(), after);
      } else if (after.length() == limit) {
        finish(after.symbols(), after);
      } else if (next.size() < search.width()) {
        next.add(after);
      }
      if (next.size() == search.width()) {
        break; // what ends behind these was not among the best
      }
    }
    finished.sort(Comparator.comparingDouble(Finished::normalised).reversed());
    open = next.stream().anyMatch(this::mayBecomeBetter) ? next : List.of();
  }

  /** The best candidates, the best first: as many as there can be with so many that do not end. */
  private List<Candidate> best(List<double[]> logs) {
    int most = search.width() + open.size();
    PriorityQueue<Candidate> best = new PriorityQueue<>(Candidate.WORST_FIRST);
    for (int hypothesis = 0; hypothesis < open.size(); hypothesis++) {
      double before = open.get(hypothesis).logProbability();
      double[] symbols = logs.get(hypothesis);
      for (int symbol = 0; symbol < symbols.length; symbol++) {
        double total = before + symbols[symbol];
        if (total > Double.NEGATIVE_INFINITY
            && (best.size() < most || total > best.element().total())) {
          best.add(new Candidate(hypothesis, symbol, symbols[symbol], total));
          if (best.size() > most) {
            best.remove();
          }
        }
      }
    }
    List<Candidate> sorted = new ArrayList<>(best);
    sorted.sort(Candidate.WORST_FIRST.reversed());
    return sorted;
  }

  private void finish(int[] symbols, Hypothesis whole) {
    finished.add(
        new Finished(
            new Sequence(symbols, whole.logProbability()),
            search.normalised(whole.logProbability(), whole.length())));
  }

  private boolean mayBecomeBetter(Hypothesis hypothesis) {
    return finished.size() < wanted
        || search.normalised(hypothesis.logProbability(), limit)
            > finished.get(wanted - 1).normalised();
  }

  @Override
  public List<Sequence> found() {
    return finished.stream().limit(wanted).map(Finished::sequence).toList();
  }

  @Override
  public int[] certain() {
    return open.isEmpty() ? found().getFirst().symbols() : new int[0];
  }
}
