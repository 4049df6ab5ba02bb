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
 * while: so times are compared pair by pair, the median of an attempt counts, and an attempt counts only if work that shares
 * nothing gained from a second thread what it can while it lasted.
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
        Compiler.compile(Project.read(Path.of("w1.nn"), Optional.empty()), Compiler.Options.DEFAULT)
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
          "other programs kept the second processor busy nearly all the time");
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
            kernel -> session.model().signature().kernels().get(kernel).formula().contains(" . "))
        .toArray();
  }

  private static void multiply(Session session, int[] products) {
    for (int kernel : products) {
      session.runKernel(kernel);
    }
  }

  /** Two pieces of work that need no memory. */
  private static void spin(Team team) {
    team.run(worker -> {
      for (worker.rows(2, 1); worker.next(); ) {
        long state = worker.from + 1L;
        for (int i = 0; i < 1_000_000; i++) {
          state = state * 6364136223846793005L + 1442695040888963407L;
        }
        if (state == 0) {
          throw new IllegalStateException("kept, so that the loop is");
        }
      }
      worker.join();
    });
  }
}
