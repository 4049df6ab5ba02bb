package nnc.benchmarks;

import java.util.Arrays;
import nnc.runtime.Products;
import nnc.runtime.Provider;
import nnc.runtime.Team;

/**
 * Prints GFLOP/s of matrix products, packing included: the median of many calls, for one thread and for two.
 *
 * <p>Arguments: numbers of threads, {@code 1 2} if there are none.
 */
public final class ProductsBenchmark {
  private static final long WARM_UP_NANOS = 100_000_000;
  private static final long SAMPLE_NANOS = 200_000_000;
  private static final int MOST_SAMPLES = 20_000;

  /** N: as it lies; T: transposed in memory. */
  private record Shape(String kind, int m, int k, int n) {
    private static Shape of(String kind, int m, int k, int n) {
      return new Shape(kind, m, k, n);
    }

    double flop() {
      return 2.0 * m * k * n;
    }

    @Override
    public String toString() {
      return "%s %d x %d x %d".formatted(kind, m, k, n);
    }
  }

  /** The products of a training step of an MLP 784-512-256-10 with batch 128, then some round sizes. */
  private static final Shape[] SHAPES = {
    Shape.of("NN", 128, 784, 512),
    Shape.of("NN", 128, 512, 256),
    Shape.of("NN", 128, 256, 10),
    Shape.of("TN", 784, 128, 512),
    Shape.of("TN", 512, 128, 256),
    Shape.of("TN", 256, 128, 10),
    Shape.of("NT", 128, 256, 512),
    Shape.of("NT", 128, 10, 256),
    Shape.of("NN", 64, 64, 64),
    Shape.of("NN", 256, 256, 256),
    Shape.of("NN", 1024, 1024, 1024),
    Shape.of("TN", 1024, 1024, 1024),
    Shape.of("NT", 1024, 1024, 1024),
    Shape.of("NN", 32, 256, 1024),
    Shape.of("NT", 32, 1024, 256),
    Shape.of("NN", 2048, 384, 1536),
    Shape.of("NN", 2048, 1536, 384),
    Shape.of("NT", 2048, 384, 1536),
    Shape.of("NT", 2048, 1536, 384),
    Shape.of("TN", 384, 2048, 1536),
    Shape.of("TN", 1536, 2048, 384),
    Shape.of("NN", 2048, 384, 384),
    Shape.of("TN", 384, 2048, 384),
    Shape.of("NN", 256, 64, 256),
    Shape.of("NN", 1024, 256, 1024),
    Shape.of("NN", 1024, 256, 256),
    Shape.of("NN", 1, 784, 512),
    Shape.of("NT", 1, 784, 512),
  };

  private ProductsBenchmark() {}

  public static void main(String[] args) {
    int[] threads =
        args.length == 0
            ? new int[] {1, 2}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    for (Shape shape : SHAPES) {
      try (Team team = Team.of(1)) {
        medianNanos(product(shape), team, WARM_UP_NANOS);
      }
    }
    System.out.println(Provider.best().note() + ", GFLOP/s");
    System.out.printf("%-24s", "");
    for (int t : threads) {
      System.out.printf("%12s", t == 1 ? "1 thread" : t + " threads");
    }
    System.out.println();
    for (Shape shape : SHAPES) {
      System.out.printf("%-24s", shape);
      for (int t : threads) {
        try (Team team = Team.of(t)) {
          System.out.printf(
              "%12.1f", shape.flop() / medianNanos(product(shape), team, SAMPLE_NANOS));
        }
      }
      System.out.println();
    }
  }

  /** A product over operands of its own. */
  private static Team.Program product(Shape shape) {
    Products products = Provider.best().products();
    int m = shape.m;
    int k = shape.k;
    int n = shape.n;
    boolean aTransposed = shape.kind.charAt(0) == 'T';
    boolean bTransposed = shape.kind.charAt(1) == 'T';
    int aRow = aTransposed ? 1 : k;
    int aCol = aTransposed ? m : 1;
    int bRow = bTransposed ? 1 : n;
    int bCol = bTransposed ? k : 1;
    float[] a = ramp(m * k);
    float[] b = ramp(k * n);
    float[] c = new float[m * n];
    float[] packed = new float[Products.packedLength(k, n)];
    return worker -> {
      products.pack(worker, b, 0, bRow, bCol, m, k, n, packed, 0);
      for (worker.tiles(m, n, k); worker.next(); ) {
        products.tile(
            worker, a, 0, aRow, aCol, b, 0, bRow, bCol, packed, 0, c, 0, n, m, k, n, false);
      }
      worker.join();
    };
  }

  private static float[] ramp(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i % 17 - 8) / 8f;
    }
    return values;
  }

  private static double medianNanos(Team.Program program, Team team, long duration) {
    long[] nanos = new long[MOST_SAMPLES];
    int samples = 0;
    long before = System.nanoTime();
    for (long end = before + duration; before < end && samples < MOST_SAMPLES; samples++) {
      team.run(program);
      long after = System.nanoTime();
      nanos[samples] = after - before;
      before = after;
    }
    Arrays.sort(nanos, 0, samples);
    return nanos[samples / 2];
  }
}
