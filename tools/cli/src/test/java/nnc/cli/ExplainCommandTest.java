package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplainCommandTest {
  @TempDir Path directory;

  private Workspace workspace;

  @BeforeEach
  void workspace() {
    workspace = new Workspace(directory);
  }

  @Test
  void theGradientIsDerived() {
    Workspace.Result result = workspace.nnc("explain", "@tiny.nn");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("What is computed", "Gradients, from the loss on", "Results", "Rules", "Signs")
        .contains("∂loss/∂dense1.W", "∂loss/∂dense2.b")
        .contains("e / s is the softmax of logits");
  }

  @Test
  void onlyWhatAParameterNeedsIsShown() {
    assertThat(workspace.nnc("explain", "@tiny.nn", "--param", "dense2.b").out())
        .contains("∂loss/∂dense2.b")
        .doesNotContain("∂loss/∂dense1", "δhidden", "tanh(a)");
    assertThat(workspace.nnc("explain", "@tiny.nn", "--param", "dense2.b", "dense2.W").out())
        .contains("∂loss/∂dense2.b", "∂loss/∂dense2.W")
        .doesNotContain("∂loss/∂dense1");
  }

  /** Of the forward pass, what depends on the parameter, and what its gradient is made of. */
  @Test
  void valuesThatAParameterHasNothingToDoWithAreLeftOut() {
    assertThat(workspace.nnc("explain", "@tiny.nn", "--param", "dense2.b").out())
        .contains("logits =", "loss =", "→ values that neither depend on dense2.b nor")
        .doesNotContain("hidden_2 =");
    assertThat(workspace.nnc("explain", "@tiny.nn", "--param", "dense2.W").out())
        .contains("hidden_2 =")
        .doesNotContain("hidden =");
    assertThat(workspace.nnc("explain", "@tiny.nn").out()).doesNotContain("→ values that");
  }

  @Test
  void anUnknownParameterIsToldWithTheNearOne() {
    Workspace.Result result = workspace.nnc("explain", "@tiny.nn", "--param", "dense3.W");
    assertThat(result.code()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(result.err())
        .contains("the model Tiny has no parameter 'dense3.W'")
        .contains("dense1.W, dense1.b, dense2.W, dense2.b")
        .contains("did you mean 'dense");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aModelWithoutALossHasNoGradient() {
    workspace.write(
        "plain.nn", "model Plain {\n  input x: f32[3]\n  output y = x |> Dense(2)\n}\n");
    Workspace.Result result = workspace.nnc("explain", "@plain.nn");
    assertThat(result.code()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(result.err()).contains("the model Plain has no loss").contains("help:");
  }

  @Test
  void aModelThatTrainsNothingHasNoGradient() {
    workspace.write("still.nn", "model Still {\n  input x: f32[3]\n  loss = sum(x^2)\n}\n");
    Workspace.Result result = workspace.nnc("explain", "@still.nn");
    assertThat(result.code()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(result.err()).contains("no parameter of Still is trained").contains("help:");
  }

  @Test
  void latexIsADocumentInAFile() {
    Workspace.Result result =
        workspace.nnc("explain", "@tiny.nn", "--format", "latex", "-o", "@tiny.tex");
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(workspace.read("tiny.tex"))
        .startsWith("\\documentclass")
        .contains("\\section*{The gradient of Tiny}")
        .contains("\\begin{align*}")
        .contains("\\frac{\\partial \\mathit{loss}}{\\partial \\mathit{dense1.W}}")
        .endsWith("\\end{document}\n");
  }

  @Test
  void markdownHasHeadingsAndFormulas() {
    assertThat(workspace.nnc("explain", "@tiny.nn", "--format", "markdown").out())
        .startsWith("# The gradient of Tiny\n")
        .contains("## Results\n\n$$\n\\begin{aligned}\n");
  }
}
