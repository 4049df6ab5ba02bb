package nnc.cli.train;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C as a question: whether the user has asked to stop. The process ends when the training has closed this, so that it can
 * finish its step and write its checkpoint.
 */
public final class StopSignal implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "nnc-stop");
  private volatile boolean requested;

  public StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop() {
    requested = true;
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public boolean requested() {
    return requested;
  }

  @Override
  public void close() {
    closed.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException alreadyEnding) {
        // the hook has begun between the question and here, and finds the door open
      }
    }
  }
}
