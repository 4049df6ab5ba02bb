package nnc.runtime.text;

import java.util.Arrays;
import java.util.List;

/**
 * The ids of words, at first one for each byte, as doubly linked lists in arrays: to merge two neighbours takes the same time
 * in a word of any length. A place is that of the first byte of its id.
 */
final class Chains {
  static final int NONE = -1;

  private final int[] ids;
  private final int[] left;
  private final int[] right;

  Chains(List<byte[]> words) {
    int size = words.stream().mapToInt(word -> word.length).reduce(0, Math::addExact);
    ids = new int[size];
    left = new int[size];
    right = new int[size];
    int place = 0;
    for (byte[] word : words) {
      int end = place + word.length;
      for (byte each : word) {
        ids[place] = Vocabulary.FIRST + Byte.toUnsignedInt(each);
        left[place] = place - 1;
        right[place] = place + 1;
        place++;
      }
      if (word.length > 0) {
        left[end - word.length] = NONE;
        right[end - 1] = NONE;
      }
    }
  }

  int size() {
    return ids.length;
  }

  /** The place of the id before, or {@link #NONE}. */
  int left(int place) {
    return left[place];
  }

  /** The place of the id behind, or {@link #NONE}. */
  int right(int place) {
    return right[place];
  }

  /** Whether a pair begins here: not at the end of a word, nor where an id has been merged into the one before. */
  boolean hasPair(int place) {
    return place != NONE && right[place] != NONE;
  }

  Pair pair(int place) {
    return new Pair(ids[place], ids[right[place]]);
  }

  /** Makes one id of the pair that begins here. */
  void merge(int place, int id) {
    int gone = right[place];
    ids[place] = id;
    ids[gone] = NONE;
    right[place] = right[gone];
    right[gone] = NONE;
    if (right[place] != NONE) {
      left[right[place]] = place;
    }
  }

  /** The ids that are left, in their order. */
  int[] ids() {
    return Arrays.stream(ids).filter(id -> id != NONE).toArray();
  }
}
