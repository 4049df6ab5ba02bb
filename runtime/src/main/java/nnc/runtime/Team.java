package nnc.runtime;

import java.util.concurrent.atomic.AtomicReference;

/**
 * A fixed team of threads that run one program together (single program, multiple data).
 *
 * <p>{@link #run} hands the same program to every worker; the calling thread is worker 0, the others are daemon threads
 * that live until {@link #close}. Within the program, regions of work are cut into pieces that the workers claim, and
 * {@link Worker#join} is a barrier: see {@link Worker}. A busy team passes a barrier in a fraction of a microsecond; an
 * idle one parks its threads. Nothing is allocated by a run.
 *
 * <p>A team runs one program at a time; calls from several threads take turns.
 */
public final class Team implements AutoCloseable {
  private static final int MOST_THREADS = 1024;

  /** What every worker of a team runs. All workers must begin the same regions in the same order. */
  @FunctionalInterface
  public interface Program {
    void run(Worker worker);
  }

  private final Worker[] workers;
  private final Barrier barrier;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Program program;
  private boolean closed;

  private Team(int threads) {
    workers = new Worker[threads];
    int[] claims = Worker.newClaims(threads);
    for (int i = 0; i < threads; i++) {
      workers[i] = new Worker(this, i, threads, claims);
    }
    barrier = new Barrier(workers);
    for (int i = 1; i < threads; i++) {
      Worker worker = workers[i];
      worker.thread = Thread.ofPlatform().name("nnc-worker-" + i).daemon().start(() -> serve(worker));
    }
  }

  /**
   * Starts a team.
   *
   * @param threads how many workers, the calling thread of {@link #run} included: at least 1
   */
  public static Team of(int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException("a team has 1 to " + MOST_THREADS + " threads, not " + threads);
    }
    return new Team(threads);
  }

  /** The number of workers, the caller of {@link #run} included. */
  public int threads() {
    return workers.length;
  }

  /**
   * Runs a program on all workers and returns when all have finished.
   *
   * <p>If it throws on any worker, the others leave at their next {@link Worker#join}, and the first throwable is thrown
   * here; the team stays usable.
   */
  public void run(Program program) {
    checkOutside("run another one on");
    synchronized (this) {
      runAlone(program);
    }
  }

  /** Ends the team's threads and waits for them. Closing twice is harmless. */
  @Override
  public void close() {
    checkOutside("close");
    synchronized (this) {
      endThreads();
    }
  }

  /** A worker that waited for its own team would wait for ever. */
  private void checkOutside(String action) {
    for (Worker worker : workers) {
      if (worker.thread == Thread.currentThread()) {
        throw new IllegalStateException("a program cannot " + action + " the team it runs on");
      }
    }
  }

  private void runAlone(Program program) {
    if (closed) {
      throw new IllegalStateException("the team has been closed");
    }
    this.program = program;
    workers[0].thread = Thread.currentThread();
    try {
      start(workers[0]);
      take(workers[0]);
    } finally {
      this.program = null;
      workers[0].thread = null;
    }
    Throwable thrown = failure.getAndSet(null);
    if (thrown != null) {
      throw Team.<RuntimeException>unchecked(thrown);
    }
  }

  private void endThreads() {
    if (closed) {
      return;
    }
    closed = true;
    workers[0].thread = Thread.currentThread();
    start(workers[0]);
    workers[0].thread = null;
    for (int i = 1; i < workers.length; i++) {
      joinUninterrupted(workers[i].thread);
    }
  }

  /** The barrier at the end of a region, called by the worker's own thread. */
  void join(Worker worker) {
    barrier.arrive(worker, false);
    if (failure.get() != null) {
      throw Abandoned.SIGNAL;
    }
  }

  private void serve(Worker worker) {
    while (start(worker)) {
      take(worker);
    }
  }

  /** Waits until a program is there; false when the team has been closed instead. */
  private boolean start(Worker worker) {
    worker.reset();
    if (workers.length > 1) {
      barrier.arrive(worker, false);
    }
    return !closed;
  }

  /** One worker's part of a run. It must let no throwable out, and leave through the barrier with all others. */
  private void take(Worker worker) {
    try {
      program.run(worker);
    } catch (Throwable thrown) {
      if (thrown != Abandoned.SIGNAL) {
        failure.compareAndSet(null, thrown);
      }
    }
    if (workers.length > 1) {
      boolean allLeft;
      do {
        allLeft = barrier.arrive(worker, true);
      } while (!allLeft);
    }
  }

  private static void joinUninterrupted(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Throws anything: a program may fail with an Error or, through generics, a checked exception. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** Takes a worker out of a program that another worker has already failed. */
  private static final class Abandoned extends Error {
    static final Abandoned SIGNAL = new Abandoned();

    private static final long serialVersionUID = 1;

    private Abandoned() {
      super("another worker failed", null, false, false);
    }
  }
}
