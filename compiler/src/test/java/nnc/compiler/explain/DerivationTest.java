package nnc.compiler.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import nnc.compiler.Snapshots;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a derivation says, and that it is derived: it follows what a model computes, not what its parts are called. */
final class DerivationTest {
  private static final String CLASSIFIER =
      """
      %s
      model Classifier {
        dim B = 8
        input x: f32[B, 6]
        input y: i32[B]
        logits = x |> %s(5, relu) |> %s(3)
        loss = %s(logits, y)
      }
      """;

  private static final String OWN_LAYER =
      """
      layer Affine(units, activation = none)(x: [..., fan]) {
        param W: [fan, units] ~ he_normal
        param b: [units] ~ zeros
        activation(x @ W + b)
      }
      """;

  private static final String OWN_LOSS =
      """
      fn wrongness(scores, wanted) {
        hot = one_hot(wanted, size(scores over -1))
        picked = sum(where(hot, scores, 0) over -1)
        m = stop_gradient(max(scores, keepdims = true over -1))
        s = sum(exp(scores - m), keepdims = true over -1)
        shifted = log(s) + m
        row = reshape(shifted, (size(scores over 0))) - picked
        mean(row)
      }
      """;

  @TestFactory
  Stream<DynamicTest> derivationsAreAsExpected() {
    return new Snapshots("explain")
        .compare(".txt", source -> DerivationPrinter.text(Derivations.of(source)));
  }

  @Test
  void aLayerByAnotherNameHasTheSameDerivation() {
    String library = Derivations.text(CLASSIFIER.formatted("", "Dense", "Dense", "cross_entropy"));
    String own =
        Derivations.text(CLASSIFIER.formatted(OWN_LAYER, "Affine", "Affine", "cross_entropy"));
    assertThat(withoutPlaces(own.replace("affine", "dense"))).isEqualTo(withoutPlaces(library));
  }

  /** Cross entropy that is written out. */
  @Test
  void softmaxIsFoundByWhatItComputes() {
    String library = Derivations.text(CLASSIFIER.formatted("", "Dense", "Dense", "cross_entropy"));
    String own = Derivations.text(CLASSIFIER.formatted(OWN_LOSS, "Dense", "Dense", "wrongness"));
    assertThat(withoutPlaces(own)).isEqualTo(withoutPlaces(library));
    assertThat(own)
        .contains("= (exp(logits − m) / s − [hot]) / B")
        .contains("exp(logits − m) / s is the softmax of logits");
  }

  /** The textbook's softmax, written in one line; as the weights of a mean of rows. */
  @Test
  void theJacobianOfSoftmaxIsFoundByWhatItComputes() {
    String text =
        Derivations.text(
            """
            model Weighted {
              dim B = 8
              input x: f32[B, 6]
              input y: f32[B, 4]
              param W: [6, 5] ~ glorot_uniform
              param V: [5, 4] ~ glorot_uniform
              u = x @ W
              p = exp(u) / sum(exp(u), keepdims = true over -1)
              loss = mse(p @ V, y)
            }
            """);
    assertThat(text)
        .contains("p is the softmax of u")
        .contains("p ⊙ (g − Σ_row (g ⊙ p)) with p = p and g = δp: for each row");
  }

  /** With scores that are scaled, the score's gradient is the Jacobian's product times the scale. */
  @Test
  void theScaleOfScoresIsSaidWithTheJacobianOfSoftmax() {
    String text =
        Derivations.text(
            """
            model Weighted {
              dim B = 8
              input x: f32[B, 6]
              input y: f32[B, 4]
              param W: [6, 5]
              param V: [5, 4]
              u = x @ W
              p = softmax(u / 4)
              loss = mse(p @ V, y)
            }
            """);
    assertThat(text)
        .contains("δu = δe ⊙ e / 4")
        .contains("p ⊙ (g − Σ_row (g ⊙ p)), times 0.25, with p = p and g = δp: for each row");
  }

  /** Two masks are not one. */
  @Test
  void everyDropoutHasRandomNumbersOfItsOwn() {
    String text =
        Derivations.text(
            """
            model Dropped {
              dim B = 8
              input x: f32[B, 6]
              input y: f32[B, 3]
              h = dropout(x |> Dense(5), 0.5)
              loss = mse(dropout(h |> Dense(3), 0.5), y)
            }
            """);
    assertThat(text).contains("[not (uniform1 < 0.5)]", "[not (uniform2 < 0.5)]");
  }

  /** The author's s, which all rows share the gradient of, and that of the library's cross entropy. */
  @Test
  void gradientsOfValuesOfOneNameHaveTheValuesSigns() {
    Derivation derivation =
        Derivations.of(
            new Source(
                "model.nn",
                """
                model Mine {
                  dim B = 4
                  input x: f32[B, 3, 5]
                  input y: i32[B]
                  param W: [5, 5]
                  param V: [5, 3]
                  a = x @ W
                  s = exp(a) / sum(exp(a), keepdims = true over 2)
                  logits = sum(s over 1) @ V
                  loss = mean(cross_entropy(logits, y))
                }
                """));
    assertThat(DerivationPrinter.text(derivation))
        .contains("δs_2 = δrow / s_2", "δs = δlogits · Vᵀ");
    assertThat(
            derivation.gradients().stream()
                .filter(Line.Equation.class::isInstance)
                .map(line -> ((Line.Equation) line).left()))
        .doesNotHaveDuplicates();
  }

  /** What c receives through h of the same step is in neither J nor what comes from outside. */
  @Test
  void theSumOverAllStepsCountsEachWayOnce() {
    String recurrence =
        """
        model Stacked {
          dim B = 4
          dim T = 5
          input x: f32[B, T, 3]
          input y: f32[B, 3]
          param U, W, V: [3, 3]
          recur t over T {
            start c, h: [B, 3] = 0
            c[t] = tanh(c[t-1] @ W + x[t] @ U)
            h[t] = tanh(h[t-1] @ V + c[t])
          }
          loss = mse(%s, y)
        }
        """;
    assertThat(Derivations.text(recurrence.formatted("h.last")))
        .contains("(δc⁺[k], δh[k]) = Σ_{t ≥ k} g[t] · J[t] ⋯ J[k+1]")
        .contains("δc⁺, not δc");
    assertThat(Derivations.text(recurrence.formatted("h.last + c.last")))
        .contains("(δc⁺[k], δh[k]) = ");
    assertThat(Derivations.text(recurrence.formatted("sum(h + c over 1)")))
        .contains("δc⁺")
        .doesNotContain("all steps at once");
  }

  /** Where the rows' sum is not of what stands above the line, nothing is a softmax. */
  @Test
  void whatIsNoSoftmaxIsNotCalledOne() {
    String text =
        Derivations.text(
            """
            model Weighted {
              dim B = 8
              input x: f32[B, 6]
              input y: f32[B, 5]
              param W: [6, 5] ~ glorot_uniform
              u = x @ W
              p = exp(u) / sum(exp(2 * u), keepdims = true over -1)
              loss = mse(p, y)
            }
            """);
    assertThat(text).doesNotContain("softmax");
  }

  @Test
  void onlyWhatAParameterNeedsIsDerived() {
    Source source =
        new Source("model.nn", CLASSIFIER.formatted("", "Dense", "Dense", "cross_entropy"));
    Derivation all = Derivations.of(source);
    assertThat(all.results()).hasSize(4);
    assertThat(all.gradients())
        .allSatisfy(line -> {
          if (line instanceof Line.Equation equation) {
            assertThat(equation.place()).as(equation.left().text()).isPresent();
          }
        });
  }

  /** A value that is read along two axes of one shape shows its place. */
  @ParameterizedTest
  @CsvSource({"'x[i] − x[j]'"})
  void rowsAndColumnsOfOneVectorAreToldApart(String difference) {
    String text =
        Derivations.text(
            """
            model Pairs {
              param x: [5] ~ glorot_uniform
              input y: f32[5, 5]
              d = reshape(x, (5, 1)) - x
              loss = mse(d, y)
            }
            """);
    assertThat(text).contains(difference);
  }

  private static String withoutPlaces(String text) {
    return text.replaceAll("  model\\.nn:\\d+", "").replaceAll(" +", " ");
  }
}
