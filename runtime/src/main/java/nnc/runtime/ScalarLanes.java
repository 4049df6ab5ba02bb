package nnc.runtime;

/** What {@link VectorMath} does one lane after the other, in place. */
final class ScalarLanes {
  private ScalarLanes() {}

  static void sin(float[] lanes) {
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = ScalarMath.sin(lanes[i]);
    }
  }

  static void cos(float[] lanes) {
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = ScalarMath.cos(lanes[i]);
    }
  }

  static void pow(float[] lanes, float[] exponents) {
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = ScalarMath.pow(lanes[i], exponents[i]);
    }
  }
}
