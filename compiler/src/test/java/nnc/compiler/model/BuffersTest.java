package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.DiagnosticPrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** State outside gradients, as the language has it. */
class BuffersTest {
  private static final String DECLARATIONS = "dim B = 2; input x: f32[B, 3]";

  @Test
  void aBufferHasAPathAndAFirstValueAndIsNotTrained() {
    Equation equation = new Equation(DECLARATIONS, "norm1 = BatchNorm(0.1); norm1(x)");
    assertThat(equation.model().parameters())
        .extracting(parameter ->
            (parameter.buffer() ? "buffer " : "param ")
                + parameter.path()
                + " ~ "
                + parameter.initialiser().text())
        .containsExactly(
            "buffer norm1.mean ~ zeros",
            "buffer norm1.variance ~ ones",
            "param norm1.gain ~ ones",
            "param norm1.bias ~ zeros");
  }

  @Test
  void theNewValueIsReadInTheNextStepOnly() {
    Equation equation =
        new Equation(DECLARATIONS, "buffer m: [3] = 0; update m = m + 1; x[.., 0] * sum(m)");
    Map<String, double[]> values =
        Map.of("x", new double[] {1, 0, 0, 2, 0, 0}, "m", new double[] {1, 2, 3});
    assertThat(equation.inTraining().value(values)).containsExactly(6, 12);
    assertThat(equation.inTraining().update("m", values)).containsExactly(2, 3, 4);
  }

  @Test
  void ofSeveralUpdatesTheLastHolds() {
    Equation equation =
        new Equation(DECLARATIONS, "buffer m: [] = 0; update m = 1; update m = m + 5; x * m");
    Map<String, double[]> values = Map.of("x", new double[6], "m", new double[] {2});
    assertThat(equation.inTraining().update("m", values)).containsExactly(7);
  }

  @Test
  void turnsHaveBuffersOfTheirOwn() {
    double[] x = {1, 2, 3, 5, -1, 4};
    Equation turns =
        new Equation(
            DECLARATIONS,
            "h = x; repeat 2 {; repeat 2 {; n = BatchNorm(0.1); h = n(h + h^2); }; }; h");
    Equation apart =
        new Equation(
            DECLARATIONS,
            "h = x; "
                + List.of("a", "b", "c", "d").stream()
                    .map("%1$s = BatchNorm(0.1); h = %1$s(h + h^2); "::formatted)
                    .collect(Collectors.joining())
                + "h");
    Map<String, double[]> all = new HashMap<>(Map.of("x", x));
    Map<String, double[]> own = new HashMap<>(Map.of("x", x));
    for (String path : List.of("mean", "variance", "gain", "bias")) {
      double[] values = new Random(path.length()).doubles(12, 0.5, 1.5).toArray();
      all.put("n*_*." + path, values);
      for (int i = 0; i < 4; i++) {
        own.put("abcd".charAt(i) + "." + path, Arrays.copyOfRange(values, 3 * i, 3 * i + 3));
      }
    }
    assertThat(turns.value(all)).containsExactly(apart.value(own), within(1e-12));
    assertThat(turns.inTraining().value(all))
        .containsExactly(apart.inTraining().value(own), within(1e-12));
    for (String path : List.of("mean", "variance")) {
      double[] next = turns.inTraining().update("n*_*." + path, all);
      for (int i = 0; i < 4; i++) {
        assertThat(Arrays.copyOfRange(next, 3 * i, 3 * i + 3))
            .containsExactly(
                apart.inTraining().update("abcd".charAt(i) + "." + path, own), within(1e-12));
      }
    }
  }

  @Test
  void turnsThatShareABufferUpdateItOneAfterTheOther() {
    Equation equation =
        new Equation(DECLARATIONS, "n = BatchNorm(0.5); h = x; repeat 2 {; h = n(h) + x^2; }; h");
    double[] x = {1, 2, 3, 5, -1, 4};
    double[] ones = {1, 1, 1};
    Map<String, double[]> values =
        Map.of("x", x, "n.mean", new double[3], "n.variance", ones, "n.gain", ones, "n.bias", ones);
    Equation apart = new Equation(DECLARATIONS, "n = BatchNorm(0.5); h = n(x) + x^2; n(h) + x^2");
    assertThat(equation.inTraining().update("n.mean", values))
        .containsExactly(apart.inTraining().update("n.mean", values), within(1e-12));
  }

  private record Wrong(String statements, String... told) {
    @Override
    public String toString() {
      return statements;
    }
  }

  static final List<Wrong> WRONG =
      List.of(
          new Wrong("buffer m: [B] = 0; x", "the shape of a buffer cannot depend on the batch"),
          new Wrong("buffer m: i32[3] = 0; x", "a buffer's elements are f32"),
          new Wrong("buffer m: [3] = sum(x); x", "a buffer starts as a number"),
          new Wrong("param m: [3]; update m = 0; x", "'m' is no buffer"),
          new Wrong("buffer mean3: [3] = 0; update mean = 1; x", "'mean' is no buffer"),
          new Wrong("update m = 1; x", "the name 'm' is not known here"),
          new Wrong("buffer m: [3] = 0; update m = x; x", "a buffer keeps its shape", "[B, 3]"),
          new Wrong("buffer m: [3] = 0; update m = x[0..1]; x", "has no size that is known"),
          new Wrong(
              "buffer m: [3] = 0; update m = x[.., 0..1]; x", "the shapes of 'update' do not go"));

  @ParameterizedTest
  @FieldSource("WRONG")
  void whatIsWrongIsTold(Wrong wrong) {
    CompileException e =
        catchThrowableOfType(
            CompileException.class, () -> new Equation(DECLARATIONS, wrong.statements()));
    assertThat(new DiagnosticPrinter(false).print(e.diagnostics())).contains(wrong.told());
  }
}
