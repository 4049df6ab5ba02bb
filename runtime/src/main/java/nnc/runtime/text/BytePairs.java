package nnc.runtime.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Byte-pair encoding (Sennrich, Haddow, Birch 2016) of the bytes of UTF-8, so that every text has ids, none of them unknown, and
 * decodes to itself. Ids from 4 are the bytes, then each merge has the next id; the earliest merge that a pre-token allows is
 * made first, of several the leftmost. A token's text is that of its bytes in {@link ByteLevel#alphabet}.
 */
final class BytePairs extends Vocabulary {
  static final String FORM = "bpe";

  /** The id of the first merge. */
  static final int FIRST_MERGE = FIRST + ByteLevel.BYTES;

  /** Texts repeat their pre-tokens, so most are encoded once; only so many, and short ones, are kept. */
  private static final int CACHED = 1 << 16;

  private static final int LONGEST_CACHED = 32;

  /** A merge that can be made at a place, unless another one there comes first. */
  private record Step(int id, int place) implements Comparable<Step> {
    private static final Comparator<Step> ORDER =
        Comparator.comparingInt(Step::id).thenComparingInt(Step::place);

    @Override
    public int compareTo(Step other) {
      return ORDER.compare(this, other);
    }
  }

  private final List<Pair> merges;
  private final Map<Pair, Integer> merged = new HashMap<>();
  private final List<byte[]> bytes = new ArrayList<>();
  private final Map<String, int[]> cache = new ConcurrentHashMap<>();

  BytePairs(List<Pair> merges) {
    super(symbols(merges));
    this.merges = List.copyOf(merges);
    for (int value = 0; value < ByteLevel.BYTES; value++) {
      bytes.add(new byte[] {(byte) value});
    }
    for (Pair pair : merges) {
      merged.put(pair, FIRST + bytes.size());
      bytes.add(joined(bytes.get(pair.left() - FIRST), bytes.get(pair.right() - FIRST)));
    }
  }

  static BytePairs learn(Iterable<String> texts, int most) {
    if (most < FIRST_MERGE) {
      throw new IllegalArgumentException(
          "expected room for the "
              + FIRST
              + " special ids and "
              + ByteLevel.BYTES
              + " bytes, found at most "
              + most);
    }
    return new BytePairs(MergeLearner.learn(texts, most - FIRST_MERGE));
  }

  private static List<String> symbols(List<Pair> merges) {
    List<String> symbols = ByteLevel.alphabet();
    merges.forEach(
        pair -> symbols.add(symbols.get(pair.left() - FIRST) + symbols.get(pair.right() - FIRST)));
    return symbols;
  }

  private static byte[] joined(byte[] left, byte[] right) {
    byte[] both = new byte[left.length + right.length];
    System.arraycopy(left, 0, both, 0, left.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  List<Pair> merges() {
    return merges;
  }

  @Override
  public String kind() {
    return FORM;
  }

  /** Of bytes, none is unknown. */
  @Override
  Stream<String> cut(CharSequence text) {
    return Stream.empty();
  }

  @Override
  public int[] encode(CharSequence text) {
    return ByteLevel.preTokens(text)
        .mapMultiToInt((preToken, all) -> {
          for (int id : ids(preToken)) {
            all.accept(id);
          }
        })
        .toArray();
  }

  private int[] ids(String preToken) {
    int[] known = cache.get(preToken);
    if (known != null) {
      return known;
    }
    int[] ids = merged(ByteLevel.bytes(preToken));
    if (preToken.length() <= LONGEST_CACHED && cache.size() < CACHED) {
      cache.put(preToken, ids);
    }
    return ids;
  }

  /** Ids of pairs are in the order of merges, so the smallest id goes first. */
  private int[] merged(byte[] preToken) {
    Chains chain = new Chains(List.of(preToken));
    PriorityQueue<Step> steps = new PriorityQueue<>();
    for (int place = 0; place < chain.size(); place++) {
      offer(steps, chain, place);
    }
    while (!steps.isEmpty()) {
      Step step = steps.remove();
      int place = step.place;
      if (chain.hasPair(place) && chain.pair(place).equals(merges.get(step.id - FIRST_MERGE))) {
        chain.merge(place, step.id);
        offer(steps, chain, chain.left(place));
        offer(steps, chain, place);
      }
    }
    return chain.ids();
  }

  private void offer(PriorityQueue<Step> steps, Chains chain, int place) {
    if (chain.hasPair(place)) {
      Integer id = merged.get(chain.pair(place));
      if (id != null) {
        steps.add(new Step(id, place));
      }
    }
  }

  /** Bytes that are no UTF-8, which only ids in an order of their own can give, become U+FFFD. */
  @Override
  public String decode(int... ids) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int id : ids) {
      String token = token(id);
      if (id >= FIRST) {
        text.writeBytes(bytes.get(id - FIRST));
      } else if (id == UNKNOWN) {
        text.writeBytes(ByteLevel.bytes(token));
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
