package nnc.cli.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import nnc.cli.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GradientCheckTest {
  @TempDir Path directory;

  @Test
  void threeWaysToTheGradientAgreeOnATableAParameter() {
    Workspace.Result result = new Workspace(directory).nnc("gradcheck", "@tiny.nn");
    assertThat(result.code()).isZero();
    assertThat(result.lines()).hasSize(6);
    assertThat(result.lines()[1]).matches("dense1\\.W +15 +15 .* ok");
    assertThat(result.lines()[5]).isEqualTo("the gradients agree");
  }

  @Test
  void aWrongGradientIsFound() {
    Workspace workspace = new Workspace(directory);
    // what is cut from the gradient is not cut from the differences
    workspace.variant(
        "wrong.nn",
        "mean(cross_entropy(logits, y))",
        "mean(cross_entropy(logits, y)) + mean(stop_gradient(logits))");
    Workspace.Result result = workspace.nnc("gradcheck", "@wrong.nn", "--seed", "3");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("WRONG").contains("gradients disagree");
  }

  @ParameterizedTest
  @CsvSource({
    "1e-6, 1e-6, true",
    "2e-3, 0, false",
    "0, 2e-3, false",
    "NaN, 0, false",
    "0, NaN, false",
    "0, Infinity, false"
  })
  void agreementNeedsBothErrorsToBeSmall(double generated, double differences, boolean agrees) {
    assertThat(new GradientCheck.Finding("W", 1, 1, generated, differences).agrees())
        .isEqualTo(agrees);
  }

  @Test
  void aModelWithoutALossHasNothingToCheck() {
    Workspace workspace = new Workspace(directory);
    workspace.write(
        "none.nn", "model N {\n dim B = 2\n input x: f32[B, 3]\n output y = x |> Dense(2)\n}\n");
    Workspace.Result result = workspace.nnc("gradcheck", "@none.nn");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("has no gradient to check");
  }
}
