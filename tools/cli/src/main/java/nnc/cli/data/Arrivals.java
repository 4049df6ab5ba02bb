package nnc.cli.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Rows or lines as they arrive: a thread of its own reads them, so that whoever takes them gets all that are there, and never
 * waits for more than one.
 */
public final class Arrivals<T> {
  private static final int WAITING = 1024;

  private final BlockingQueue<Item<T>> items = new ArrayBlockingQueue<>(WAITING);
  private @Nullable End<T> end;

  private sealed interface Item<T> {}

  private record Arrival<T>(T value) implements Item<T> {}

  /** Nothing comes after this; a failure if what comes could not be read. */
  private record End<T>(@Nullable Throwable failure) implements Item<T> {}

  /** @param source what waits for the next one, and throws where it is wrong */
  public Arrivals(Iterator<T> source) {
    Thread.ofPlatform().name("nnc-arrivals").daemon().start(() -> read(source));
  }

  private void read(Iterator<T> source) {
    try {
      End<T> last = new End<>(null);
      try {
        while (source.hasNext()) {
          items.put(new Arrival<>(source.next()));
        }
      } catch (RuntimeException | Error e) {
        last = new End<>(e);
      }
      items.put(last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for one, and takes those that are there by then.
   *
   * @return at most so many; none at the end
   * @throws nnc.data.DataException if the next one is wrong; those before it have been returned
   */
  public List<T> take(int most) throws InterruptedException {
    List<T> taken = new ArrayList<>();
    for (Item<T> item = end == null ? items.take() : end;
        item != null;
        item = taken.size() < most ? items.poll() : null) {
      switch (item) {
        case Arrival<T>(T value) -> taken.add(value);
        case End<T> last -> {
          end = last;
          if (taken.isEmpty() && last.failure() != null) {
            throw Arrivals.<RuntimeException>unchecked(last.failure());
          }
          return taken;
        }
      }
    }
    return taken;
  }

  /** The reader throws nothing that its caller would have to declare. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
