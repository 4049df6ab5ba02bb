package nnc.cli.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import org.jspecify.annotations.Nullable;

/**
 * Cuts rows into batches and feeds them to a session; the last batch has what is left. While a batch is computed, a thread of
 * its own gathers the next one, so that no step waits for data.
 */
public final class Batches {
  private static final ExecutorService GATHERING =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().name("nnc-batches").daemon().unstarted(task));

  private final Dataset data;
  private final Session session;
  private final int most;
  private final int[] inputs;
  private List<float[]> present;
  private List<float[]> next;
  private @Nullable Ahead ahead;

  /** A batch that is being gathered. */
  private record Ahead(int batch, int[] order, Future<?> gathering) {}

  public Batches(Dataset data, Session session) {
    Signature signature = session.model().signature();
    this.data = data;
    this.session = session;
    this.most = signature.maximum();
    this.inputs =
        data.columns().stream()
            .mapToInt(column -> signature.inputs().indexOf(signature.input(column.input())))
            .toArray();
    this.present = room();
    this.next = room();
  }

  private List<float[]> room() {
    List<float[]> room = new ArrayList<>();
    for (Column column : data.columns()) {
      room.add(new float[Math.multiplyExact(Math.min(most, data.rows()), column.perRow())]);
    }
    return room;
  }

  /** How many batches that many rows make. */
  public int count(int rows) {
    return Math.ceilDiv(rows, most);
  }

  /**
   * Feeds the batch of that number.
   *
   * @param order numbers of rows, in the order in which they are visited; not changed meanwhile
   * @return the number of its rows
   */
  public int feed(int batch, int[] order) {
    take(batch, order);
    int rows = rows(batch, order);
    for (int i = 0; i < inputs.length; i++) {
      session.feed(inputs[i], present.get(i), 0, rows * data.columns().get(i).perRow());
    }
    if (batch + 1 < count(order.length)) {
      List<float[]> to = next;
      ahead = new Ahead(batch + 1, order, GATHERING.submit(() -> gather(batch + 1, order, to)));
    }
    return rows;
  }

  /** Lets {@link #present} hold the batch: it may have been gathered by now. */
  private void take(int batch, int[] order) {
    Ahead begun = ahead;
    ahead = null;
    if (begun != null) {
      join(begun.gathering());
      if (begun.batch() == batch && begun.order() == order) {
        List<float[]> gathered = next;
        next = present;
        present = gathered;
        return;
      }
    }
    gather(batch, order, present);
  }

  private static void join(Future<?> gathering) {
    try {
      gathering.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a batch was gathered", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException problem
          ? problem
          : new IllegalStateException(e.getCause());
    }
  }

  private int rows(int batch, int[] order) {
    return Math.min(most, order.length - batch * most);
  }

  private void gather(int batch, int[] order, List<float[]> to) {
    int rows = rows(batch, order);
    for (int i = 0; i < inputs.length; i++) {
      Column column = data.columns().get(i);
      for (int row = 0; row < rows; row++) {
        column.copy(order[batch * most + row], to.get(i), row * column.perRow());
      }
    }
  }
}
