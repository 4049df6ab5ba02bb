package nnc.cli.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import nnc.data.Order;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import org.jspecify.annotations.Nullable;

/**
 * Cuts rows into batches and feeds them to sessions; the last batch of each kind has what is left. While a batch is computed, a
 * thread of its own gathers the next one, so that no step waits for data.
 */
public final class Batches {
  private static final ExecutorService GATHERING =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().name("nnc-batches").daemon().unstarted(task));

  private final Dataset data;
  private final List<Bucket> buckets;
  private final Lengths lengths;
  private final int most;
  private final int[] inputs;
  private final int[] bucketOf;
  private List<float[]> present;
  private List<float[]> next;
  private @Nullable Ahead ahead;

  /**
   * A session for sequences up to some length.
   *
   * @param sizes of the dims that are bounded
   */
  public record Bucket(Session session, Map<String, Integer> sizes) {}

  /**
   * Which batches there are, in their order.
   *
   * @param order the numbers of all rows
   * @param cuts which of them make a batch
   */
  public record Plan(int[] order, List<Cut> cuts) {
    public int batches() {
      return cuts.size();
    }

    /** How many rows the first batches have, so many. */
    public int rows(int batches) {
      return cuts.stream().limit(batches).mapToInt(Cut::rows).sum();
    }
  }

  /** A batch: places in the order of a plan, and the bucket that it goes to. */
  public record Cut(int bucket, int from, int rows) {}

  /** A batch that is being gathered. */
  private record Ahead(Plan plan, int batch, Future<?> gathering) {}

  /** @param buckets from short sequences to long ones; all rows fit into the last */
  public Batches(Dataset data, Lengths lengths, List<Bucket> buckets) {
    Signature signature = buckets.getLast().session().model().signature();
    this.data = data;
    this.lengths = lengths;
    this.buckets = List.copyOf(buckets);
    this.most = signature.maximum();
    this.inputs =
        data.columns().stream()
            .mapToInt(column -> signature.inputs().indexOf(signature.input(column.input())))
            .toArray();
    List<Map<String, Integer>> sizes = buckets.stream().map(Bucket::sizes).toList();
    this.bucketOf =
        IntStream.range(0, buckets.size() == 1 ? 0 : data.rows())
            .map(row -> lengths.bucket(row, sizes))
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

  /** The batches of rows in this order; those of each bucket come together. */
  public Plan plan(int[] order) {
    int[] arranged = order;
    int[] ends = {order.length};
    if (buckets.size() > 1) {
      ends = new int[buckets.size()];
      for (int row : order) {
        ends[bucketOf[row]]++;
      }
      int[] places = new int[buckets.size()];
      for (int bucket = 1; bucket < buckets.size(); bucket++) {
        places[bucket] = ends[bucket - 1];
        ends[bucket] += ends[bucket - 1];
      }
      arranged = new int[order.length];
      for (int row : order) {
        arranged[places[bucketOf[row]]++] = row;
      }
    }
    List<Cut> cuts = new ArrayList<>();
    int from = 0;
    for (int bucket = 0; bucket < ends.length; bucket++) {
      for (; from < ends[bucket]; from += most) {
        cuts.add(new Cut(bucket, from, Math.min(most, ends[bucket] - from)));
      }
      from = ends[bucket];
    }
    return new Plan(arranged, cuts);
  }

  /** The batches of an epoch; those of several buckets are shuffled, by the seed. */
  public Plan plan(int[] order, long seed, int epoch) {
    Plan plan = plan(order);
    if (buckets.size() == 1) {
      return plan;
    }
    List<Cut> shuffled = new ArrayList<>();
    for (int cut : Order.shuffledBatches(plan.batches(), seed, epoch)) {
      shuffled.add(plan.cuts().get(cut));
    }
    return new Plan(plan.order(), shuffled);
  }

  /**
   * Feeds a batch.
   *
   * @return the session that has it now
   */
  public Session feed(Plan plan, int batch) {
    take(plan, batch);
    Cut cut = plan.cuts().get(batch);
    Bucket bucket = buckets.get(cut.bucket());
    for (int i = 0; i < inputs.length; i++) {
      int width = lengths.width(i, bucket.sizes());
      bucket.session().feed(inputs[i], present.get(i), 0, cut.rows() * width);
    }
    if (batch + 1 < plan.batches()) {
      List<float[]> to = next;
      ahead = new Ahead(plan, batch + 1, GATHERING.submit(() -> gather(plan, batch + 1, to)));
    }
    return bucket.session();
  }

  /** Lets {@link #present} hold the batch: it may have been gathered by now. */
  private void take(Plan plan, int batch) {
    Ahead begun = ahead;
    ahead = null;
    if (begun != null) {
      join(begun.gathering());
      if (begun.batch() == batch && begun.plan() == plan) {
        List<float[]> gathered = next;
        next = present;
        present = gathered;
        return;
      }
    }
    gather(plan, batch, present);
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

  private void gather(Plan plan, int batch, List<float[]> to) {
    Cut cut = plan.cuts().get(batch);
    for (int i = 0; i < inputs.length; i++) {
      int width = lengths.width(i, buckets.get(cut.bucket()).sizes());
      for (int row = 0; row < cut.rows(); row++) {
        data.columns().get(i).copy(plan.order()[cut.from() + row], width, to.get(i), row * width);
      }
    }
  }
}
