package nnc.runtime;

import java.util.List;
import java.util.OptionalInt;

/** One sequence, to which one symbol is added at each step: the most probable one, or one that is drawn. */
final class PathSearch implements SearchState {
  /** Chooses one of the symbols. */
  interface Choice {
    /** @param place how many symbols there are before it */
    int of(double[] logs, int place);
  }

  private final Choice choice;
  private final OptionalInt stop;
  private final int limit;
  private Hypothesis path = Hypothesis.EMPTY;
  private boolean ended;

  PathSearch(Choice choice, OptionalInt stop, int limit) {
    this.choice = choice;
    this.stop = stop;
    this.limit = limit;
  }

  @Override
  public List<Hypothesis> open() {
    return ended ? List.of() : List.of(path);
  }

  @Override
  public void advance(List<double[]> logs) {
    double[] next = logs.getFirst();
    int symbol = choice.of(next, path.length());
    if (stop.isPresent() && stop.getAsInt() == symbol) {
      path = new Hypothesis(path.symbols(), path.logProbability() + next[symbol]);
      ended = true;
    } else {
      path = path.then(symbol, next[symbol]);
      ended = path.length() == limit;
    }
  }

  @Override
  public List<Sequence> found() {
    return List.of(new Sequence(path.symbols(), path.logProbability()));
  }

  @Override
  public int[] certain() {
    return path.symbols();
  }
}
