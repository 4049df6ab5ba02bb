package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.Project;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Uniform;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.DiagnosticPrinter;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What a train block makes of its optimizers, clips and hyper-parameters. */
class OptimizerEquationsTest {
  private static final String MODEL =
      """
      model M {
        dim B = 2
        input x: f32[B, 4]
        param W: [4]
        buffer count: [] = 0
        loss = mean(x @ W)
      }
      """;

  private static TypedModel model(String declarations, String items) {
    String text = declarations + MODEL + "train M {\n" + items + "\n}\n";
    return Models.elaborate(Project.of(new Source("model.nn", text), Optional.empty()), Map.of());
  }

  /** The parameter after step k of ten, in epoch 3. */
  private static double[] updated(String items, int k, double[] w, double[] g) {
    Map<String, Tensor> variables = new HashMap<>();
    variables.put("w0", new Tensor(new int[] {4}, w));
    variables.put("g0", new Tensor(new int[] {4}, g));
    variables.put("k", Tensor.scalar(k));
    variables.put("epoch", Tensor.scalar(3));
    variables.put("steps", Tensor.scalar(10));
    Interpreter interpreter = new Interpreter(Map.of(), variables);
    return Known.in(interpreter.run(model("", items).train().update()), "w0").values();
  }

  @Test
  void eachOptimizerDrawsNoiseOfItsOwn() {
    String noisy = "optimizer Noisy() { w = w - 0.1 * (g + normal_like(g)) }\n";
    String second = MODEL.replace("param W: [4]", "param W: [4]\n  param V: [4]");
    TypedModel model =
        Models.elaborate(
            Project.of(
                new Source(
                    "model.nn",
                    noisy
                        + second.replace("x @ W", "x @ (W + V)")
                        + "train M {\n  optimizer Noisy() for V\n  optimizer Noisy()\n}\n"),
                Optional.empty()),
            Map.of());
    List<String> paths =
        model.train().update().nodes().stream()
            .map(Node::op)
            .filter(Uniform.class::isInstance)
            .map(op -> ((Uniform) op).path())
            .toList();
    assertThat(paths).hasSize(4).doesNotHaveDuplicates().allMatch(path -> path.contains("update"));
  }

  private static final double[] G = {-3, 0.2, 0.5, 4};

  @Test
  void clippedByValueEachElementOfTheGradientIsBounded() {
    assertThat(updated("optimizer SGD(lr = 1); clip value 0.5", 1, new double[4], G))
        .containsExactly(0.5, -0.2, -0.5, -0.5);
  }

  @Test
  void clippedByNormTheGradientKeepsItsDirection() {
    double[] expected = new double[4];
    double norm = Math.sqrt(9 + 0.04 + 0.25 + 16);
    for (int i = 0; i < 4; i++) {
      expected[i] = -G[i] / (norm + 1e-6);
    }
    assertThat(updated("optimizer SGD(lr = 1); clip norm 1", 1, new double[4], G))
        .containsExactly(expected, within(1e-12));
  }

  @Test
  void clipsFollowOneAnother() {
    double norm = Math.sqrt(0.09 + 0.04 + 0.09 + 0.09);
    assertThat(updated("optimizer SGD(lr = 1); clip value 0.3; clip norm 0.1", 1, new double[4], G))
        .containsExactly(
            new double[] {0.03 / norm, -0.02 / norm, -0.03 / norm, -0.03 / norm}, within(1e-6));
  }

  @Test
  void hyperParametersFollowSchedules() {
    double[] g = {1, 0, 0, 0};
    String warm = "optimizer SGD(lr = 0.8 * warm_up(k, 4) * cosine_decay(k, steps))";
    assertThat(updated(warm, 2, new double[4], g)[0])
        .isCloseTo(-0.8 * 0.5 * 0.5 * (1 + Math.cos(Math.PI / 10)), within(1e-12));
    assertThat(updated("optimizer SGD(lr = step_decay(epoch, 2))", 2, new double[4], g)[0])
        .isCloseTo(-0.1, within(1e-12));
    assertThat(updated("optimizer SGD(lr = transformer_rate(k, 64, 5))", 9, new double[4], g)[0])
        .isCloseTo(-1 / 24.0, within(1e-12));
  }

  private record Wrong(String declarations, String items, String... told) {
    @Override
    public String toString() {
      return declarations + items;
    }
  }

  static final List<Wrong> WRONG =
      List.of(
          new Wrong("", "optimizer SGD; clip value 0", "the bound of 'clip' is a number above 0"),
          new Wrong("", "optimizer SGD; freeze count", "no parameter has a path like 'count'"),
          new Wrong("", "optimizer SGD; clip value -1", "the bound of 'clip' is a number above 0"),
          new Wrong(
              "optimizer Idle(lr = 1) {\n  state m = 0\n  m = m + g\n}\n",
              "optimizer Idle",
              "the optimizer 'Idle' never writes 'w', the parameter",
              "w = w - lr * g"),
          new Wrong(
              "optimizer Typed(lr: [] = 1) { w = w - lr * g }\n",
              "optimizer Typed",
              "the hyper-parameters of an optimizer have no types"),
          new Wrong(
              "fn twice(x: [B, d]) = 2 * x\n", "", "the arguments of a function have no types"),
          new Wrong(
              "layer Scale(factor: f32[])(x: [...]) { factor * x }\n",
              "",
              "the configuration of a layer has no types",
              "second parentheses"));

  @ParameterizedTest
  @FieldSource("WRONG")
  void whatIsWrongIsTold(Wrong wrong) {
    CompileException e =
        catchThrowableOfType(
            CompileException.class, () -> model(wrong.declarations(), wrong.items()));
    assertThat(new DiagnosticPrinter(false).print(e.diagnostics())).contains(wrong.told());
  }
}
