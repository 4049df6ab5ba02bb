package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A warm training step allocates nothing, on any thread: vectors that HotSpot boxes show here, and anything that a session or
 * a team would make anew. It is warm when HotSpot has compiled everything that a step runs, which takes as long as it takes.
 */
class AllocationTest {
  private static final int STEPS = 200;
  private static final int QUIET_ROUNDS = 3;
  private static final long PATIENCE_NANOS = 120_000_000_000L;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(strings = {"digits.nn", "w1.nn"})
  void aTrainingStepAllocatesNothing(String file) {
    CompiledModel model =
        Compiler.compile(Project.read(Path.of(file), Optional.empty()), Compiler.Options.DEFAULT)
            .load();
    model.initialise(1);
    try (Team team = Team.of(2);
        Session session = model.session(team)) {
      float[][] batch =
          model.signature().inputs().stream()
              .map(input -> values(input, model.signature().maximum()))
              .toArray(float[][]::new);
      long[] threads = threadsOfTheTeam();
      assertThat(threads).hasSize(2);
      int quiet = 0;
      for (long end = System.nanoTime() + PATIENCE_NANOS;
          quiet < QUIET_ROUNDS && System.nanoTime() < end; ) {
        long before = allocated(threads);
        train(session, batch);
        quiet = allocated(threads) == before ? quiet + 1 : 0;
      }
      assertThat(quiet)
          .as(() -> "rounds without allocations; what allocates: " + allocating(session, threads))
          .isEqualTo(QUIET_ROUNDS);
    }
  }

  private static void train(Session session, float[][] batch) {
    for (int step = 0; step < STEPS; step++) {
      for (int input = 0; input < batch.length; input++) {
        session.feed(input, batch[input], 0, batch[input].length);
      }
      session.step();
    }
  }

  private static float[] values(Signature.Value input, int rows) {
    float[] values = new float[input.elements(rows)];
    for (int i = 0; i < values.length; i++) {
      values[i] = input.classes() > 0 ? i % input.classes() : i % 17 / 16f;
    }
    return values;
  }

  /** This thread, which is worker 0, and the others. */
  private static long[] threadsOfTheTeam() {
    Stream<Thread> workers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("nnc-worker-"));
    return LongStream.concat(
            LongStream.of(Thread.currentThread().threadId()), workers.mapToLong(Thread::threadId))
        .toArray();
  }

  private static long allocated(long[] threads) {
    long bytes = 0;
    for (long thread : threads) {
      bytes += THREADS.getThreadAllocatedBytes(thread);
    }
    return bytes;
  }

  /** The kernels that allocate more than what running them one by one does. */
  private static List<String> allocating(Session session, long[] threads) {
    int[] kernels = session.stepKernels();
    long[] bytes =
        IntStream.of(kernels)
            .mapToLong(kernel -> {
              long before = allocated(threads);
              for (int i = 0; i < STEPS; i++) {
                session.runKernel(kernel);
              }
              return (allocated(threads) - before) / STEPS;
            })
            .toArray();
    long least = LongStream.of(bytes).min().orElse(0);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < kernels.length; i++) {
      if (bytes[i] > least) {
        found.add(
            session.model().signature().kernels().get(kernels[i]).name()
                + " "
                + (bytes[i] - least)
                + " bytes a run");
      }
    }
    return found;
  }
}
