package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProductsTest {
  private static final Products SCALAR = Provider.scalar().products();
  private static final Products BEST = Provider.best().products();

  /** One product, with its operands somewhere inside larger arrays. */
  private record Case(int m, int k, int n, boolean aTransposed, boolean bTransposed, boolean add) {
    private static final int A_OFF = 5;
    private static final int B_OFF = 3;
    private static final int C_OFF = 7;

    /** Floats between the rows of C that belong to nobody. */
    private static final int GAP = 2;

    int aRow() {
      return aTransposed ? 1 : k + 1;
    }

    int aCol() {
      return aTransposed ? m + 1 : 1;
    }

    int bRow() {
      return bTransposed ? 1 : n + 1;
    }

    int bCol() {
      return bTransposed ? k + 1 : 1;
    }

    float[] a() {
      return randoms(1, A_OFF + (m + 1) * (k + 1));
    }

    float[] b() {
      return randoms(2, B_OFF + (k + 1) * (n + 1));
    }

    /** C, and behind it the packed operand, which may share its array. */
    float[] c() {
      return randoms(3, packedOff() + Products.packedLength(k, n));
    }

    int cRow() {
      return n + GAP;
    }

    int packedOff() {
      return C_OFF + m * cRow();
    }

    float[] result(Products products, int threads) {
      float[] a = a();
      float[] b = b();
      float[] c = c();
      try (Team team = Team.of(threads)) {
        team.run(worker -> {
          products.pack(worker, b, B_OFF, bRow(), bCol(), m, k, n, c, packedOff());
          for (worker.tiles(m, n, k); worker.next(); ) {
            products.tile(
                worker,
                a,
                A_OFF,
                aRow(),
                aCol(),
                b,
                B_OFF,
                bRow(),
                bCol(),
                c,
                packedOff(),
                c,
                C_OFF,
                cRow(),
                m,
                k,
                n,
                add);
          }
          worker.join();
        });
      }
      return Arrays.copyOf(c, packedOff());
    }
  }

  private static float[] randoms(long seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Stream<Case> strides(int m, int k, int n) {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      cases.add(new Case(m, k, n, (i & 1) != 0, (i & 2) != 0, (i & 4) != 0));
    }
    return cases.stream();
  }

  static Stream<Case> smallShapes() {
    return Stream.of(
            new int[] {1, 1, 1}, new int[] {2, 3, 5}, new int[] {7, 9, 17}, new int[] {13, 300, 70})
        .flatMap(s -> strides(s[0], s[1], s[2]));
  }

  @ParameterizedTest
  @MethodSource("smallShapes")
  void theScalarProductIsTheSumOfTheProducts(Case shape) {
    float[] a = shape.a();
    float[] b = shape.b();
    float[] before = shape.c();
    float[] c = shape.result(SCALAR, 1);
    for (int i = 0; i < shape.m; i++) {
      for (int j = 0; j < shape.n; j++) {
        int at = Case.C_OFF + i * shape.cRow() + j;
        double sum = shape.add ? before[at] : 0;
        double magnitude = Math.abs(sum);
        for (int p = 0; p < shape.k; p++) {
          double term =
              (double) a[Case.A_OFF + i * shape.aRow() + p * shape.aCol()]
                  * b[Case.B_OFF + p * shape.bRow() + j * shape.bCol()];
          sum += term;
          magnitude += Math.abs(term);
        }
        assertThat((double) c[at])
            .as("C(%d, %d)", i, j)
            .isCloseTo(sum, offset(magnitude * shape.k * 6e-8));
      }
    }
  }

  static Stream<Case> shapes() {
    int[] extents = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 70};
    int[] depths = {1, 7, 255, 256, 257, 600};
    List<Case> cases = new ArrayList<>();
    for (int m : extents) {
      for (int n : extents) {
        int k = depths[(m + n) % depths.length];
        cases.addAll(strides(m, k, n).toList());
      }
    }
    for (int k : depths) {
      cases.addAll(strides(3, k, 600).toList());
      cases.addAll(strides(10, k, 130).toList());
      cases.addAll(strides(150, k, 90).toList());
      cases.addAll(strides(300, k, 20).toList());
    }
    return cases.stream();
  }

  @Test
  void bestEqualsScalarToTheLastBit() {
    shapes()
        .forEach(shape ->
            assertThat(shape.result(BEST, 1)).as("%s", shape).isEqualTo(shape.result(SCALAR, 1)));
  }

  static Stream<Arguments> teams() {
    return Stream.of(2, 3)
        .flatMap(threads -> strides(150, 257, 200).map(shape -> Arguments.of(threads, shape)));
  }

  @ParameterizedTest
  @MethodSource("teams")
  void theNumberOfThreadsChangesNoBit(int threads, Case shape) {
    assertThat(shape.result(BEST, threads)).isEqualTo(shape.result(BEST, 1));
  }
}
