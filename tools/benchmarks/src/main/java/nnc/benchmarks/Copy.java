package nnc.benchmarks;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import nnc.runtime.Team;

/** How quickly a team copies from one array to another, of so many bytes together: what nothing that moves as many can beat. */
final class Copy {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private final Team team;
  private final float[] from;
  private final float[] to;
  private final int grain;

  /**
   * @param bytes read and written together
   */
  Copy(Team team, double bytes) {
    this.team = team;
    int length =
        Math.toIntExact(
            SPECIES.length() * Math.ceilDiv((long) (bytes / 2 / Float.BYTES), SPECIES.length()));
    from = new float[length];
    Arrays.fill(from, 1f);
    to = new float[length];
    grain = SPECIES.length() * Math.ceilDiv(length / SPECIES.length(), team.threads());
  }

  /** By the JVM's own copy, which passes by the caches where arrays are large, or by vectors: the quicker one, in GB/s. */
  double gigabytes(double seconds) {
    return Math.max(
        gigabytes(
            worker -> {
              for (worker.rows(from.length, grain); worker.next(); ) {
                System.arraycopy(from, worker.from, to, worker.from, worker.to - worker.from);
              }
              worker.join();
            },
            seconds / 2),
        gigabytes(
            worker -> {
              for (worker.rows(from.length, grain); worker.next(); ) {
                copy(from, to, worker.from, worker.to);
              }
              worker.join();
            },
            seconds / 2));
  }

  private double gigabytes(Team.Program program, double seconds) {
    Samples milliseconds = Samples.of(Serve.sample(number -> team.run(program), 0, seconds));
    return 2.0 * Float.BYTES * from.length / (milliseconds.median() * 1e6);
  }

  private static void copy(float[] from, float[] to, int start, int end) {
    for (int i = start; i < end; i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, from, i).intoArray(to, i);
    }
  }
}
