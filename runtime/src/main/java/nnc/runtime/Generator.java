package nnc.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Generates sequences with a model that has a generate block, as it says or as is chosen here. It belongs to one thread at a
 * time, as its session does, which it closes.
 *
 * <p>Each sequence is a row of the batch while it grows; sequences that have ended make room for other prompts. What is
 * generated depends neither on the size of the batch nor on what else is generated.
 */
public final class Generator implements AutoCloseable {
  private final Session session;
  private final Generation generation;
  private final NextSymbol next;
  private Search search;
  private int limit;
  private long seed = 1;

  /** How many prompts there have been: each draws random numbers of its own. */
  private int prompts;

  /** @throws IllegalStateException if the model has no generate block */
  public Generator(Session session) {
    Signature signature = session.model().signature();
    this.session = session;
    this.generation =
        signature
            .generation()
            .orElseThrow(() ->
                new IllegalStateException(
                    "the model " + signature.model() + " has no generate block"));
    this.next = new NextSymbol(session, generation);
    this.search = generation.search();
    this.limit = generation.limit();
  }

  /** Chooses symbols in another way than the model's block says. */
  public Generator search(Search other) {
    search = other;
    return this;
  }

  /** Chooses none of the symbols from this one on: a vocabulary has that many, and the scores may be of more. */
  void only(int symbols) {
    next.only(symbols);
  }

  /** Generates so many symbols at most. */
  public Generator limit(int symbols) {
    if (symbols < 1) {
      throw new IllegalArgumentException("a limit of at least 1 was expected, found " + symbols);
    }
    limit = symbols;
    return this;
  }

  /** What samples are drawn from; without it 1. The n-th prompt of a generator gets the same samples for the same seed. */
  public Generator seed(long number) {
    seed = number;
    return this;
  }

  /** What the model's generate block says. */
  public Generation generation() {
    return generation;
  }

  /**
   * Looks at a prompt before anything is computed.
   *
   * @throws IllegalArgumentException if it has no symbol to go on from, or does not fit
   */
  public void require(Prompt prompt) {
    next.room(prompt);
  }

  /** The inputs of which a prompt holds a row each. */
  public List<String> others() {
    return next.others();
  }

  public Search search() {
    return search;
  }

  public Session session() {
    return session;
  }

  /** The sequence for a prompt. */
  public Sequence generate(Prompt prompt) {
    return generate(List.of(prompt), 1).getFirst().getFirst();
  }

  /** The same, and tells each symbol as soon as it is known. */
  public Sequence generate(Prompt prompt, IntConsumer symbols) {
    return run(List.of(prompt), 1, symbols).getFirst().getFirst();
  }

  /** The sequence for each prompt. */
  public List<Sequence> generate(List<Prompt> all) {
    return generate(all, 1).stream().map(List::getFirst).toList();
  }

  /**
   * Several sequences for each prompt: so many samples, or the best that a beam search has found, the best first, which may be
   * fewer.
   *
   * @throws IllegalArgumentException if the search does not find so many, a prompt has no symbol to go on from, does not fit, or
   *     lacks an input
   */
  public List<List<Sequence>> generate(List<Prompt> all, int count) {
    return run(all, count, symbol -> {});
  }

  private List<List<Sequence>> run(List<Prompt> all, int count, IntConsumer heard) {
    requireCount(count);
    List<Job> jobs = new ArrayList<>();
    for (Prompt prompt : all) {
      int most = Math.min(limit, next.room(prompt));
      for (SearchState state : states(most, count)) {
        jobs.add(new Job(prompt, state));
      }
      prompts++;
    }
    Deque<Job> waiting = new ArrayDeque<>(jobs);
    List<Job> active = new ArrayList<>();
    int together = Math.max(1, next.rows() / rowsOfOne());
    int told = 0;
    while (!waiting.isEmpty() || !active.isEmpty()) {
      while (active.size() < together && !waiting.isEmpty()) {
        active.add(waiting.remove());
      }
      advance(active);
      if (jobs.size() == 1) {
        int[] certain = jobs.getFirst().state().certain();
        Arrays.stream(certain, told, certain.length).forEach(heard);
        told = certain.length;
      }
      active.removeIf(job -> job.state().open().isEmpty());
    }
    return results(jobs, all.size());
  }

  /** A search and what it is for. */
  private record Job(Prompt prompt, SearchState state) {}

  /**
   * Asks whether the search finds so many sequences for a prompt.
   *
   * @throws IllegalArgumentException if it does not
   */
  public void requireCount(int count) {
    int most =
        switch (search) {
          case Search.Greedy ignored -> 1;
          case Search.Sample ignored -> Integer.MAX_VALUE;
          case Search.Beam beam -> beam.width();
        };
    if (count < 1 || count > most) {
      throw new IllegalArgumentException(
          "this search finds "
              + (most == 1
                  ? "1 sequence"
                  : most == Integer.MAX_VALUE ? "at least 1" : "1 to " + most + " sequences")
              + " for a prompt, asked for "
              + count);
    }
  }

  private int rowsOfOne() {
    return search instanceof Search.Beam beam ? beam.width() : 1;
  }

  private List<SearchState> states(int most, int count) {
    return switch (search) {
      case Search.Greedy ignored ->
          List.of(new PathSearch((logs, place) -> largest(logs), generation.stop(), most));
      case Search.Beam beam -> List.of(new BeamSearch(beam, generation.stop(), most, count));
      case Search.Sample sample -> {
        long stream = Philox.stream(Philox.stream("generate"), prompts);
        List<SearchState> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          Sampler sampler = new Sampler(sample, seed, Philox.stream(stream, i));
          samples.add(new PathSearch(sampler, generation.stop(), most));
        }
        yield samples;
      }
    };
  }

  /** The first of the most probable symbols. */
  private static int largest(double[] logs) {
    int largest = 0;
    for (int i = 1; i < logs.length; i++) {
      largest = logs[i] > logs[largest] ? i : largest;
    }
    return largest;
  }

  /** Takes each search one symbol further. */
  private void advance(List<Job> active) {
    List<NextSymbol.Row> rows = new ArrayList<>();
    for (Job job : active) {
      job.state().open().forEach(open -> rows.add(new NextSymbol.Row(job.prompt(), open)));
    }
    List<double[]> logs = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += next.rows()) {
      logs.addAll(next.after(rows.subList(from, Math.min(rows.size(), from + next.rows()))));
    }
    int from = 0;
    for (Job job : active) {
      int own = job.state().open().size();
      job.state().advance(logs.subList(from, from + own));
      from += own;
    }
  }

  /** Of each prompt, what its searches have found. */
  private static List<List<Sequence>> results(List<Job> jobs, int prompts) {
    List<List<Sequence>> results = new ArrayList<>();
    int each = prompts == 0 ? 0 : jobs.size() / prompts;
    for (int from = 0; from < jobs.size(); from += each) {
      results.add(
          jobs.subList(from, from + each).stream()
              .flatMap(job -> job.state().found().stream())
              .toList());
    }
    return results;
  }

  @Override
  public void close() {
    session.close();
  }
}
