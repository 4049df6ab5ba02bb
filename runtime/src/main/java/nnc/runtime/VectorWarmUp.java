package nnc.runtime;

import java.util.concurrent.locks.LockSupport;

/**
 * Runs tiny products until the JVM has compiled the loops inside.
 *
 * <p>Vector code that is still interpreted is hundreds of times slower than compiled: a first training step, made of few
 * and long products, would take half a second.
 */
final class VectorWarmUp {
  /** Short loops in many calls: so the JVM compiles methods as a whole, and not a second time from inside a loop. */
  private static final int DEPTH = 25;

  /** Blocks of six and four rows, and of one row left over; or few rows, for which B stays in place. */
  private static final int[] HEIGHTS = {11, 1};

  /** Both kinds of panels, and a part of one. */
  private static final int WIDTH = Tiling.PANEL + 2 * VectorProducts.LANES + 3;

  /** A round takes 20 microseconds with all loops compiled, milliseconds with one that is not. */
  private static final long QUICK_NANOS = 100_000;

  /**
   * Between slow rounds the cores are left to the compiler that makes them quick, and to what the program does meanwhile:
   * longer each time, since the first rounds make the compiler's work, and the later ones wait for it.
   */
  private static final long FIRST_PAUSE_NANOS = 5_000_000;

  private static final long LONGEST_PAUSE_NANOS = 80_000_000;

  private static final int CALLS = 4;
  private static final int MOST_ROUNDS = 2_000;

  private final Products products;
  private final float[] a = new float[HEIGHTS[0] * DEPTH];
  private final float[] b = new float[DEPTH * WIDTH];
  private final float[] c = new float[HEIGHTS[0] * WIDTH];

  VectorWarmUp(Products products) {
    this.products = products;
  }

  /** Returns when the loops are quick, or will not become so. */
  void run() {
    try (Team team = Team.of(1)) {
      team.run(this::run);
    }
  }

  private void run(Worker worker) {
    long pause = FIRST_PAUSE_NANOS;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        products(worker);
      }
      if (System.nanoTime() - start < QUICK_NANOS) {
        return;
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  /** All that a product may depend on: few rows or more, B as it lies or transposed, adding or not. */
  private void products(Worker worker) {
    for (int m : HEIGHTS) {
      for (int kind = 0; kind < 4; kind++) {
        boolean transposed = (kind & 1) != 0;
        boolean add = (kind & 2) != 0;
        int bRow = transposed ? 1 : WIDTH;
        int bCol = transposed ? DEPTH : 1;
        for (worker.tiles(m, WIDTH, DEPTH); worker.next(); ) {
          products.tile(
              worker, a, 0, DEPTH, 1, b, 0, bRow, bCol, b, 0, c, 0, WIDTH, m, DEPTH, WIDTH, add);
        }
        worker.join();
      }
    }
  }
}
