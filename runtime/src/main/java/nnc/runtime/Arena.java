package nnc.runtime;

/**
 * Memory for vectors. Behind the last element there is room, so that a vector may begin at any element: where a vector reaches
 * beyond the end of its array, even if only with lanes that a mask excludes, the Vector API checks lane by lane, and HotSpot
 * boxes what it does not inline there.
 */
final class Arena {
  /** Two of the longest vectors: a panel of columns is read by two masked vectors, of which the second may be empty. */
  private static final int BEYOND = 32;

  private Arena() {}

  /**
   * @param need all that the model and the session take, for the message
   * @throws MemoryException if Java has no room
   */
  static float[] of(int elements, String model, MemoryNeed need) {
    try {
      return new float[elements + BEYOND];
    } catch (OutOfMemoryError e) {
      throw new MemoryException(model, need, e);
    }
  }
}
