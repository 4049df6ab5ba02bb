package nnc.runtime;

/**
 * Runs the innermost loops of the vector products on tiny operands until the JVM has compiled them.
 *
 * <p>Vector code that is still interpreted is hundreds of times slower than compiled: a first training step, made of few
 * and long products, would take half a second.
 */
final class VectorWarmUp {
  /** Short loops in many calls: so the JVM compiles the methods as a whole, and not a second time from inside a loop. */
  private static final int DEPTH = 24;

  private static final int CALLS = 16;

  /** A round takes 10 microseconds with all loops compiled, milliseconds with one that is not. */
  private static final long QUICK_NANOS = 60_000;

  private static final int MOST_ROUNDS = 2_000;

  private static final int WIDTH = Tiling.PANEL;

  private final float[] a = new float[6 * DEPTH];
  private final float[] b = new float[DEPTH * WIDTH];
  private final float[] panel = new float[DEPTH * WIDTH];
  private final float[] c = new float[6 * WIDTH];

  /** Returns when the loops are quick, or will not become so. */
  void run() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        callAll();
      }
      if (System.nanoTime() - start < QUICK_NANOS) {
        return;
      }
    }
  }

  private void callAll() {
    int lanes = VectorProducts.LANES;
    VectorPanels.pack(b, 0, WIDTH, 1, DEPTH, 4 * lanes, panel, 0, 4 * lanes);
    VectorPanels.pack(b, 0, WIDTH, 1, DEPTH, lanes + 1, panel, 0, 2 * lanes);
    VectorPanels.pack(b, 0, 1, DEPTH, DEPTH, 2 * lanes, panel, 0, 2 * lanes);
    VectorStrips.multiply(a, 0, DEPTH, 1, b, 0, WIDTH, c, 0, WIDTH, 1, DEPTH, WIDTH - 1, false);
    VectorPanels.copyBack(panel, 0, 2 * lanes, 6, lanes + 1, c, 0, WIDTH);
    VectorBlocks.sixByTwo(a, 0, DEPTH, 1, panel, 0, c, 0, WIDTH, 6, DEPTH, true);
    if (VectorProducts.WIDE) {
      VectorBlocks.fourByFour(a, 0, DEPTH, 1, panel, 0, c, 0, WIDTH, 4, DEPTH, true);
      VectorBlocks.sixByFour(a, 0, DEPTH, 1, panel, 0, c, 0, WIDTH, 6, DEPTH, true);
    }
  }
}
