package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import nnc.compiler.Project;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Uniform;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

/** Blocks of heads: written for one, computed for all. */
class HeadsTest {
  @Test
  void headsStandSideBySide() {
    Equation equation =
        new Equation(
            "input x: f32[2, 3]",
            "heads 2 as k = 2 { param W: [3, k]\n param b: [k]\n x @ W + b }");
    Map<String, double[]> values =
        Map.of(
            "x",
            new double[] {1, 2, 3, -1, 0, 1},
            "W",
            new double[] {1, 0, 0, 1, 1, 1, 2, 0, 0, 2, 2, 2},
            "b",
            new double[] {10, 20, 30, 40});
    assertThat(equation.model().parameter("W").shape()).hasToString("[2, 3, 2]");
    assertThat(equation.value(values)).containsExactly(14, 25, 38, 50, 10, 21, 30, 42);
    assertThat(equation.disagreement(values)).isEmpty();
  }

  /** What a head computes alone is what it computes among others. */
  @Test
  void aRecurrenceOfManyHeadsIsThatOfEach() {
    String layer =
        "layer L(x: [B, T, d], W: [d, k], g: [k]) { recur t over T { start s: [B, k] = 0;"
            + " start n: [B, 1] = 0; n[t] = n[t-1] + 1; s[t] = sigmoid(g) * s[t-1] + x[t] @ W;"
            + " y[t] = tanh(s[t]) / n[t] }; y }";
    String input = "input x: f32[2, 4, 3]; ";
    Equation heads =
        new Equation(
            layer,
            input,
            "y = heads 2 as k = 2 {; param W: [3, k]; param g: [k]; L(x, W, g); }; y");
    Equation each =
        new Equation(
            layer,
            input + "input W: f32[2, 3, 2]; input g: f32[2, 2]",
            "concat(L(x, W[0], g[0]), L(x, W[1], g[1]))");
    Random random = new Random(6);
    Map<String, double[]> values =
        new HashMap<>(
            Map.of(
                "x", random.doubles(2 * 4 * 3, -1, 1).toArray(),
                "W", random.doubles(2 * 3 * 2, -1, 1).toArray(),
                "g", random.doubles(4, -1, 1).toArray()));
    assertThat(heads.value(values)).containsExactly(each.value(values), within(1e-13));
    for (String by : List.of("x", "W", "g")) {
      assertThat(heads.gradient(by, values))
          .as(by)
          .containsExactly(each.gradient(by, values), within(1e-13));
    }
  }

  @Test
  void whereNothingIsSeenTheResultIsZero() {
    Equation equation =
        new Equation(
            "input x: f32[1, 2, 2]",
            "seeing = reshape(iota(2) >= 1, (2, 1)); SelfAttention(1)(x, seeing)");
    double[] identity = {1, 0, 0, 1};
    double[] value =
        equation.value(
            Map.of(
                "x",
                new double[] {1, 2, 3, 2},
                "self_attention1.Wq",
                identity,
                "self_attention1.Wk",
                identity,
                "self_attention1.Wv",
                identity,
                "self_attention1.Wo",
                identity));
    assertThat(value[0]).isZero();
    assertThat(value[1]).isZero();
    double second = 1 / (1 + Math.exp(-(3 * 3 + 2 * 2 - 3 - 2 * 2) / Math.sqrt(2)));
    assertThat(value[2]).isEqualTo(1 + 2 * second, within(1e-12));
    assertThat(value[3]).isEqualTo(2, within(1e-12));
  }

  @Test
  void everyHeadDrawsItsOwnDropout() {
    Equation equation =
        new Equation(
                "input x: f32[2, 3]", "heads 4 as k = 1 { param W: [3, k]\n dropout(x @ W, 0.5) }")
            .inTraining();
    assertThat(
            Graph.needed(List.of(equation.node())).stream()
                .map(Node::op)
                .filter(Uniform.class::isInstance)
                .map(op -> ((Uniform) op).shape().toString()))
        .containsExactly("[4, 2, 1]");
  }

  @Test
  void aHeadsSizeComesFromTheLayersFirstTensor() {
    Diagnostic told =
        told(
            """
            layer Wide(n)(x: [B, d], y: [B, e]) {
              heads n as k { param W: [e, k]
                y @ W }
            }
            model M {
              input x: f32[2, 6]
              input y: f32[2, 5]
              output z = Wide(4)(x, y)
            }
            """);
    assertThat(told.id()).isEqualTo("heads");
    assertThat(told.message()).isEqualTo("6 cannot be divided into 4 equal heads");
  }

  @Test
  void outsideOfALayerTheSizeMustBeSaid() {
    assertThat(
            told("model M {\n  input x: f32[2, 6]\n  output z = heads 2 as k { x }\n}\n").message())
        .isEqualTo("the size of a head is not known");
  }

  @Test
  void headsAreCounted() {
    for (String count : List.of("0", "1.5", "x")) {
      assertThat(
              told("model M {\n  input x: f32[2, 6]\n  output z = heads %s as k = 1 { x }\n}\n"
                      .formatted(count))
                  .message())
          .isEqualTo("a whole number of heads was expected here");
    }
  }

  @Test
  void whatHeadsCannotComputeTogetherIsRefused() {
    Diagnostic told =
        told(
            """
            model M {
              input ids: i32[4]
              output z = heads 2 as k = 3 {
                param E: [5, k]
                E[ids]
              }
            }
            """);
    assertThat(told.id()).isEqualTo("unsupported");
    assertThat(Objects.requireNonNull(told.span()).line()).isEqualTo(5);
  }

  private static Diagnostic told(String text) {
    return catchThrowableOfType(
            CompileException.class,
            () ->
                Models.elaborate(
                    Project.of(new Source("heads.nn", text), Optional.empty()), Map.of()))
        .diagnostics()
        .getFirst();
  }
}
