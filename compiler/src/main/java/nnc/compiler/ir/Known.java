package nnc.compiler.ir;

import java.util.Map;

/** Looks up what an earlier step has put into a map: that it is there is an invariant of the compiler. */
public final class Known {
  private Known() {}

  /** @throws IllegalStateException if the key has no value: a defect of ours */
  public static <K, V> V in(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("nothing is known of " + key);
    }
    return value;
  }
}
