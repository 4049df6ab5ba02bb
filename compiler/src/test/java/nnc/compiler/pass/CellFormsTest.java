package nnc.compiler.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.plan.Kernel;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A cell may be written in many ways: what is computed at each step, and what once for all of them, is the same. */
class CellFormsTest {
  /** The gradient by the bias of the layer below: of the sum over steps and rows that the cell's own bias takes. */
  private static final String BIAS_BELOW = "product [1, %d] . [%d, 3]";

  static Stream<Arguments> memories() {
    return Stream.of(
        arguments(
            "a matrix for each gate",
            """
              param Wf, Wi, Wo, Wc: [d, d]
              param Uf, Ui, Uo, Uc: [in, d]
              param bf, bi, bo, bc: [d]
              recur t over T {
                start h, c: [B, d] = 0
                f = sigmoid(h[t-1] @ Wf + x[t] @ Uf + bf)
                i = sigmoid(h[t-1] @ Wi + x[t] @ Ui + bi)
                o = sigmoid(h[t-1] @ Wo + x[t] @ Uo + bo)
                c[t] = f * c[t-1] + i * tanh(h[t-1] @ Wc + x[t] @ Uc + bc)
                h[t] = o * tanh(c[t])
              }
            """),
        arguments(
            "other names, other orders",
            """
              param Wc, Wo, Wi, Wf: [d, d]
              param Uc, Uo, Ui, Uf: [in, d]
              param bc, bo, bi, bf: [d]
              recur t over T {
                start s, h: [B, d] = 0
                new = tanh(bc + x[t] @ Uc + h[t-1] @ Wc)
                out = sigmoid(bo + h[t-1] @ Wo + x[t] @ Uo)
                write = sigmoid(x[t] @ Ui + bi + h[t-1] @ Wi)
                keep = sigmoid(x[t] @ Uf + h[t-1] @ Wf + bf)
                s[t] = new * write + keep * s[t-1]
                h[t] = tanh(s[t]) * out
              }
            """),
        arguments(
            "one matrix",
            """
              param W: [d, 4 * d]
              param U: [in, 4 * d]
              param b: [4 * d]
              recur t over T {
                start h, c: [B, d] = 0
                f, i, o, g = split(h[t-1] @ W + x[t] @ U + b, 4)
                c[t] = sigmoid(f) * c[t-1] + sigmoid(i) * tanh(g)
                h[t] = sigmoid(o) * tanh(c[t])
              }
            """),
        arguments(
            "einsum",
            """
              param Wf, Wi, Wo, Wc: [d, d]
              param U: [in, 4 * d]
              param b: [4 * d]
              recur t over T {
                start h, c: [B, d] = 0
                f, i, o, g = split(einsum("b i, i k -> b k", x[t], U) + b, 4)
                keep = sigmoid(f + einsum("b j, j k -> b k", h[t-1], Wf))
                write = sigmoid(i + einsum("j k, b j -> b k", Wi, h[t-1]))
                out = sigmoid(o + h[t-1] @ Wo)
                c[t] = keep * c[t-1] + write * tanh(einsum("b j, j k -> b k", h[t-1], Wc) + g)
                h[t] = out * tanh(c[t])
              }
            """),
        arguments(
            "one matrix for input and state",
            """
              param W: [in + d, 4 * d]
              param b: [4 * d]
              recur t over T {
                start h, c: [B, d] = 0
                f, i, o, g = split(concat(x[t], h[t-1]) @ W + b, 4)
                c[t] = sigmoid(f) * c[t-1] + sigmoid(i) * tanh(g)
                h[t] = sigmoid(o) * tanh(c[t])
              }
            """),
        arguments(
            "a matrix for input and state for each gate",
            """
              param Wf, Wi, Wo, Wc: [in + d, d]
              param bf, bi, bo, bc: [d]
              recur t over T {
                start h, c: [B, d] = 0
                both = concat(h[t-1], x[t])
                f = sigmoid(both @ Wf + bf)
                i = sigmoid(both @ Wi + bi)
                o = sigmoid(both @ Wo + bo)
                c[t] = f * c[t-1] + i * tanh(both @ Wc + bc)
                h[t] = o * tanh(c[t])
              }
            """));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("memories")
  void longShortTermMemory(String form, String cell) {
    assertThat(work(cell))
        .containsExactlyInAnyOrder(
            "product [5 * B, 3] . [3, 28]",
            "5 steps of product [B, 7] . [7, 28], loop",
            "5 steps back of loop, product [B, 28] . [28, 7]",
            "product [5 * B, 28] . [28, 3]",
            "product [7, 5 * B] . [5 * B, 28]",
            "product [3, 5 * B] . [5 * B, 28]",
            BIAS_BELOW.formatted(28, 28));
  }

  /** The products of the other forms; the gradients of the gates lie the other way round, and are copied. */
  @Test
  void matricesOfAllGatesInOneTensor() {
    assertThat(
            work(
                """
                  param W: [4, d, d]
                  param U: [4, in, d]
                  param b: [4, d]
                  recur t over T {
                    start h, c: [B, d] = 0
                    a = einsum("b i, g i o -> b g o", h[t-1], W) + einsum("b i, g i o -> b g o", x[t], U) + b
                    c[t] = sigmoid(a[.., 0]) * c[t-1] + sigmoid(a[.., 1]) * tanh(a[.., 3])
                    h[t] = sigmoid(a[.., 2]) * tanh(c[t])
                  }
                """))
        .containsExactlyInAnyOrder(
            "product [5 * B, 3] . [3, 28]",
            "5 steps of product [B, 7] . [7, 28], loop",
            "5 steps back of loop, copy, product [B, 28] . [28, 7]",
            "product [5 * B, 28] . [28, 3]",
            "product [7, 5 * B] . [5 * B, 28]",
            "product [3, 5 * B] . [5 * B, 28]",
            BIAS_BELOW.formatted(28, 28));
  }

  static Stream<Arguments> gatedUnits() {
    return Stream.of(
        arguments(
            "a matrix for each gate",
            """
              param Wr, Wz, Wn: [d, d]
              param Ur, Uz, Un: [in, d]
              param br, bz, bn, bh: [d]
              recur t over T {
                start h: [B, d] = 0
                r = sigmoid(h[t-1] @ Wr + x[t] @ Ur + br)
                z = sigmoid(h[t-1] @ Wz + x[t] @ Uz + bz)
                n = tanh(x[t] @ Un + bn + r * (h[t-1] @ Wn + bh))
                h[t] = (1 - z) * n + z * h[t-1]
              }
            """),
        arguments(
            "one matrix",
            """
              param W: [d, 3 * d]
              param U: [in, 3 * d]
              param b: [3 * d]
              param bh: [d]
              recur t over T {
                start h: [B, d] = 0
                n, z, r = split(h[t-1] @ W, 3)
                xn, xz, xr = split(x[t] @ U + b, 3)
                update = sigmoid(z + xz)
                h[t] = (1 - update) * tanh(xn + sigmoid(r + xr) * (n + bh)) + update * h[t-1]
              }
            """));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("gatedUnits")
  void gatedRecurrentUnits(String form, String cell) {
    assertThat(work(cell))
        .containsExactlyInAnyOrder(
            "product [5 * B, 3] . [3, 21]",
            "5 steps of product [B, 7] . [7, 21], loop",
            "5 steps back of loop, product [B, 21] . [21, 7]",
            "product [5 * B, 21] . [21, 3]",
            "product [7, 5 * B] . [5 * B, 21]",
            "product [3, 5 * B] . [5 * B, 21]",
            BIAS_BELOW.formatted(21, 21));
  }

  /** The products and the loops over time of a layer: those between the layers around it. */
  private static List<String> work(String cell) {
    String text =
        """
        layer Cell(d)(x: [B, T, in]) {
        %s
          h
        }
        model M {
          dim B = 4
          input x: f32[B, 5, 2]
          input y: f32[B, 5, 7]
          loss = mse(x |> Dense(3) |> Cell(7), y)
        }
        train M { optimizer SGD(lr = 0.1) }
        """
            .formatted(cell);
    List<String> work = new ArrayList<>();
    Compiler.compile(
            Project.of(new Source("cell.nn", text), Optional.empty()), Compiler.Options.DEFAULT)
        .plan()
        .kernels()
        .forEach(kernel -> {
          String named = named(kernel);
          boolean around = named.contains("[2, 3]") || named.startsWith("product [2,");
          if ((named.startsWith("product") || kernel instanceof Kernel.Recurrence) && !around) {
            work.add(named);
          }
        });
    return work;
  }

  private static String named(Kernel kernel) {
    return switch (kernel) {
      case Kernel.Loop loop ->
          loop.product()
              .map(product ->
                  "product [%s, %s] . [%s, %s]"
                      .formatted(product.m(), product.k(), product.k(), product.n()))
              .orElse("loop");
      case Kernel.Recurrence recurrence ->
          recurrence.length()
              + (recurrence.reverse() ? " steps back of " : " steps of ")
              + String.join(", ", recurrence.steps().stream().map(CellFormsTest::named).toList());
      default -> kernel.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    };
  }
}
