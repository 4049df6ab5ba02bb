package nnc.cli.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import nnc.data.CsvRows;
import org.jspecify.annotations.Nullable;

/**
 * Rows as they arrive: a thread of its own reads them, so that whoever takes them gets all that are there, and never waits for
 * more than one.
 */
final class RowPipe {
  private static final int WAITING = 1024;

  private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(WAITING);
  private @Nullable End end;

  private sealed interface Item {}

  /** A row and the line on which it starts. */
  record Row(float[] values, long line) implements Item {}

  /** Nothing comes after this; a failure if what comes could not be read. */
  private record End(@Nullable Throwable failure) implements Item {}

  RowPipe(CsvRows rows) {
    Thread.ofPlatform().name("nnc-rows").daemon().start(() -> read(rows));
  }

  private void read(CsvRows rows) {
    try {
      End last = new End(null);
      try {
        while (rows.hasNext()) {
          items.put(new Row(rows.next(), rows.line()));
        }
      } catch (RuntimeException | Error e) {
        last = new End(e);
      }
      items.put(last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for a row, and takes those that are there by then.
   *
   * @return at most so many rows; none at the end
   * @throws nnc.data.DataException if the next row is wrong; the rows before it have been returned
   */
  List<Row> take(int most) throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Item item = end == null ? items.take() : end;
        item != null;
        item = rows.size() < most ? items.poll() : null) {
      switch (item) {
        case Row row -> rows.add(row);
        case End last -> {
          end = last;
          if (rows.isEmpty() && last.failure() != null) {
            throw RowPipe.<RuntimeException>unchecked(last.failure());
          }
          return rows;
        }
      }
    }
    return rows;
  }

  /** The reader throws nothing that its caller would have to declare. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
