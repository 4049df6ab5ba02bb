package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
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
