package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.runtime.CompiledModel;
import nnc.runtime.Provider;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;
import org.junit.jupiter.api.Test;

/**
 * The products of workload W1 are at least half as fast again on two threads. Other programs may keep a processor busy for a
 * while, and what is shown as two may be two threads of one: so times are compared pair by pair, the median of an attempt
 * counts, and an attempt counts only if work that shares nothing gained from a second thread what it can while it lasted.
 */
class TwoThreadsTest {
  private static final double LEAST_SPEEDUP = 1.5;
  private static final double TWO_PROCESSORS = 1.8;
  private static final int PAIRS = 21;
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final int ENOUGH = 5;
  private static final int WARM_UP = 300;

  /** What a second thread gained: work that shares nothing, and the products. */
  private record Attempt(double independent, double products) {}

  @Test
  void twoThreadsMultiplyAtLeastHalfAsFastAgain() {
    assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "there is one processor only");
    assumeTrue(Provider.best().vector(), "products are scalar here");
    CompiledModel model =
        Compiler.compile(
                Project.read(Path.of("../tools/benchmarks/workloads/w1.nn"), Optional.empty()),
                Compiler.Options.DEFAULT)
            .load();
    model.initialise(1);
    try (Team one = Team.of(1);
        Team two = Team.of(2);
        Session alone = model.session(one);
        Session shared = model.session(two)) {
      feed(alone);
      feed(shared);
      int[] products = products(alone);
      assertThat(products)
          .hasSize(
              8); // a layer's forward product, that of its weights, and of all but one those of its
      // input
      for (int i = 0; i < WARM_UP; i++) {
        multiply(alone, products);
        multiply(shared, products);
        spin(one);
        spin(two);
      }
      int counted = 0;
      double best = 0;
      for (long end = System.nanoTime() + PATIENCE_NANOS;
          System.nanoTime() < end && counted < ENOUGH && best < LEAST_SPEEDUP; ) {
        Attempt attempt =
            attempt(
                () -> spin(one),
                () -> spin(two),
                () -> multiply(alone, products),
                () -> multiply(shared, products));
        if (attempt.independent >= TWO_PROCESSORS) {
          counted++;
          best = Math.max(best, attempt.products);
        }
      }
      assumeTrue(
          best >= LEAST_SPEEDUP || counted == ENOUGH,
          "there were hardly ever two whole processors to be had");
      assertThat(best)
          .as("times as fast on two threads, the best of %d attempts", counted)
          .isGreaterThanOrEqualTo(LEAST_SPEEDUP);
    }
  }

  private static Attempt attempt(
      Runnable spinAlone, Runnable spinShared, Runnable alone, Runnable shared) {
    double[] independent = new double[PAIRS];
    double[] products = new double[PAIRS];
    for (int pair = 0; pair < PAIRS; pair++) {
      independent[pair] = nanos(spinAlone) / nanos(spinShared);
      products[pair] = nanos(alone) / nanos(shared);
    }
    return new Attempt(median(independent), median(products));
  }

  private static double nanos(Runnable work) {
    long before = System.nanoTime();
    work.run();
    return System.nanoTime() - before;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void feed(Session session) {
    for (Signature.Value input : session.model().signature().inputs()) {
      int elements = input.elements(session.model().signature().maximum());
      float[] values = new float[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = input.classes() > 0 ? i % input.classes() : i % 17 / 16f;
      }
      session.feed(input.name(), values);
    }
    session.gradient();
  }

  private static int[] products(Session session) {
    return IntStream.of(session.stepKernels())
        .filter(
            kernel -> session.model().signature().kernels().get(kernel).formula().contains(" · "))
        .toArray();
  }

  private static void multiply(Session session, int[] products) {
    for (int kernel : products) {
      session.runKernel(kernel);
    }
  }

  /**
   * Two pieces of work that need no memory, but all that a processor can multiply and add: two threads of one processor gain
   * nothing by it.
   */
  private static void spin(Team team) {
    team.run(worker -> {
      for (worker.rows(2, 1); worker.next(); ) {
        double a = worker.from, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7, i = 8, j = 9;
        for (int turn = 0; turn < 400_000; turn++) {
          a = Math.fma(a, 0.5, 1);
          b = Math.fma(b, 0.5, 1);
          c = Math.fma(c, 0.5, 1);
          d = Math.fma(d, 0.5, 1);
          e = Math.fma(e, 0.5, 1);
          f = Math.fma(f, 0.5, 1);
          g = Math.fma(g, 0.5, 1);
          h = Math.fma(h, 0.5, 1);
          i = Math.fma(i, 0.5, 1);
          j = Math.fma(j, 0.5, 1);
        }
        if (a + b + c + d + e + f + g + h + i + j < 0) {
          throw new IllegalStateException("kept, so that the loop is");
        }
      }
      worker.join();
    });
  }
}
