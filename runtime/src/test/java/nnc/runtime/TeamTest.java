package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TeamTest {
  private static final int QUIET_ROUNDS = 5;
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 10, 3", "2, 1, 5", "2, 1000, 7", "3, 64, 1", "3, 2, 1", "5, 17, 4"})
  void everyRowIsClaimedOnceInEveryRegion(int threads, int rows, int grain) {
    AtomicIntegerArray claimed = new AtomicIntegerArray(rows);
    try (Team team = Team.of(threads)) {
      team.run(worker -> {
        for (int region = 0; region < 50; region++) {
          for (worker.rows(rows, grain); worker.next(); ) {
            assertThat(worker.to - worker.from).isBetween(1, grain);
            for (int i = worker.from; i < worker.to; i++) {
              claimed.incrementAndGet(i);
            }
          }
          worker.join();
        }
      });
    }
    for (int i = 0; i < rows; i++) {
      assertThat(claimed.get(i)).as("row %d", i).isEqualTo(50);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "5, 3, 7",
    "128, 512, 784",
    "300, 10, 64",
    "1, 1000, 8",
    "64, 64, 64",
    "1000, 700, 10"
  })
  void tilesCoverTheResultOnce(int m, int n, int k) {
    AtomicIntegerArray claimed = new AtomicIntegerArray(m * n);
    try (Team team = Team.of(2)) {
      team.run(worker -> {
        for (worker.tiles(m, n, k); worker.next(); ) {
          for (int i = worker.row0; i < worker.row1; i++) {
            for (int j = worker.col0; j < worker.col1; j++) {
              claimed.incrementAndGet(i * n + j);
            }
          }
        }
        worker.join();
      });
    }
    for (int at = 0; at < m * n; at++) {
      assertThat(claimed.get(at)).as("element %d", at).isEqualTo(1);
    }
  }

  /** Each row goes through the regions of a share in their order, whether rows are shared out or, being too few, regions are. */
  @ParameterizedTest
  @CsvSource({"1, 5", "2, 3", "2, 16", "2, 33", "3, 24", "3, 100", "4, 31"})
  void everyRowGoesThroughAllRegionsOfItsShareInTheirOrder(int threads, int rows) {
    int steps = 20;
    int width = 3;
    AtomicIntegerArray done = new AtomicIntegerArray(rows * width);
    AtomicInteger misplaced = new AtomicInteger();
    try (Team team = Team.of(threads)) {
      team.run(worker -> {
        for (int run = 0; run < 10; run++) {
          int before = run * steps * 2;
          for (worker.shares(rows); worker.nextShare(); ) {
            for (int step = 0; step < steps; step++) {
              int expected = before + 2 * step;
              for (worker.rows(rows * width, 4); worker.next(); ) {
                for (int i = worker.from; i < worker.to; i++) {
                  misplaced.addAndGet(done.getAndIncrement(i) == expected ? 0 : 1);
                }
              }
              worker.join();
              for (worker.tiles(rows, width, 1000); worker.next(); ) {
                for (int i = worker.row0; i < worker.row1; i++) {
                  for (int j = worker.col0; j < worker.col1; j++) {
                    misplaced.addAndGet(
                        done.getAndIncrement(i * width + j) == expected + 1 ? 0 : 1);
                  }
                }
              }
              worker.join();
            }
          }
          worker.joinShares();
        }
      });
    }
    assertThat(misplaced).hasValue(0);
    for (int i = 0; i < done.length(); i++) {
      assertThat(done.get(i)).as("element %d", i).isEqualTo(10 * steps * 2);
    }
  }

  @Test
  void whatAShareThrowsReachesTheCaller() {
    try (Team team = Team.of(2)) {
      assertThatThrownBy(() ->
              team.run(worker -> {
                for (worker.shares(16); worker.nextShare(); ) {
                  for (worker.rows(16, 1); worker.next(); ) {
                    if (worker.from == 11) {
                      throw new ArithmeticException("in a share");
                    }
                  }
                  worker.join();
                }
                worker.joinShares();
              }))
          .isInstanceOf(ArithmeticException.class)
          .hasMessage("in a share");
      AtomicInteger rows = new AtomicInteger();
      team.run(worker -> {
        for (worker.rows(10, 1); worker.next(); ) {
          rows.incrementAndGet();
        }
        worker.join();
      });
      assertThat(rows).hasValue(10);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aRegionSeesAllThatTheRegionsBeforeHaveWritten(int threads) {
    int[] values = new int[1000];
    int[] sums = new int[8];
    try (Team team = Team.of(threads)) {
      for (int run = 0; run < 20; run++) {
        team.run(worker -> {
          for (int region = 0; region < 100; region++) {
            for (worker.rows(values.length, 10); worker.next(); ) {
              for (int i = worker.from; i < worker.to; i++) {
                values[i]++;
              }
            }
            worker.join();
            for (worker.rows(sums.length, 1); worker.next(); ) {
              sums[worker.from] += Arrays.stream(values).sum();
            }
            worker.join();
          }
        });
      }
    }
    // After 2000 increments of a thousand values: 1000 (1 + 2 + … + 2000)
    assertThat(sums).containsOnly(2_001_000_000);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "2, 1", "3, 0", "3, 2"})
  void whatAPieceThrowsReachesTheCallerAndTheTeamStaysUsable(int threads, int culprit) {
    try (Team team = Team.of(threads)) {
      for (int repeat = 0; repeat < 200; repeat++) {
        Together all = new Together(threads);
        assertThatThrownBy(() ->
                team.run(worker -> {
                  visit(worker, 20, () -> {});
                  together(
                      worker,
                      all,
                      () -> {
                        if (worker.index() == culprit) {
                          throw new ArithmeticException("in worker " + culprit);
                        }
                      });
                  visit(worker, 20, () -> {});
                }))
            .isInstanceOf(ArithmeticException.class)
            .hasMessage("in worker " + culprit);
        assertThat(countPieces(team, 20)).isEqualTo(20);
      }
    }
  }

  @Test
  void aWorkerWithoutAPieceIsNotWaitedFor() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger pieces = new AtomicInteger();
    try (Team team = Team.of(2)) {
      team.run(worker -> {
        if (worker.index() == 0) {
          await(entered);
        } else {
          entered.countDown();
          await(release);
          released.countDown();
        }
        for (int region = 0; region < 10; region++) {
          visit(worker, 5, pieces::incrementAndGet);
        }
      });
      assertThat(pieces).hasValue(50);
      assertThat(countPieces(team, 20)).isEqualTo(20);
      release.countDown();
      await(released);
      for (int run = 0; run < 1000; run++) {
        assertThat(countPieces(team, 20)).isEqualTo(20);
      }
      assertThat(pieces).hasValue(50);
    }
  }

  /**
   * Not a byte, in several rounds in a row in which every worker has had pieces. How many rounds come before them, HotSpot
   * decides: where it leaves code that it has compiled for better code, once or twice for each method, it makes the vectors
   * anew that were in registers, 100 to 300 bytes on whichever thread is there, and under load that may come late.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aRunAllocatesNothingOnAnyThread(int threads) {
    float[] a = new float[200 * 300];
    float[] b = new float[300 * 70];
    float[] c = new float[200 * 70];
    float[] packed = new float[Products.packedLength(300, 70)];
    int[] pieces = new int[threads];
    Products products = Provider.best().products();
    products.warmUp();
    Team.Program program =
        worker -> {
          products.pack(worker, b, 0, 70, 1, 200, 300, 70, packed, 0);
          for (worker.tiles(200, 70, 300); worker.next(); ) {
            products.tile(
                worker, a, 0, 300, 1, b, 0, 70, 1, packed, 0, c, 0, 70, 200, 300, 70, false);
            pieces[worker.index()]++;
          }
          worker.join();
        };
    try (Team team = Team.of(threads)) {
      Thread[] workers = threadsOf(team);
      int quiet = 0;
      for (long end = System.nanoTime() + PATIENCE_NANOS;
          quiet < QUIET_ROUNDS && System.nanoTime() < end; ) {
        long before = allocated(workers);
        Arrays.fill(pieces, 0);
        for (int i = 0; i < 100; i++) {
          team.run(program);
        }
        boolean nothing = allocated(workers) == before;
        boolean all = Arrays.stream(pieces).allMatch(count -> count > 0);
        quiet = !nothing ? 0 : all ? quiet + 1 : quiet;
      }
      assertThat(quiet).as("rounds without allocations").isEqualTo(QUIET_ROUNDS);
    }
  }

  private static long allocated(Thread[] threads) {
    long bytes = 0;
    for (Thread thread : threads) {
      bytes += MEMORY.getThreadAllocatedBytes(thread.threadId());
    }
    return bytes;
  }

  @Test
  void anIdleTeamUsesNoProcessor() throws InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Team team = Team.of(2)) {
      long worker = threadsOf(team)[1].threadId();
      Thread.sleep(20);
      long before = threads.getThreadCpuTime(worker);
      Thread.sleep(100);
      assertThat(threads.getThreadCpuTime(worker) - before).isLessThan(5_000_000);
    }
  }

  @Test
  void closeEndsTheThreads() {
    Team team = Team.of(3);
    Thread[] workers = threadsOf(team);
    team.close();
    team.close();
    assertThat(workers[0]).isSameAs(Thread.currentThread());
    assertThat(workers[1].isAlive()).isFalse();
    assertThat(workers[2].isAlive()).isFalse();
    assertThatThrownBy(() -> team.run(worker -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void noWorkerCanRunOrCloseItsOwnTeam(int index) {
    try (Team team = Team.of(2)) {
      for (Runnable action : List.<Runnable>of(() -> team.run(other -> {}), team::close)) {
        Together all = new Together(2);
        assertThatThrownBy(() ->
                team.run(worker ->
                    together(
                        worker,
                        all,
                        () -> {
                          if (worker.index() == index) {
                            action.run();
                          }
                        })))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("the team it runs on");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 5000})
  void aTeamHasAtLeastOneThreadAndNotTooMany(int threads) {
    assertThatThrownBy(() -> Team.of(threads))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not " + threads);
  }

  @Test
  void callersFromSeveralThreadsTakeTurns() throws InterruptedException {
    int[] count = new int[1];
    try (Team team = Team.of(2)) {
      Thread[] callers = new Thread[4];
      for (int i = 0; i < callers.length; i++) {
        callers[i] =
            Thread.ofPlatform()
                .start(() -> {
                  for (int run = 0; run < 500; run++) {
                    team.run(worker -> {
                      for (worker.rows(1, 1); worker.next(); ) {
                        count[0]++;
                      }
                      worker.join();
                    });
                  }
                });
      }
      for (Thread caller : callers) {
        caller.join();
      }
    }
    assertThat(count[0]).isEqualTo(2000);
  }

  private static int countPieces(Team team, int rows) {
    AtomicInteger pieces = new AtomicInteger();
    team.run(worker -> visit(worker, rows, pieces::incrementAndGet));
    return pieces.get();
  }

  /** A region of small pieces. */
  private static void visit(Worker worker, int pieces, Runnable action) {
    for (worker.rows(pieces, 1); worker.next(); ) {
      action.run();
    }
    worker.join();
  }

  /** A region in which every worker has a piece and waits, with it, until all have one. */
  private static void together(Worker worker, Together all, Runnable action) {
    visit(
        worker,
        all.workers,
        () -> {
          all.arrived.countDown();
          await(all.arrived);
          action.run();
        });
  }

  private record Together(int workers, CountDownLatch arrived) {
    Together(int workers) {
      this(workers, new CountDownLatch(workers));
    }
  }

  private static Thread[] threadsOf(Team team) {
    Thread[] threads = new Thread[team.threads()];
    Together all = new Together(threads.length);
    team.run(
        worker -> together(worker, all, () -> threads[worker.index()] = Thread.currentThread()));
    return threads;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
