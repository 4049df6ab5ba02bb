package nnc.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One thread's view of a {@link Team}: it cuts regions of work into pieces and claims them.
 *
 * <pre>{@code
 * for (worker.rows(n, 4); worker.next(); ) {
 *   for (int i = worker.from; i < worker.to; i++) …
 * }
 * worker.join();
 * }</pre>
 *
 * <p>Pieces depend on the shape alone, never on the number of threads; which worker gets which piece does not matter to
 * the result. Each worker first takes a share of neighbouring pieces, the same ones in regions of the same shape, so
 * that it finds its own data in its caches; then it helps the others with theirs.
 */
public final class Worker extends CacheLinePadding {
  /** Ints on two cache lines: neighbouring lines are fetched in pairs. */
  static final int LINE = 32;

  private static final VarHandle CLAIM = MethodHandles.arrayElementVarHandle(int[].class);

  /** The current piece of {@link #rows}: [from, to). */
  public int from;

  public int to;

  /** The current piece of {@link #tiles}: rows [row0, row1), columns [col0, col1). */
  public int row0;

  public int row1;
  public int col0;
  public int col1;

  /** The thread behind this worker, and whether it sleeps: for the one that opens the barrier. */
  volatile Thread thread;

  volatile boolean parked;

  private final Team team;
  private final int index;
  private final int threads;

  /**
   * How many pieces of its share each worker (or one that helps it) has claimed: two sets of counters, a cache line
   * each, for odd and even regions. A worker clears its counter of the one set while the other is in use.
   */
  private final int[] claims;

  private final float[] scratch = new float[Tiling.SCRATCH];

  private int claimSet;
  private int victim;
  private int pieces;
  private int height;
  private int width;
  private int rows;
  private int columns;
  private int piecesDown;

  Worker(Team team, int index, int threads, int[] claims) {
    this.team = team;
    this.index = index;
    this.threads = threads;
    this.claims = claims;
  }

  static int[] newClaims(int threads) {
    return new int[(2 * threads + 1) * LINE];
  }

  /** This worker's number, from 0; worker 0 is the thread that called {@link Team#run}. */
  public int index() {
    return index;
  }

  /** Begins a region over [0, n), in pieces of {@code grain} (the last one may be smaller). */
  public void rows(int n, int grain) {
    begin(n, 1, grain, 1);
  }

  /**
   * Begins a region over the result of an m x n product with inner size k, in tiles of a size that suits
   * {@link Products#tile}.
   */
  public void tiles(int m, int n, int k) {
    begin(m, n, Tiling.height(m, n, k), Tiling.width(m, n, k));
  }

  /** Claims the next piece of the region; false when none is left. */
  public boolean next() {
    int piece = claim();
    if (piece < 0) {
      return false;
    }
    int across = piece / piecesDown;
    row0 = (piece - across * piecesDown) * height;
    row1 = Math.min(row0 + height, rows);
    col0 = across * width;
    col1 = Math.min(col0 + width, columns);
    from = row0;
    to = row1;
    return true;
  }

  /** Ends a region: waits until all workers have ended it. */
  public void join() {
    claimSet ^= 1;
    // The next region's counters were last used before the previous barrier; this barrier publishes the zero.
    claims[cell(index)] = 0;
    if (threads > 1) {
      team.join(this);
    }
  }

  /** Forgets whatever a program left behind; no other worker is in a program at this time. */
  void reset() {
    claimSet = 0;
    claims[2 * index * LINE] = 0;
    claims[(2 * index + 1) * LINE] = 0;
  }

  /** Room for what a product of this worker needs while it computes a tile. */
  float[] scratch() {
    return scratch;
  }

  private void begin(int rows, int columns, int height, int width) {
    this.rows = rows;
    this.columns = columns;
    this.height = height;
    this.width = width;
    piecesDown = Math.ceilDiv(rows, height);
    pieces = piecesDown * Math.ceilDiv(columns, width);
    victim = index;
  }

  private int claim() {
    if (threads == 1) {
      int piece = claims[cell(0)]++;
      return piece < pieces ? piece : -1;
    }
    do {
      int start = (int) ((long) pieces * victim / threads);
      int share = (int) ((long) pieces * (victim + 1) / threads) - start;
      int cell = cell(victim);
      // Looking first is cheap; claiming takes the cache line away from its owner.
      if ((int) CLAIM.getOpaque(claims, cell) < share) {
        int claimed = (int) CLAIM.getAndAdd(claims, cell, 1);
        if (claimed < share) {
          return start + claimed;
        }
      }
      victim = victim + 1 == threads ? 0 : victim + 1;
    } while (victim != index);
    return -1;
  }

  private int cell(int worker) {
    return (2 * worker + claimSet) * LINE;
  }
}
