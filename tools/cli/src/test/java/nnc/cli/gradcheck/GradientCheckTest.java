package nnc.cli.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
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

  @Test
  void gradientsOfModelsThatNothingTrainsLieApart() {
    Workspace workspace = new Workspace(directory);
    for (String body :
        List.of(
            "loss = mean((x |> BatchNorm |> Dense(6))^2)",
            "param W: [60, 6] ~ normal(0, 1)\n param b: [6] ~ normal(0, 1)\n loss = mean((x[.., 0..5] + b)^2)")) {
      workspace.write("m.nn", "model M {\n input x: f32[8, 64]\n " + body + "\n}\n");
      Workspace.Result result = workspace.nnc("gradcheck", "@m.nn");
      assertThat(result.out()).as(body).contains("the gradients agree");
    }
  }

  @Test
  void aTruncatedGradientIsCheckedWithoutThat() {
    Workspace workspace = new Workspace(directory);
    workspace.write(
        "m.nn",
        """
        model M {
          dim T = 5
          input x: f32[2, T, 3]
          recur t over T {
            truncate 2
            start h: [2, 4] = 0
            h[t] = concat(x[t], h[t-1]) |> Dense(4, tanh)
          }
          loss = sum(h.last)
        }
        """);
    assertThat(workspace.nnc("gradcheck", "@m.nn").out()).contains("the gradients agree");
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
    assertThat(
            new GradientCheck.Finding(
                    "W", 1, 1, generated, differences, new GradientCheck.Element(0, 1, 1, 1))
                .agrees())
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
