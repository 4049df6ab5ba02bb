package nnc.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One turn's part of a tensor that holds those of all turns of a repeat, one after the other. The tensor's path has a star for
 * each repeat around it, and its shape as many axes in front: {@code encoder*.W} of [6, 8, 8] holds {@code encoder1.W} to
 * {@code encoder6.W}, each [8, 8].
 *
 * @param path the part's own
 * @param shape the part's own
 * @param from where it begins in the tensor, in elements
 */
public record Turn(String path, int[] shape, int from) {
  /** Stands for the number of a turn, from 1. */
  public static final String ANY = "*";

  public Turn {
    shape = shape.clone();
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  /** The parts of a tensor, in their order; a path without a star is its own only part. */
  public static List<Turn> of(String path, int[] shape) {
    if (!path.contains(ANY)) {
      return List.of(new Turn(path, shape, 0));
    }
    int[] rest = Arrays.copyOfRange(shape, 1, shape.length);
    int elements = Arrays.stream(rest).reduce(1, Math::multiplyExact);
    List<Turn> turns = new ArrayList<>();
    for (int turn = 0; turn < shape[0]; turn++) {
      for (Turn inner : of(numbered(path, turn + 1), rest)) {
        turns.add(new Turn(inner.path, inner.shape, turn * elements + inner.from));
      }
    }
    return turns;
  }

  /** A path with the first star replaced. */
  public static String numbered(String path, int turn) {
    int star = path.indexOf(ANY);
    return path.substring(0, star) + turn + path.substring(star + ANY.length());
  }
}
