package nnc.compiler.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands above the kernels is what is derived. */
final class KernelFormulasTest {
  private static final String MODEL =
      """
      model Reader {
        dim B = 7
        input x: f32[B, 5, 4]
        input y: i32[B]
        h = x |> %s(6)
        logits = h[.., 4] |> Dense(8, relu) |> Dense(3)
        loss = cross_entropy(logits, y)
      }
      train Reader { optimizer Adam(lr = 0.002) }
      """;

  private static Compilation compiled(String layer) {
    return compilation(MODEL.formatted(layer));
  }

  private static Compilation compilation(String model) {
    Source source = new Source("model.nn", model);
    return Compiler.compile(Project.of(source, Optional.empty()), Compiler.Options.DEFAULT);
  }

  private static List<String> formulas(Compilation compilation) {
    return compilation.plan().kernels().stream()
        .flatMap(kernel -> kernel.all().stream())
        .flatMap(kernel -> compilation.formulas().of(kernel).stream())
        .toList();
  }

  /** But for those of gradients that are 0, or the same as another. */
  @ParameterizedTest
  @ValueSource(strings = {"RNN", "LSTM"})
  void everyGradientStandsAboveAKernelAsItIsDerived(String layer) {
    Compilation compilation = compiled(layer);
    Derivation derivation = Derivations.of(compilation);
    Stream<String> derived =
        derivation.results().values().stream()
            .map(result ->
                "δ"
                    + Notation.TEXT.write(result.parameter())
                    + " = "
                    + Notation.TEXT.side(result.steps()));
    assertThat(formulas(compilation)).containsAll(derived.toList());
    List<String> lines =
        derivation.gradients().stream()
            .filter(Line.Equation.class::isInstance)
            .map(Line.Equation.class::cast)
            .map(line ->
                Notation.TEXT.write(line.left())
                    + " = "
                    + Notation.TEXT.side(line.whole().orElse(line.right())))
            .toList();
    assertThat(formulas(compilation))
        .filteredOn(formula -> formula.startsWith("δ"))
        .filteredOn(lines::contains)
        .hasSizeGreaterThanOrEqualTo(lines.size() - 4);
  }

  /** Of the batch in training, of all batches before in inference. */
  @Test
  void inferenceHasFormulasOfItsOwnWhereTrainingComputesSomethingElse() {
    Compilation compilation =
        compilation(
            """
            model Normed {
              dim B = 8
              input x: f32[B, 6]
              input y: i32[B]
              h = x |> Dense(5, tanh) |> BatchNorm() |> Dropout(0.5)
              logits = h |> Dense(3)
              loss = cross_entropy(logits, y)
              output logits
            }
            """);
    assertThat(formulas(compilation))
        .containsOnlyOnce(
            "batch_norm1.slope = batch_norm1.gain / √(batch_norm1.variance + 10^−5)",
            "h = (dense1 − batch_norm1.mean) ⊙ batch_norm1.slope + batch_norm1.bias",
            "batch_norm1.slope = batch_norm1.gain / √(batch_norm1.batch_variance + 10^−5)",
            "h = 2·batch_norm1 ⊙ [not (dropout1.uniform1 < 0.5)]");
  }

  @Test
  void aValueThatTheLossDoesNotNeedHasNoLineOfOneThatIsCalledAlike() {
    Compilation compilation =
        compilation(
            """
            model Twice {
              dim B = 8
              input x: f32[B, 4]
              input y: f32[B, 4]
              param W: f32[4, 4] ~ glorot_uniform
              h = tanh(x @ W)
              loss = mean((h - y)^2)
              h = sigmoid(h) + x
              output h
            }
            """);
    assertThat(formulas(compilation)).containsSubsequence("h = tanh(x · W)", "h = σ(h) + x");
  }

  @Test
  void aValueThatNoKernelKeepsStandsBeforeTheOneThatNeedsIt() {
    assertThat(formulas(compiled("RNN")))
        .containsSubsequence(
            "m = max_row logits",
            "s = Σ_row exp(logits − m)",
            "δlogits = (exp(logits − m) / s − [hot]) / B")
        .containsSubsequence("δdense1 = δlogits · dense2.Wᵀ", "δdense1* = δdense1 ⊙ [0 < dense1]");
  }

  /** The optimizer's equations are as the author writes them. */
  @Test
  void theOptimizerHasItsEquations() {
    assertThat(formulas(compiled("RNN")))
        .contains(
            "m = 0.9·m + 0.1·g",
            "v = 0.999·v + 0.001·g²",
            "w = w − 0.002·m / ((1 − 0.9^k)·(√(v / (1 − 0.999^k)) + 10^−8))");
  }

  @Test
  void aLongFormulaIsBrokenBelowItsEqualsSign() {
    assertThat(KernelFormulas.broken("a = b + c + e + f + g", 15))
        .containsExactly("a = b + c + e", "    + f + g");
  }
}
