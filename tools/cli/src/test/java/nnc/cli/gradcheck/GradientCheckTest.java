package nnc.cli.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import nnc.cli.Workspace;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.grad.Gradients;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Op;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

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

  /** Of a large model it takes minutes: nobody waits for all parameters to see the first. */
  @Test
  void aParameterIsToldBeforeTheNextIsChecked() {
    new Workspace(directory);
    Compilation tiny =
        Compiler.compile(
            Project.read(directory.resolve("tiny.nn"), Optional.empty()), Compiler.Options.DEFAULT);
    List<String> told = new ArrayList<>();
    GradientCheck.of(
        tiny,
        2,
        1,
        new GradientCheck.Listener() {
          @Override
          public void begin(List<String> paths) {
            told.addAll(paths);
          }

          @Override
          public void sample(String path, int done, int sampled) {
            if (done == sampled - 1) {
              told.add("last sample of " + path);
            }
          }

          @Override
          public void found(GradientCheck.Finding finding) {
            told.add("found " + finding.path());
          }
        });
    assertThat(told)
        .startsWith("dense1.W", "dense1.b", "dense2.W", "dense2.b")
        .endsWith(
            "last sample of dense1.W",
            "found dense1.W",
            "last sample of dense1.b",
            "found dense1.b",
            "last sample of dense2.W",
            "found dense2.W",
            "last sample of dense2.b",
            "found dense2.b");
  }

  @Test
  void aWrongGradientIsFound() {
    Workspace workspace = new Workspace(directory);
    // steps so fine that differences take them for a slope; by the rule of floor there is none
    workspace.variant(
        "wrong.nn",
        "mean(cross_entropy(logits, y))",
        "mean(cross_entropy(logits, y)) + mean(floor(1e9 * logits)) / 1e9");
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

  private static final String HEADER =
      "dim B = 4\n dim T = 3\n input x: f32[B, T, 6]\n input y: i32[B]\n ";

  private static final String ATTENTION =
      HEADER
          + """
          a = x |> LayerNorm
          h = softmax((a |> Dense(6)) @ (a |> Dense(6)).T / sqrt(6) over -1) @ (a |> Dense(6, silu))
          loss = cross_entropy(mean(h over T) |> Dense(3), y)
          """;

  static final List<String> AGREE =
      List.of(
          // the bias of the keys: of its gradient only the rounding is left
          ATTENTION,
          HEADER + "param b: []\n loss = mean(softmax(x + b)[.., 0, 0])",
          // what is stopped is a value of its own, for the gradient and for the differences
          HEADER + "a = x |> Dense(3)\n loss = mean((a - stop_gradient(tanh(a)))^2)",
          HEADER
              + "a = x |> Dense(3, tanh)\n loss = mean((a + stop_gradient(round(4 * a) / 4 - a))^2)",
          HEADER
              + """
              judge = Dense(1)
              fake = x[.., 0, ..] |> Dense(6, tanh)
              loss = mean(softplus(judge(stop_gradient(fake)))) - mean(log(sigmoid(fake @ stop_gradient(judge.W))))
              """,
          HEADER
              + """
              recur t over T {
                start h: [B, 4] = 0
                h[t] = tanh(x[t] |> Dense(4)) + h[t-1] * stop_gradient(sigmoid(h[t-1] |> Dense(4)))
              }
              loss = mean(h.last^2)
              """,
          HEADER
              + """
              z = x
              repeat 3 { z = z + stop_gradient(tanh(z)) * (z |> Dense(6)) }
              h = heads 2 as k = 3 {
                param Q: [6, k]
                z @ Q * stop_gradient(tanh(z @ Q))
              }
              loss = mean(h^2)
              """,
          // statistics of the batch, and random numbers, are those of a training step
          HEADER
              + "loss = cross_entropy(x[.., 0, ..] |> Dense(6) |> BatchNorm |> tanh |> Dropout(0.4) |> Dense(3), y)");

  @ParameterizedTest
  @FieldSource("AGREE")
  void trueGradientsAreFoundTrue(String body) {
    Workspace workspace = new Workspace(directory);
    workspace.write("m.nn", "model M {\n" + body + "\n}\n");
    assertThat(workspace.nnc("gradcheck", "@m.nn").out()).contains("the gradients agree");
  }

  @Test
  void theGradientIsThatOfATrainingStep() {
    Workspace workspace = new Workspace(directory);
    workspace.write(
        "m.nn", "model M {\n" + HEADER + "param b: []\n loss = where(training, 3, 5) * b\n}\n");
    assertThat(workspace.nnc("gradcheck", "@m.nn").out()).contains("3.0000e+00");
  }

  /** Bounds for rounding are no place to hide: the error of a rule is far above them. */
  @Test
  void aFlippedSignInAnyRuleIsFound() {
    Source source = new Source("m.nn", "model M {\n" + ATTENTION + "\n}\n");
    Compilation right =
        Compiler.compile(Project.of(source, Optional.empty()), Compiler.Options.DEFAULT);
    Set<Class<? extends Op>> rules = new LinkedHashSet<>();
    withRules(
        right,
        (node, upstream) -> {
          List<Node> shares = node.op().gradient(node, upstream);
          if (shares.stream().anyMatch(Objects::nonNull)) {
            rules.add(node.op().getClass());
          }
          return shares;
        });
    assertThat(rules).hasSizeGreaterThan(10);
    for (Class<? extends Op> op : rules) {
      Compilation flipped =
          withRules(
              right,
              (node, upstream) -> {
                List<Node> shares = new ArrayList<>(node.op().gradient(node, upstream));
                if (op.isInstance(node.op())) {
                  shares.replaceAll(share -> share == null ? null : share.negated());
                }
                return shares;
              });
      assertThat(GradientCheck.of(flipped, 2, 1, new GradientCheck.Listener() {}))
          .as("the rule of %s", op.getSimpleName())
          .anyMatch(finding -> finding.differences() > GradientCheck.TOLERANCE);
    }
  }

  /**
   * The same compilation, its gradients taken by other rules: of the graph as it was written, since in the arranged one a sign may
   * be turned twice.
   */
  private static Compilation withRules(Compilation compilation, Gradients.Rules rules) {
    TypedModel model = compilation.model();
    Node loss = compilation.graph().root("loss");
    Map<String, Node> roots = new LinkedHashMap<>(compilation.graph().roots());
    for (String name : compilation.gradient().roots().keySet()) {
      if (name.startsWith("grad.")) {
        Node parameter =
            loss.builder().add(model.parameter(name.substring("grad.".length())).variable());
        roots.put(name, Known.in(new Gradients(rules).of(loss, List.of(parameter)), parameter));
      }
    }
    return new Compilation(
        compilation.model(),
        compilation.graph(),
        Graph.of(roots),
        compilation.optimized(),
        compilation.update(),
        compilation.counts(),
        compilation.plan(),
        compilation.formulas(),
        compilation.java(),
        compilation.trainingMeasures(),
        compilation.evaluationMeasures(),
        compilation.packageName());
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
