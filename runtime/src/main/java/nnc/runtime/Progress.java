package nnc.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * How far a team is: which run, which region, which pieces of it are claimed and how many are done.
 *
 * <p>A region is over when all its pieces are done, not when all workers have come by. A worker that the operating system
 * has put aside while it holds no piece keeps nobody waiting: when it comes back, it finds the regions over that it has
 * missed, and walks through the program until it is where the others are. That matters as soon as the machine has other
 * work to do.
 *
 * <p>A worker that must wait spins for a while, which wakes in a tenth of a microsecond, and then parks, which costs
 * nothing while idle, tens of microseconds to wake, and lets the system run somebody in its place.
 */
final class Progress {
  /** Longs on two cache lines: neighbouring lines are fetched in pairs. */
  private static final int LINE = 16;

  /** Number of the run: odd while it lasts, even between runs, negative when the team is closed. */
  private static final int RUN = LINE;

  /** Number of the region, counted over all runs, with gaps; {@link #FAILED} is added where a worker has failed. */
  private static final int PLACE = 2 * LINE;

  /** How many pieces of the region are done. */
  private static final int DONE = 3 * LINE;

  /** How many workers are parked, or about to be. */
  private static final int SLEEPERS = 4 * LINE;

  /** For each worker, how many pieces of its share are claimed: in the lower bits, beside the number of the region. */
  private static final int CLAIMS = 5 * LINE;

  private static final int CLAIM_BITS = 24;
  private static final int MOST_CLAIMS = (1 << CLAIM_BITS) - 1;
  private static final long FAILED = Long.MIN_VALUE;
  private static final long CLOSED = -1;

  private static final long SPIN_NANOS = 50_000;
  private static final long CROWDED_SPIN_NANOS = 2_000;
  private static final int POLLS_PER_CLOCK = 32;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final Worker[] workers;
  private final long[] cells;
  private final long spinNanos;

  Progress(Worker[] workers) {
    this.workers = workers;
    cells = new long[CLAIMS + (workers.length + 1) * LINE];
    // Where there are more workers than cores, spinning delays the very one that is waited for.
    spinNanos =
        workers.length <= Runtime.getRuntime().availableProcessors()
            ? SPIN_NANOS
            : CROWDED_SPIN_NANOS;
  }

  // ------------------------------------------------------------ runs

  long run() {
    return (long) CELL.getVolatile(cells, RUN);
  }

  /** The first region of the next run: beyond any that a worker of an earlier run may believe to be in. */
  long nextRegion() {
    return ((long) CELL.getVolatile(cells, PLACE) & ~FAILED) + 2;
  }

  /** Begins a run; what it runs must have been stored before. Returns its number. */
  long beginRun(long firstRegion) {
    long run = run() + 1;
    CELL.setVolatile(cells, DONE, 0L);
    CELL.setVolatile(cells, PLACE, firstRegion);
    publish(RUN, run);
    return run;
  }

  void endRun() {
    CELL.setVolatile(cells, RUN, run() + 1);
  }

  void close() {
    publish(RUN, CLOSED);
  }

  /** Waits until another run begins, and returns its number; negative when the team is closed. */
  long awaitRun(Worker worker) {
    long run = run();
    while (run >= 0 && ((run & 1) == 0 || run == worker.run)) {
      run = await(worker, RUN, run);
    }
    return run;
  }

  // ------------------------------------------------------------ regions

  /** Claims one of the pieces [0, share) of a worker's share in a region; negative when there is none left. */
  int claim(long region, int worker, int share) {
    int cell = CLAIMS + worker * LINE;
    while (true) {
      long seen = (long) CELL.getVolatile(cells, cell);
      if ((long) CELL.getVolatile(cells, PLACE) != region) {
        return -1;
      }
      // As the region is not over, a cell that tells of another one tells of an earlier one.
      long nothing = region << CLAIM_BITS;
      int claimed = (seen ^ nothing) >>> CLAIM_BITS == 0 ? (int) seen & MOST_CLAIMS : 0;
      if (claimed >= share) {
        return -1;
      }
      if (CELL.compareAndSet(cells, cell, seen, nothing + claimed + 1)) {
        return claimed;
      }
    }
  }

  /** The most pieces that a worker's share can have. */
  static int mostPieces() {
    return MOST_CLAIMS;
  }

  /**
   * Says that a worker has done some of the pieces of a region and found no more to claim; returns when all are done.
   *
   * @return whether the team is beyond this region; otherwise a worker has failed
   */
  boolean finish(Worker worker, long region, int done, int pieces) {
    boolean last = done == pieces;
    if (!last && done > 0 && (long) CELL.getAndAdd(cells, DONE, (long) done) + done == pieces) {
      CELL.setOpaque(cells, DONE, 0L);
      last = true;
    }
    if (last) {
      // A region without pieces is over for whoever comes first.
      if (CELL.compareAndSet(cells, PLACE, region, region + 1)) {
        wake();
      }
      return (long) CELL.getVolatile(cells, PLACE) >= 0;
    }
    return await(worker, PLACE, region) >= 0;
  }

  /** Frees everybody from a region that will never be over, because a worker has failed with a piece in its hands. */
  void abandon(long region) {
    publish(PLACE, region | FAILED);
  }

  // ------------------------------------------------------------ waiting

  private void publish(int cell, long value) {
    CELL.setVolatile(cells, cell, value);
    wake();
  }

  /** A worker about to park either sees what has just been stored, or is seen here. */
  private void wake() {
    if ((long) CELL.getVolatile(cells, SLEEPERS) == 0) {
      return;
    }
    for (Worker worker : workers) {
      if (worker.parked) {
        worker.parked = false;
        LockSupport.unpark(worker.thread);
      }
    }
  }

  /** Waits until a cell holds something else than {@code old}, and returns it. */
  private long await(Worker worker, int cell, long old) {
    long start = 0;
    long value;
    for (int polls = 1; (value = (long) CELL.getAcquire(cells, cell)) == old; polls++) {
      if (polls % POLLS_PER_CLOCK != 0) {
        Thread.onSpinWait();
      } else if (start == 0) {
        start = System.nanoTime();
      } else if (System.nanoTime() - start > spinNanos) {
        return park(worker, cell, old);
      }
    }
    return value;
  }

  private long park(Worker worker, int cell, long old) {
    CELL.getAndAdd(cells, SLEEPERS, 1L);
    long value;
    while (true) {
      worker.parked = true;
      value = (long) CELL.getVolatile(cells, cell);
      if (value != old) {
        break;
      }
      LockSupport.park(this);
    }
    worker.parked = false;
    CELL.getAndAdd(cells, SLEEPERS, -1L);
    return value;
  }
}
