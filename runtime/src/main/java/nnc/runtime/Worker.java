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
 * <p>Where rows never meet, as those of a batch in a recurrence, each worker may take its own ones through a sequence of regions:
 *
 * <pre>{@code
 * for (worker.shares(n); worker.nextShare(); ) {
 *   … regions over n rows, or a multiple of them: in each the worker finds the pieces of its share alone, and does not wait
 * }
 * worker.joinShares();
 * }</pre>
 *
 * <p>Pieces depend on the shape alone, never on the number of threads, but for shares of rows and tiles of a product, in which no
 * result depends on where they begin;
 * which worker gets which piece does not matter to the result. Each worker first takes a share of neighbouring pieces, the same ones in regions of the same shape, so
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

  /** With fewer rows in a share, it is better to share each region: operands that all rows read are read for too few. */
  public static final int FEWEST_ROWS = 8;

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

  /** Where the pieces of a region begin, other than at row 0 in a share. */
  private int firstRow;

  /** How many rows are shared out; 0: none. */
  private int sharedRows;

  /** How many shares this worker has claimed, and the rows of the current one: [shareFrom, shareTo). */
  private int claimedShares;

  private int shareFrom;
  private int shareTo;
  private boolean inShare;

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
    int from = first(n);
    begin(from, last(n), 1, grain, 1, Integer.MAX_VALUE);
  }

  /**
   * Begins a region over the result of an m x n product with inner size k, in tiles of a size that suits
   * {@link Products#tile}.
   */
  public void tiles(int m, int n, int k) {
    int from = first(m);
    int to = last(m);
    int height = Tiling.height(to - from, n, k);
    int width = Tiling.width(to - from, n, k, inShare ? 1 : threads);
    begin(from, to, n, height, width, Tiling.together(height, n, k));
  }

  /** The first of n rows, a multiple of those that are shared out, that is this worker's. */
  private int first(int n) {
    return inShare ? n / sharedRows * shareFrom : 0;
  }

  private int last(int n) {
    return inShare ? n / sharedRows * shareTo : n;
  }

  /**
   * Begins a sequence of regions in which none of {@code n} rows meets another one. If there are enough of them, each worker
   * takes a share of the rows through all regions; else all share each region, as ever.
   */
  public void shares(int n) {
    claimedShares = 0;
    sharedRows = threads > 1 && n >= FEWEST_ROWS * threads ? n : 0;
    if (sharedRows > 0) {
      begin(0, threads, 1, 1, 1, Integer.MAX_VALUE);
    }
  }

  /** Claims a share of the rows; false when none is left. */
  public boolean nextShare() {
    if (sharedRows == 0) {
      return claimedShares++ == 0;
    }
    leaveShare();
    int share = claim();
    if (share < 0) {
      return false;
    }
    claimedShares++;
    shareFrom = (int) ((long) sharedRows * share / threads);
    shareTo = (int) ((long) sharedRows * (share + 1) / threads);
    inShare = true;
    claimed = 0;
    return true;
  }

  /** Ends a sequence of regions: returns when all rows have gone through it. */
  public void joinShares() {
    if (sharedRows > 0) {
      leaveShare();
      sharedRows = 0;
      join();
    }
  }

  /**
   * Back from the regions of a share to the one of which the shares are the pieces. Of that one a claim reads no more than this: a
   * share's rows are counted here, not cut into heights and widths.
   */
  private void leaveShare() {
    inShare = false;
    claimed = claimedShares;
    pieces = threads;
    victim = index;
  }

  /** Claims the next piece of the region; false when none is left. */
  public boolean next() {
    int piece = threads == 1 || inShare ? claimed < pieces ? claimed : -1 : claim();
    if (piece < 0) {
      return false;
    }
    claimed++;
    int band = piece / perBand * together;
    int inBand = piece % perBand;
    int down = Math.min(together, piecesDown - band);
    int across = inBand / down;
    row0 = firstRow + (band + inBand - across * down) * height;
    row1 = Math.min(row0 + height, rows);
    col0 = across * width;
    col1 = Math.min(col0 + width, columns);
    from = row0;
    to = row1;
    return true;
  }

  /** Ends a region: returns when all its pieces are done, whoever did them. */
  public void join() {
    if (inShare) {
      claimed = 0;
      pieces = 0;
      return;
    }
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
    sharedRows = 0;
    inShare = false;
  }

  /** Ends a program, and the region it has left open, if any. */
  void finish() {
    if (inShare) {
      throw new IllegalStateException("a program has ended within a share of rows");
    }
    if (pieces > 0) {
      join();
    }
  }

  /** Whether pieces of the region will stay undone if this worker leaves now. */
  boolean holdsPieces() {
    return claimed > 0 || inShare;
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

  private void begin(int from, int to, int columns, int height, int width, int most) {
    if (threads > 1 && progress.run() != run) {
      // The others have finished without this worker.
      throw Abandoned.SIGNAL;
    }
    this.firstRow = from;
    this.rows = to;
    this.columns = columns;
    this.height = height;
    this.width = width;
    piecesDown = Math.ceilDiv(to - from, height);
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
