package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import nnc.compiler.ir.Known;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Convolutions and pooling against their definitions, and their gradients against differences. */
class ImagesTest {
  private static final int BATCH = 2;
  private static final int CHANNELS = 4;

  /** A convolution of images, or of sequences if there is one row. */
  record Convolution(
      String call,
      int height,
      int width,
      int filters,
      int kh,
      int kw,
      int stride,
      int above,
      int before,
      int outHeight,
      int outWidth,
      int dilation,
      int groups,
      int strideX,
      int dilationX) {
    @Override
    public String toString() {
      return call;
    }
  }

  static final List<Convolution> CONVOLUTIONS =
      List.of(
          new Convolution("conv2d(x, K, b)", 5, 4, 3, 2, 3, 1, 0, 0, 4, 2, 1, 1, 1, 1),
          new Convolution("conv2d(x, K, b, stride = 2)", 5, 6, 2, 2, 3, 2, 0, 0, 2, 2, 1, 1, 2, 1),
          new Convolution("conv2d(x, K, b, pad = 1)", 3, 4, 2, 3, 2, 1, 1, 1, 3, 5, 1, 1, 1, 1),
          new Convolution(
              "conv2d(x, K, b, pad = \"same\")", 4, 3, 2, 4, 3, 1, 1, 1, 4, 3, 1, 1, 1, 1),
          new Convolution(
              "conv2d(x, K, b, pad = \"same\", stride = 2)",
              5,
              4,
              2,
              3,
              2,
              2,
              1,
              0,
              3,
              2,
              1,
              1,
              2,
              1),
          new Convolution(
              "conv2d(x, K, b, dilation = 2)", 5, 6, 2, 2, 3, 1, 0, 0, 3, 2, 2, 1, 1, 2),
          new Convolution("conv2d(x, K, b, groups = 2)", 3, 3, 6, 2, 2, 1, 0, 0, 2, 2, 1, 2, 1, 1),
          new Convolution("conv2d(x, K, b, groups = 4)", 3, 4, 4, 2, 3, 1, 0, 0, 2, 2, 1, 4, 1, 1),
          new Convolution(
              "conv2d(x, K, b, stride_x = 3)", 4, 8, 2, 2, 2, 1, 0, 0, 3, 3, 1, 1, 3, 1),
          new Convolution(
              "conv2d(x, K, b, 2, 1, pad_x = 2, dilation_x = 3)",
              5,
              6,
              2,
              3,
              2,
              2,
              1,
              2,
              3,
              4,
              1,
              1,
              2,
              3),
          new Convolution("conv1d(x, K, b)", 1, 6, 3, 1, 3, 1, 0, 0, 1, 4, 1, 1, 1, 1),
          new Convolution("conv1d(x, K, b, 2, 1, 2, 2)", 1, 7, 4, 1, 3, 2, 0, 1, 1, 3, 2, 2, 2, 2));

  @ParameterizedTest
  @FieldSource("CONVOLUTIONS")
  void aConvolutionIsItsSum(Convolution of) {
    boolean images = of.call.startsWith("conv2d");
    int share = CHANNELS / of.groups;
    String x = images ? of.height + ", " + of.width : "" + of.width;
    String k = images ? of.kh + ", " + of.kw : "" + of.kw;
    Equation equation =
        new Equation(
            "input x: f32[%d, %d, %s]; param K: [%d, %d, %s]; param b: [%d]"
                .formatted(BATCH, CHANNELS, x, of.filters, share, k, of.filters),
            of.call);
    Map<String, double[]> values =
        Map.of(
            "x",
            random(BATCH * CHANNELS * of.height * of.width),
            "K",
            random(of.filters * share * of.kh * of.kw),
            "b",
            random(of.filters));
    assertThat(equation.value(values)).containsExactly(convolved(of, values), within(1e-12));
    assertThat(equation.disagreement(values)).isEmpty();
  }

  private static double[] convolved(Convolution of, Map<String, double[]> values) {
    int share = CHANNELS / of.groups;
    double[] result = new double[BATCH * of.filters * of.outHeight * of.outWidth];
    int place = 0;
    for (int image = 0; image < BATCH; image++) {
      for (int filter = 0; filter < of.filters; filter++) {
        int first = filter / (of.filters / of.groups) * share;
        for (int y = 0; y < of.outHeight; y++) {
          for (int x = 0; x < of.outWidth; x++) {
            double sum = Known.in(values, "b")[filter];
            for (int c = 0; c < share; c++) {
              for (int i = 0; i < of.kh; i++) {
                for (int j = 0; j < of.kw; j++) {
                  int row = y * of.stride + i * of.dilation - of.above;
                  int column = x * of.strideX + j * of.dilationX - of.before;
                  if (row >= 0 && row < of.height && column >= 0 && column < of.width) {
                    int pixel =
                        ((image * CHANNELS + first + c) * of.height + row) * of.width + column;
                    int weight = ((filter * share + c) * of.kh + i) * of.kw + j;
                    sum += Known.in(values, "x")[pixel] * Known.in(values, "K")[weight];
                  }
                }
              }
            }
            result[place++] = sum;
          }
        }
      }
    }
    return result;
  }

  private static double[] random(int count) {
    return new Random(count).doubles(count, -1, 1).toArray();
  }

  record Pooled(String expression, int[] shape, double... values) {
    @Override
    public String toString() {
      return expression;
    }
  }

  /** Of x = [[1 5 2 0] [3 4 9 7] [8 6 -1 -2]] as an image or of its first row as a sequence. */
  static final List<Pooled> POOLED =
      List.of(
          new Pooled("max_pool(x, 2)", new int[] {1, 1, 1, 2}, 5, 9),
          new Pooled("max_pool(x, 2, 1)", new int[] {1, 1, 2, 3}, 5, 9, 9, 8, 9, 9),
          new Pooled("max_pool(-x, 2, 2, 1)", new int[] {1, 1, 2, 3}, -1, -2, 0, -3, 1, 2),
          new Pooled("max_pool(x, 3, pad = \"same\", stride = 3)", new int[] {1, 1, 1, 2}, 5, 9),
          new Pooled("max_pool(x, 3, width = 2)", new int[] {1, 1, 1, 2}, 8, 9),
          new Pooled("max_pool(x, 2, stride = 2, width = 1)", new int[] {1, 1, 1, 2}, 3, 9),
          new Pooled(
              "max_pool(x, 2, 1, width = 1)", new int[] {1, 1, 2, 4}, 3, 5, 9, 7, 8, 6, 9, 7),
          new Pooled(
              "max_pool(x, 1, width = 2, pad_x = 1)",
              new int[] {1, 1, 3, 3},
              1,
              5,
              0,
              3,
              9,
              7,
              8,
              6,
              -2),
          new Pooled("avg_pool(x, 2)", new int[] {1, 1, 1, 2}, 3.25, 4.5),
          new Pooled("avg_pool(x, 1, width = 4)", new int[] {1, 1, 3, 1}, 2, 5.75, 2.75),
          new Pooled("avg_pool(x, 3, 1)", new int[] {1, 1, 1, 2}, 37 / 9., 30 / 9.),
          new Pooled("avg_pool(x, 2, 2, 1)", new int[] {1, 1, 2, 3}, .25, 1.75, 0, 2.75, 4.5, 1.25),
          new Pooled("x |> MaxPool2d(2)", new int[] {1, 1, 1, 2}, 5, 9),
          new Pooled("x |> AvgPool2d(2)", new int[] {1, 1, 1, 2}, 3.25, 4.5),
          new Pooled("global_max_pool(x)", new int[] {1, 1}, 9),
          new Pooled("global_avg_pool(x)", new int[] {1, 1}, 3.5),
          new Pooled("max_pool1d(x[..., 0, ..], 2)", new int[] {1, 1, 2}, 5, 2),
          new Pooled("max_pool1d(x[..., 0, ..], 2, 1)", new int[] {1, 1, 3}, 5, 5, 2),
          new Pooled("avg_pool1d(x[..., 0, ..], 2)", new int[] {1, 1, 2}, 3, 1),
          new Pooled("x[..., 0, ..] |> MaxPool1d(3, 1)", new int[] {1, 1, 2}, 5, 5),
          new Pooled("x[..., 0, ..] |> AvgPool1d(2, 1, 1)", new int[] {1, 1, 5}, .5, 3, 3.5, 1, 0),
          new Pooled("windows(x[0, 0, 0], 2)", new int[] {3, 2}, 1, 5, 5, 2, 2, 0),
          new Pooled("windows(x[0, 0, 0], 2, 1, 2)", new int[] {2, 2}, 1, 2, 5, 0),
          new Pooled(
              "windows(x[0, 0], 2, stride = 2 over 0)",
              new int[] {1, 2, 4},
              1,
              5,
              2,
              0,
              3,
              4,
              9,
              7),
          new Pooled(
              "margins(x[0, 0, 0], 3, \"same\", fill = 7)", new int[] {6}, 7, 1, 5, 2, 0, 7));

  @ParameterizedTest
  @FieldSource("POOLED")
  void aPoolIsItsWindows(Pooled pooled) {
    Equation equation = new Equation("input x: f32[1, 1, 3, 4]", pooled.expression());
    Map<String, double[]> x = Map.of("x", new double[] {1, 5, 2, 0, 3, 4, 9, 7, 8, 6, -1, -2});
    assertThat(equation.shape()).containsExactly(pooled.shape());
    assertThat(equation.value(x)).containsExactly(pooled.values(), within(1e-12));
    assertThat(equation.disagreement(x)).isEmpty();
  }

  @Test
  void theFirstOfEqualElementsGetsTheGradient() {
    Equation equation = new Equation("input x: f32[1, 1, 3, 3]", "max_pool(x, 2, 1)");
    Map<String, double[]> x = Map.of("x", new double[] {1, 1, 1, 1, 2, 2, 1, 2, 2});
    assertThat(equation.gradient("x", x)).containsExactly(0, 0, 0, 0, 4, 0, 0, 0, 0);
  }

  @Test
  void layersHoldFiltersAndABias() {
    Equation equation =
        new Equation(
            "input x: f32[1, 4, 5, 6]",
            "x |> Conv2d(6, 3, relu, width = 2, groups = 2) |> Conv2d(3, 1)");
    assertThat(equation.model().parameters())
        .extracting(p -> p.path() + p.shape() + " ~ " + p.initialiser().text())
        .containsExactly(
            "conv2d1.K[6, 2, 3, 2] ~ he_uniform",
            "conv2d1.b[6] ~ zeros",
            "conv2d2.K[3, 6, 1, 1] ~ he_uniform",
            "conv2d2.b[3] ~ zeros");
    assertThat(equation.shape()).containsExactly(1, 3, 3, 5);
    assertThat(new Equation("input x: f32[1, 4, 9]", "x |> Conv1d(6, 3, tanh, stride = 2)").shape())
        .containsExactly(1, 6, 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x |> Conv2d(8, 5)               ; shape ; a window of 5 places does not fit into 3",
        "x |> Conv2d(8, 6, pad = 1)      ; shape ; a window of 6 places does not fit into 5",
        "x |> Conv2d(8, 3, dilation = 2) ; shape ; a window of 5 places does not fit into 3",
        "max_pool(x, 4)                  ; shape ; a window of 4 places does not fit into 3",
        "x |> Conv2d(8, 3, groups = 4)   ; size  ; 6 cannot be divided into 4 equal parts",
        "x |> Conv2d(8, 3, groups = 3)   ; size  ; 8 cannot be divided into 3 equal parts",
        "x |> Conv2d(8, 3, pad = -1)     ; type  ; a whole number of at least 0 was expected here",
        "x |> Conv2d(8, 3, pad = \"all\"); type  ; a whole number of at least 0 was expected here",
        "x |> Conv2d(8, 3, stride = 0)   ; type  ; a whole number of at least 1 was expected here",
        "windows(x, 9)                   ; shape ; a window of 9 places does not fit into 4",
      })
  void tellsTheAuthorWhatDoesNotFit(String expression, String kind, String message) {
    Diagnostic told =
        catchThrowableOfType(
                CompileException.class, () -> new Equation("input x: f32[2, 6, 3, 4]", expression))
            .diagnostics()
            .getFirst();
    assertThat(told.id()).isEqualTo(kind);
    assertThat(told.message()).isEqualTo(message);
    Span span = Objects.requireNonNull(told.span());
    assertThat(span.source().name()).isEqualTo("equation.nn");
    assertThat(span.line()).isEqualTo(3);
  }
}
