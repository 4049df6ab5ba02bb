package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TeamTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 10, 3", "2, 1, 5", "2, 1000, 7", "3, 64, 1", "3, 2, 1", "5, 17, 4"})
  void everyRowIsClaimedOnceInEveryRegion(int threads, int rows, int grain) {
    AtomicIntegerArray claimed = new AtomicIntegerArray(rows);
    try (Team team = Team.of(threads)) {
      team.run(
          worker -> {
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
  @CsvSource({"1, 1, 1", "5, 3, 7", "128, 512, 784", "300, 10, 64", "1, 1000, 8", "64, 64, 64", "1000, 700, 10"})
  void tilesCoverTheResultOnce(int m, int n, int k) {
    AtomicIntegerArray claimed = new AtomicIntegerArray(m * n);
    try (Team team = Team.of(2)) {
      team.run(
          worker -> {
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void joinPublishesWhatAllWorkersWrote(int threads) {
    int[] values = new int[1000];
    int[] sums = new int[threads];
    try (Team team = Team.of(threads)) {
      for (int run = 0; run < 20; run++) {
        team.run(
            worker -> {
              for (int region = 0; region < 100; region++) {
                for (worker.rows(values.length, 10); worker.next(); ) {
                  for (int i = worker.from; i < worker.to; i++) {
                    values[i]++;
                  }
                }
                worker.join();
                sums[worker.index()] += Arrays.stream(values).sum();
                worker.join();
              }
            });
      }
    }
    // 2000 regions, after each of which all workers see 1000 equal values: 1000 (1 + 2 + … + 2000)
    assertThat(sums).containsOnly(2_001_000_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theFirstThrowableOfAnyWorkerReachesTheCallerAndTheTeamStaysUsable(int threads) {
    try (Team team = Team.of(threads)) {
      for (int culprit = 0; culprit < threads; culprit++) {
        int failing = culprit;
        for (int repeat = 0; repeat < 100; repeat++) {
          assertThatThrownBy(
                  () ->
                      team.run(
                          worker -> {
                            for (int region = 0; region < 4; region++) {
                              for (worker.rows(20, 1); worker.next(); ) {
                                if (region == 2 && worker.index() == failing) {
                                  throw new ArithmeticException("in worker " + failing);
                                }
                              }
                              if (region == 2 && worker.index() == failing) {
                                throw new ArithmeticException("in worker " + failing);
                              }
                              worker.join();
                            }
                          }))
              .isInstanceOf(ArithmeticException.class)
              .hasMessage("in worker " + failing);
          assertThat(countPieces(team, 20)).isEqualTo(20);
        }
      }
    }
  }

  @Test
  void workersThatLeaveAtDifferentTimesDoNotBlockTheOthers() {
    try (Team team = Team.of(3)) {
      AtomicInteger joins = new AtomicInteger();
      team.run(
          worker -> {
            for (int i = 0; i < worker.index(); i++) {
              worker.join();
              joins.incrementAndGet();
            }
          });
      assertThat(joins).hasValue(3);
      assertThat(countPieces(team, 20)).isEqualTo(20);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aRunAllocatesNothingOnAnyThread(int threads) {
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] threadIds = new long[threads];
    long[] before = new long[threads];
    float[] a = new float[200 * 300];
    float[] b = new float[300 * 70];
    float[] c = new float[200 * 70];
    float[] packed = new float[Products.packedLength(300, 70)];
    Products products = Provider.best().products();
    products.warmUp();
    Team.Program program =
        worker -> {
          threadIds[worker.index()] = Thread.currentThread().threadId();
          products.pack(worker, b, 0, 70, 1, 200, 300, 70, packed, 0);
          for (worker.tiles(200, 70, 300); worker.next(); ) {
            products.tile(worker, a, 0, 300, 1, b, 0, 70, 1, packed, 0, c, 0, 70, 200, 300, 70, false);
          }
          worker.join();
        };
    try (Team team = Team.of(threads)) {
      for (int i = 0; i < 3000; i++) {
        team.run(program);
      }
      for (int i = 0; i < threads; i++) {
        before[i] = memory.getThreadAllocatedBytes(threadIds[i]);
      }
      for (int i = 0; i < 100; i++) {
        team.run(program);
      }
      for (int i = 0; i < threads; i++) {
        assertThat(memory.getThreadAllocatedBytes(threadIds[i]) - before[i])
            .as("bytes allocated by worker %d in 100 runs", i)
            // Asking allocates a little itself, on the thread that asks.
            .isLessThan(i == 0 ? 1000 : 1);
      }
    }
  }

  @Test
  void anIdleTeamUsesNoProcessor() throws InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] ids = new long[2];
    try (Team team = Team.of(2)) {
      team.run(worker -> ids[worker.index()] = Thread.currentThread().threadId());
      Thread.sleep(20);
      long before = threads.getThreadCpuTime(ids[1]);
      Thread.sleep(100);
      assertThat(threads.getThreadCpuTime(ids[1]) - before).isLessThan(5_000_000);
    }
  }

  @Test
  void closeEndsTheThreads() {
    Thread[] seen = new Thread[3];
    Team team = Team.of(3);
    team.run(worker -> seen[worker.index()] = Thread.currentThread());
    team.close();
    team.close();
    assertThat(seen[0]).isSameAs(Thread.currentThread());
    assertThat(seen[1].isAlive()).isFalse();
    assertThat(seen[2].isAlive()).isFalse();
    assertThatThrownBy(() -> team.run(worker -> {})).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void noWorkerCanRunOrCloseItsOwnTeam(int index) {
    try (Team team = Team.of(2)) {
      assertThatThrownBy(() -> team.run(worker -> onWorker(worker, index, () -> team.run(other -> {}))))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> team.run(worker -> onWorker(worker, index, team::close)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static void onWorker(Worker worker, int index, Runnable action) {
    if (worker.index() == index) {
      action.run();
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
        callers[i] = Thread.ofPlatform().start(() -> {
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
    team.run(
        worker -> {
          for (worker.rows(rows, 1); worker.next(); ) {
            pieces.incrementAndGet();
          }
          worker.join();
        });
    return pieces.get();
  }
}
