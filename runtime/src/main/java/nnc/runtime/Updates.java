package nnc.runtime;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the updates of a model's parameters, as a sequence lock does: the number is odd while one is under way. Who computes
 * with the parameters sees by it whether they have changed meanwhile, and writes nothing that other threads read.
 */
final class Updates {
  private final AtomicInteger count = new AtomicInteger();

  /** Before parameters are read: the number to compare with afterwards. */
  int begin() {
    int begun = count.get();
    if ((begun & 1) != 0) {
      throw refused();
    }
    return begun;
  }

  /** After parameters were read: refuses what was computed if an update came between. */
  void requireNoneSince(int begun) {
    VarHandle.acquireFence();
    if (count.get() != begun) {
      throw refused();
    }
  }

  /** Before parameters are written by who has read them since the number was {@code begun}. */
  void beginUpdate(int begun) {
    if (!count.compareAndSet(begun, begun + 1)) {
      throw refused();
    }
    VarHandle.storeStoreFence();
  }

  void endUpdate() {
    count.incrementAndGet();
  }

  private static IllegalStateException refused() {
    return new IllegalStateException(
        "another session trained the same model meanwhile: while one trains, no other may run");
  }
}
