package nnc.runtime;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A fixed team of threads that run one program together (single program, multiple data).
 *
 * <p>{@link #run} hands the same program to every worker; the calling thread is worker 0, the others are daemon threads
 * that live until {@link #close}. A program is a sequence of regions, each cut into pieces that the workers claim; see
 * {@link Worker}. While a team is busy a region costs a fraction of a microsecond; an idle team's threads sleep. Nothing
 * is allocated by a run.
 *
 * <p>A region begins when all pieces of the one before are done, but a worker without a piece is not waited for: it may
 * be regions behind, and catch up. So all work belongs into regions; what a program does between them, every worker may
 * do at its own time, and which regions there are must not depend on what regions compute.
 *
 * <p>A team runs one program at a time; calls from several threads take turns.
 */
public final class Team implements AutoCloseable {
  private static final int MOST_THREADS = 1024;

  /** What every worker of a team runs: for all of them the same regions in the same order. */
  @FunctionalInterface
  public interface Program {
    void run(Worker worker);
  }

  private final Worker[] workers;
  private final Progress progress;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Program program;
  private long firstRegion;
  private boolean closed;

  private Team(int threads) {
    workers = new Worker[threads];
    progress = new Progress(workers);
    for (int i = 0; i < threads; i++) {
      workers[i] = new Worker(i, threads, progress);
    }
    for (int i = 1; i < threads; i++) {
      Worker worker = workers[i];
      worker.thread =
          Thread.ofPlatform().name("nnc-worker-" + i).daemon().start(() -> serve(worker));
    }
  }

  /**
   * Starts a team.
   *
   * @param threads how many workers, the calling thread of {@link #run} included: at least 1
   */
  public static Team of(int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "a team has 1 to " + MOST_THREADS + " threads, not " + threads);
    }
    return new Team(threads);
  }

  /** The number of workers, the caller of {@link #run} included. */
  public int threads() {
    return workers.length;
  }

  /**
   * Runs a program on all workers and returns when all its regions are done.
   *
   * <p>If a piece of a region throws on any worker, the others leave at their next {@link Worker#join}, those in a
   * share of rows at its end, and the first throwable is thrown here, when nobody is in the program any more. The team stays usable.
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
    Worker caller = workers[0];
    this.program = program;
    firstRegion = progress.nextRegion();
    caller.thread = Thread.currentThread();
    caller.run = progress.beginRun(firstRegion);
    boolean finished = take(caller, program, firstRegion);
    progress.endRun();
    caller.thread = null;
    if (!finished) {
      awaitOthers(caller.run);
      throw Team.<RuntimeException>unchecked(failure.getAndSet(null));
    }
  }

  private void endThreads() {
    closed = true;
    progress.close();
    for (int i = 1; i < workers.length; i++) {
      joinUninterrupted(workers[i].thread);
    }
  }

  /** The life of a worker that is not the caller. */
  private void serve(Worker worker) {
    for (long run = progress.awaitRun(worker); run >= 0; run = progress.awaitRun(worker)) {
      worker.run = run;
      worker.busy = true;
      Program program = this.program;
      long firstRegion = this.firstRegion;
      VarHandle.acquireFence();
      // If the run still lasts, what has just been read belongs to it.
      if (progress.run() == run) {
        take(worker, program, firstRegion);
      }
      worker.busy = false;
    }
  }

  /** One worker's part of a run. Returns false if the program has failed, here or elsewhere. */
  private boolean take(Worker worker, Program program, long firstRegion) {
    worker.start(firstRegion);
    try {
      program.run(worker);
      worker.finish();
      return true;
    } catch (Worker.Abandoned signal) {
      return false;
    } catch (Throwable thrown) {
      // A worker that fails without a piece in its hands fails alone: the others do all the work.
      if (worker.holdsPieces() || worker == workers[0]) {
        failure.compareAndSet(null, thrown);
      }
      worker.abandon();
      return false;
    }
  }

  /** Waits until no other worker is in a run that has ended. */
  private void awaitOthers(long run) {
    for (Worker worker : workers) {
      while (worker.busy && worker.run == run) {
        Thread.yield();
      }
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
}
