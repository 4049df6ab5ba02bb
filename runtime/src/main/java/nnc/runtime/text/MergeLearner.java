package nnc.runtime.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Learns merges (Sennrich, Haddow, Birch 2016, algorithm 1): again and again the most frequent pair becomes one id; of pairs that
 * are equally frequent, the smaller one.
 *
 * <p>Each pre-token is there once, with its count. A merge goes to the places of its pair alone, and changes the counts of the
 * pairs beside them. Only pairs with the new id become more frequent, so a count in the queue is never too small: one that is too
 * large is put back with what it has become.
 */
final class MergeLearner {
  /** A pair that stands once says nothing. */
  private static final int LEAST = 2;

  private final Chains chains;

  /** The pre-token of each place, by its number, and how often each is in the texts. */
  private final int[] wordOf;

  private final long[] wordCounts;
  private final Map<Pair, Places> places = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

  private record Candidate(Pair pair, long count) implements Comparable<Candidate> {
    private static final Comparator<Candidate> ORDER =
        Comparator.comparingLong(Candidate::count).reversed().thenComparing(Candidate::pair);

    @Override
    public int compareTo(Candidate other) {
      return ORDER.compare(this, other);
    }
  }

  /** Where a pair stands, from left to right, and where it stood before a merge beside it; and how often it is in the texts. */
  private static final class Places {
    private int[] at = new int[4];
    private int size;
    private long count;

    void add(int place) {
      if (size == at.length) {
        at = Arrays.copyOf(at, 2 * size);
      }
      at[size++] = place;
    }
  }

  private MergeLearner(Map<String, Long> preTokens) {
    List<byte[]> words = new ArrayList<>();
    wordCounts = new long[preTokens.size()];
    preTokens.forEach((preToken, count) -> {
      wordCounts[words.size()] = count;
      words.add(ByteLevel.bytes(preToken));
    });
    chains = new Chains(words);
    wordOf = new int[chains.size()];
    int place = 0;
    for (int word = 0; word < words.size(); word++) {
      int end = place + words.get(word).length;
      Arrays.fill(wordOf, place, end, word);
      place = end;
    }
  }

  /** At most so many merges, fewer if no pair is left that stands twice. */
  static List<Pair> learn(Iterable<String> texts, int most) {
    Map<String, Long> preTokens = new HashMap<>();
    for (String text : texts) {
      ByteLevel.preTokens(text).forEach(each -> preTokens.merge(each, 1L, Long::sum));
    }
    return new MergeLearner(preTokens).merges(most);
  }

  private List<Pair> merges(int most) {
    Set<Pair> all = new HashSet<>();
    for (int place = 0; place < chains.size(); place++) {
      add(place, all);
    }
    all.forEach(this::enqueue);
    List<Pair> merges = new ArrayList<>();
    while (merges.size() < most && !queue.isEmpty()) {
      Candidate best = queue.remove();
      if (best.count == places.get(best.pair).count) {
        merge(best.pair, BytePairs.FIRST_MERGE + merges.size());
        merges.add(best.pair);
      } else {
        enqueue(best.pair);
      }
    }
    return merges;
  }

  private void merge(Pair pair, int id) {
    Set<Pair> made = new HashSet<>();
    Places old = places.get(pair);
    for (int i = 0; i < old.size; i++) {
      int place = old.at[i];
      if (chains.hasPair(place) && chains.pair(place).equals(pair)) {
        remove(chains.left(place));
        remove(chains.right(place));
        chains.merge(place, id);
        add(chains.left(place), made);
        add(place, made);
      }
    }
    places.remove(pair);
    made.forEach(this::enqueue);
  }

  private void add(int place, Set<Pair> made) {
    if (chains.hasPair(place)) {
      Pair pair = chains.pair(place);
      Places all = places.computeIfAbsent(pair, ignored -> new Places());
      all.add(place);
      all.count += wordCounts[wordOf[place]];
      made.add(pair);
    }
  }

  private void remove(int place) {
    if (chains.hasPair(place)) {
      places.get(chains.pair(place)).count -= wordCounts[wordOf[place]];
    }
  }

  private void enqueue(Pair pair) {
    long count = places.get(pair).count;
    if (count >= LEAST) {
      queue.add(new Candidate(pair, count));
    }
  }
}
