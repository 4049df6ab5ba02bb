package nnc.runtime;

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
  /** The current piece of {@link #rows}: [from, to). */
  public int from;

  public int to;

  /** The current piece of {@link #tiles}: rows [row0, row1), columns [col0, col1). */
  public int row0;

  public int row1;
  public int col0;
  public int col1;

  /** The thread behind this worker, and whether it sleeps: for the one that has something to wake it for. */
  volatile Thread thread;

  volatile boolean parked;

  /** The run this worker is in, or was in last, and whether it still is. */
  volatile long run;

  volatile boolean busy;

  private final int index;
  private final int threads;
  private final Progress progress;
  private final float[] scratch = new float[Tiling.SCRATCH];

  private long region;
  private int pieces;
  private int claimed;
  private int victim;
  private int height;
  private int width;
  private int rows;
  private int columns;
  private int piecesDown;

  /** Pieces go down so many at a time, then on to the next columns. */
  private int together;

  private int perBand;

  Worker(int index, int threads, Progress progress) {
    this.index = index;
    this.threads = threads;
    this.progress = progress;
  }

  /** This worker's number, from 0; worker 0 is the thread that called {@link Team#run}. */
  public int index() {
    return index;
  }

  /** Begins a region over [0, n), in pieces of {@code grain} (the last one may be smaller). */
  public void rows(int n, int grain) {
    begin(n, 1, grain, 1, Integer.MAX_VALUE);
  }

  /**
   * Begins a region over the result of an m x n product with inner size k, in tiles of a size that suits
   * {@link Products#tile}.
   */
  public void tiles(int m, int n, int k) {
    int height = Tiling.height(m, n, k);
    begin(m, n, height, Tiling.width(m, n, k), Tiling.together(height, k));
  }

  /** Claims the next piece of the region; false when none is left. */
  public boolean next() {
    int piece = threads == 1 ? claimed < pieces ? claimed : -1 : claim();
    if (piece < 0) {
      return false;
    }
    claimed++;
    int band = piece / perBand * together;
    int inBand = piece % perBand;
    int down = Math.min(together, piecesDown - band);
    int across = inBand / down;
    row0 = (band + inBand - across * down) * height;
    row1 = Math.min(row0 + height, rows);
    col0 = across * width;
    col1 = Math.min(col0 + width, columns);
    from = row0;
    to = row1;
    return true;
  }

  /** Ends a region: returns when all its pieces are done, whoever did them. */
  public void join() {
    boolean over = threads == 1 || progress.finish(this, region, claimed, pieces);
    claimed = 0;
    pieces = 0;
    region++;
    if (!over) {
      throw Abandoned.SIGNAL;
    }
  }

  /** Begins a program at the first region of its run. */
  void start(long firstRegion) {
    region = firstRegion;
    pieces = 0;
    claimed = 0;
  }

  /** Ends a program, and the region it has left open, if any. */
  void finish() {
    if (pieces > 0) {
      join();
    }
  }

  /** Whether pieces of the region will stay undone if this worker leaves now. */
  boolean holdsPieces() {
    return claimed > 0;
  }

  /** Leaves a program that has failed. */
  void abandon() {
    if (threads > 1 && holdsPieces()) {
      progress.abandon(region);
    }
  }

  /** Room for what a product of this worker needs while it computes a tile. */
  float[] scratch() {
    return scratch;
  }

  private void begin(int rows, int columns, int height, int width, int most) {
    if (threads > 1 && progress.run() != run) {
      // The others have finished without this worker.
      throw Abandoned.SIGNAL;
    }
    this.rows = rows;
    this.columns = columns;
    this.height = height;
    this.width = width;
    piecesDown = Math.ceilDiv(rows, height);
    together = Math.min(most, piecesDown);
    perBand = together * Math.ceilDiv(columns, width);
    pieces = Math.multiplyExact(piecesDown, Math.ceilDiv(columns, width));
    victim = index;
    if (pieces / threads >= Progress.mostPieces()) {
      throw new IllegalArgumentException("a region of " + pieces + " pieces: they are too small");
    }
  }

  private int claim() {
    do {
      // Rounded up, so that a single piece is the caller's, where its data usually are.
      int start = (int) Math.ceilDiv((long) pieces * victim, threads);
      int share = (int) Math.ceilDiv((long) pieces * (victim + 1), threads) - start;
      int piece = share == 0 ? -1 : progress.claim(region, victim, share);
      if (piece >= 0) {
        return start + piece;
      }
      victim = victim + 1 == threads ? 0 : victim + 1;
    } while (victim != index);
    return -1;
  }

  /** Takes a worker out of a program that another one has failed, or that is over. */
  static final class Abandoned extends Error {
    static final Abandoned SIGNAL = new Abandoned();

    private static final long serialVersionUID = 1;

    private Abandoned() {
      super("left a program that is over", null, false, false);
    }
  }
}
