package nnc.cli.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Rows or lines as they arrive: a thread of its own reads them, so that whoever takes them gets all that are there, and never
 * waits for more than one.
 */
public final class Arrivals<T> {
  private static final int MOST_WAITING = 1024;
  private static final long VALUES_WAITING = 1 << 22; // 16 MB of numbers

  private final BlockingQueue<Item<T>> items;
  private @Nullable End<T> end;

  private sealed interface Item<T> {}

  private record Arrival<T>(T value) implements Item<T> {}

  /** Nothing comes after this; a failure if what comes could not be read. */
  private record End<T>(@Nullable Throwable failure) implements Item<T> {}

  private Arrivals(Iterator<T> source, int waiting) {
    this.items = new LinkedBlockingQueue<>(waiting);
    Thread.ofPlatform().name("nnc-arrivals").daemon().start(() -> read(source));
  }

  /** @param source what waits for the next line */
  public static Arrivals<Line> lines(Iterator<Line> source) {
    return new Arrivals<>(source, MOST_WAITING);
  }

  /**
   * Rows may be large: so many wait that batches are full, and no more than memory has room for.
   *
   * @param source what waits for the next one, and throws where it is wrong
   * @param together how many are taken at once
   * @param values how many numbers each of them holds
   */
  public static <T> Arrivals<T> rows(Iterator<T> source, int together, long values) {
    return new Arrivals<>(source, waiting(together, values));
  }

  /** How many rows wait at most: two batches of them, and more where they are small. */
  static int waiting(int together, long values) {
    return Math.toIntExact(
        Math.max(2L * together, Math.min(MOST_WAITING, VALUES_WAITING / values)));
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
