package nnc.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Where the workers of a team wait for each other: each arrives once, and all go on when the last one has come.
 *
 * <p>A worker waits in three ways, one after the other: spinning, which wakes in a tenth of a microsecond; yielding its
 * core to whoever wants it, which keeps a team larger than the machine moving; and parked, which costs nothing while
 * idle and tens of microseconds to wake.
 *
 * <p>Arrivals say whether the worker is <em>leaving</em> the program. A worker that left early (it failed, say) keeps
 * arriving until all have left, so every barrier sees every worker and none can wait for ever.
 */
final class Barrier {
  private static final long SPIN_NANOS = 20_000;
  private static final long YIELD_NANOS = 120_000;
  private static final int POLLS_PER_CLOCK = 64;

  private static final int ARRIVED = 0;
  private static final int PASSED = Worker.LINE;
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);

  /** In an arrival, the half of the count that says that the worker leaves. */
  private static final int LEAVING = 1 << 16;

  private final Worker[] workers;
  private final long spinNanos;

  /**
   * Two cells on cache lines of their own: how many have arrived (and, in the upper half, how many of them leave), and a
   * word that changes when the barrier opens: twice the number of openings, plus one if all were leaving.
   */
  private final int[] cells = new int[3 * Worker.LINE];

  Barrier(Worker[] workers) {
    this.workers = workers;
    // Spinning delays the very worker that is waited for when there are more of them than cores.
    this.spinNanos = workers.length <= Runtime.getRuntime().availableProcessors() ? SPIN_NANOS : 0;
  }

  /** Waits for all workers. Returns true, to all alike, if every one of them was leaving. */
  boolean arrive(Worker worker, boolean leaving) {
    int closed = (int) CELL.getOpaque(cells, PASSED);
    int arrival = leaving ? LEAVING + 1 : 1;
    int arrived = (int) CELL.getAndAdd(cells, ARRIVED, arrival) + arrival;
    if ((arrived & (LEAVING - 1)) < workers.length) {
      return (await(worker, closed) & 1) != 0;
    }
    CELL.setOpaque(cells, ARRIVED, 0);
    boolean allLeft = arrived / LEAVING == workers.length;
    // A full fence: a worker about to park either sees the open barrier or is seen to be parked.
    CELL.setVolatile(cells, PASSED, (closed | 1) + (allLeft ? 2 : 1));
    for (Worker other : workers) {
      if (other.parked) {
        LockSupport.unpark(other.thread);
      }
    }
    return allLeft;
  }

  private int await(Worker worker, int closed) {
    for (int i = 0; i < POLLS_PER_CLOCK; i++) {
      int passed = (int) CELL.getAcquire(cells, PASSED);
      if (passed != closed) {
        return passed;
      }
      Thread.onSpinWait();
    }
    return awaitLonger(worker, closed);
  }

  private int awaitLonger(Worker worker, int closed) {
    long start = System.nanoTime();
    for (long waited = 0; waited < YIELD_NANOS; waited = System.nanoTime() - start) {
      if (waited >= spinNanos) {
        Thread.yield();
      }
      for (int i = 0; i < POLLS_PER_CLOCK; i++) {
        int passed = (int) CELL.getAcquire(cells, PASSED);
        if (passed != closed) {
          return passed;
        }
        Thread.onSpinWait();
      }
    }
    worker.parked = true;
    int passed;
    while ((passed = (int) CELL.getVolatile(cells, PASSED)) == closed) {
      LockSupport.park(this);
    }
    worker.parked = false;
    return passed;
  }
}
