package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.model.Program;
import nnc.compiler.source.Source;
import nnc.compiler.syntax.Ast;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A warm training step allocates nothing, on any thread: vectors that HotSpot boxes show here, and anything that a session or
 * a team would make anew. It is warm when HotSpot has compiled everything that a step runs, which takes as long as it takes.
 */
class AllocationTest {
  private static final int STEPS = 200;
  private static final int QUIET_ROUNDS = 3;
  private static final long PATIENCE_NANOS = 120_000_000_000L;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What the shipped models leave out: the other functions, random numbers, rows that are normalised, odd sizes. */
  private static final Source FUNCTIONS =
      new Source(
          "functions.nn",
          """
          model Functions {
            dim B = 48
            input x: f32[B, 45]
            input truth: f32[B, 21]
            h = x |> Dense(96, softplus) |> LayerNorm() |> Dropout(0.2) |> Dense(70, gelu)
            h = h |> Dense(64, silu) |> Dense(33, elu) |> Dense(50, tanh) |> LayerNorm() |> Dense(21)
            waves = sin(h) + cos(2 * h) + log1p(h^2) + expm1(-abs(h)) + (h^2 + 1)^0.75
            z = waves |> Dense(21) |> log_softmax
            loss = binary_cross_entropy(z, truth)
          }

          train Functions {
            optimizer Momentum(lr = 1e-3, mu = 0.9)
            clip      norm 1
          }
          """);

  static Stream<Named<Program>> programs() throws IOException {
    return Stream.concat(
            AllModelsTest.models().stream().map(file -> Project.read(file, Optional.empty())),
            Stream.of(Project.of(FUNCTIONS, Optional.empty())))
        .filter(AllocationTest::isTrained)
        .map(program -> Named.of(program.main().source().name(), program));
  }

  private static boolean isTrained(Program program) {
    return program.main().declarations().stream()
        .anyMatch(declaration -> declaration instanceof Ast.TrainDeclaration);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aTrainingStepAllocatesNothing(Program program) {
    CompiledModel model = Compiler.compile(program, Compiler.Options.DEFAULT).load();
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
      boolean finite = true;
      for (long end = System.nanoTime() + PATIENCE_NANOS;
          quiet < QUIET_ROUNDS && System.nanoTime() < end; ) {
        long before = allocated(threads);
        finite &= train(session, batch);
        quiet = allocated(threads) == before ? quiet + 1 : 0;
      }
      assertThat(quiet)
          .as(() -> "rounds without allocations; what allocates: " + allocating(session, threads))
          .isEqualTo(QUIET_ROUNDS);
      assertThat(finite).as("all losses were finite").isTrue();
    }
  }

  private static boolean train(Session session, float[][] batch) {
    boolean finite = true;
    for (int step = 0; step < STEPS; step++) {
      for (int input = 0; input < batch.length; input++) {
        session.feed(input, batch[input], 0, batch[input].length);
      }
      finite &= session.step();
    }
    return finite;
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
