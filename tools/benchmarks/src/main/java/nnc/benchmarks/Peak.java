package nnc.benchmarks;

import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import nnc.runtime.Team;

/**
 * The most floating-point operations a second that the machine can do: fused multiply-adds that touch registers alone, in so many
 * chains that none waits for the one before.
 */
final class Peak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** A processor begins two a cycle at the most, which take four or five cycles: ten or more hide that. */
  private static final int CHAINS = 12;

  /** A fifth of a millisecond. */
  private static final int LINKS = 50_000;

  private static final int APART = 32;

  private Peak() {}

  /** The median of as many runs on all of a team's threads as fill these seconds, in GFLOP/s. */
  static double gflops(Team team, double seconds) {
    int threads = team.threads();
    float[] results = new float[threads * APART];
    Team.Program program =
        worker -> {
          for (worker.rows(threads, 1); worker.next(); ) {
            results[worker.from * APART] = chains(LINKS);
          }
          worker.join();
        };
    IntConsumer run = number -> team.run(program);
    Samples milliseconds = Samples.of(Serve.sample(run, 0, seconds));
    return 2.0 * SPECIES.length() * CHAINS * LINKS * threads / (milliseconds.median() * 1e6);
  }

  /** Each chain is x = x / 2 + 1 over and over, which goes to 2. */
  static float chains(int links) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector x0 = one;
    FloatVector x1 = one;
    FloatVector x2 = one;
    FloatVector x3 = one;
    FloatVector x4 = one;
    FloatVector x5 = one;
    FloatVector x6 = one;
    FloatVector x7 = one;
    FloatVector x8 = one;
    FloatVector x9 = one;
    FloatVector x10 = one;
    FloatVector x11 = one;
    for (int i = 0; i < links; i++) {
      x0 = x0.fma(half, one);
      x1 = x1.fma(half, one);
      x2 = x2.fma(half, one);
      x3 = x3.fma(half, one);
      x4 = x4.fma(half, one);
      x5 = x5.fma(half, one);
      x6 = x6.fma(half, one);
      x7 = x7.fma(half, one);
      x8 = x8.fma(half, one);
      x9 = x9.fma(half, one);
      x10 = x10.fma(half, one);
      x11 = x11.fma(half, one);
    }
    FloatVector sum0 = x0.add(x1).add(x2).add(x3);
    FloatVector sum4 = x4.add(x5).add(x6).add(x7);
    FloatVector sum8 = x8.add(x9).add(x10).add(x11);
    return sum0.add(sum4).add(sum8).lane(0);
  }
}
