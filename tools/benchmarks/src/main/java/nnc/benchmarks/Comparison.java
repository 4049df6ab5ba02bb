package nnc.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** One workload, on so many threads, in nnc and in others: what is compared has run one right after the other. */
record Comparison(Task task, int threads, Peer own, List<Peer> others) {

  /** What is measured: takes that many seconds of a peer. */
  private interface Turn {
    Samples take(Peer peer, double seconds);
  }

  /** Medians of a turn each, in milliseconds, ours and the peer's next to each other. */
  private static final class Pairs {
    private final Samples ours = new Samples();
    private final Samples theirs = new Samples();
    private final Samples ratios = new Samples();

    void add(double our, double their) {
      ours.add(our);
      theirs.add(their);
      ratios.add(their / our);
    }
  }

  List<Result> run(double warmUp, int rounds, double seconds) {
    List<Result> results =
        new ArrayList<>(measure(task.name(), Peer::steps, warmUp, rounds, seconds));
    if (task.inference()) {
      results.addAll(measure(task + "-infer", Peer::inferences, warmUp / 4, rounds, seconds / 2));
    }
    return results;
  }

  private List<Result> measure(String name, Turn turn, double warmUp, int rounds, double seconds) {
    if (warmUp > 0) {
      turn.take(own, warmUp);
      others.forEach(peer -> turn.take(peer, warmUp));
    }
    if (others.isEmpty()) {
      Samples ours = new Samples();
      for (int round = 0; round < rounds; round++) {
        ours.add(turn.take(own, seconds).median());
      }
      return List.of(Result.alone(name, threads, ours, own));
    }
    List<Pairs> pairs = others.stream().map(peer -> new Pairs()).toList();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < others.size(); i++) {
        double ours = turn.take(own, seconds).median();
        pairs.get(i).add(ours, turn.take(others.get(i), seconds).median());
      }
    }
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < others.size(); i++) {
      Pairs each = pairs.get(i);
      results.add(
          Result.of(name, threads, each.ours, each.theirs, each.ratios, own, others.get(i)));
    }
    return results;
  }
}
