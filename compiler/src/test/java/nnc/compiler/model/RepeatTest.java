package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.Project;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Uniform;
import nnc.compiler.source.Source;
import nnc.runtime.Turn;
import org.junit.jupiter.api.Test;

/** A repeat is one block that runs so many times, and its turns' parameters lie side by side. */
class RepeatTest {
  @Test
  void turnsAreStepsOfOneBlock() {
    TypedModel model = model("repeat 6 { h = h + (h |> Dense(7, tanh) |> Dense(5)) }");
    assertThat(recurrences(model)).hasSize(1);
    assertThat(recurrences(model).getFirst().length()).isEqualTo(6);
    assertThat(model.parameters())
        .extracting(parameter -> parameter.path() + " " + parameter.shape())
        .containsExactly(
            "dense1_*.W [6, 5, 7]",
            "dense1_*.b [6, 7]",
            "dense2_*.W [6, 7, 5]",
            "dense2_*.b [6, 5]");
    assertThat(model.parameter("dense1_*.W").turns())
        .extracting(Turn::path)
        .containsExactly(
            "dense1_1.W", "dense1_2.W", "dense1_3.W", "dense1_4.W", "dense1_5.W", "dense1_6.W");
  }

  @Test
  void nestedTurnsAreNumberedFromTheOuterOne() {
    TypedModel model = model("repeat 2 { repeat 3 { l = Dense(5); h = l(h) } }");
    assertThat(model.parameter("l*_*.W").turns())
        .extracting(Turn::path)
        .containsExactly("l1_1.W", "l1_2.W", "l1_3.W", "l2_1.W", "l2_2.W", "l2_3.W");
    assertThat(model.parameter("l*_*.W").turns().get(4).from()).isEqualTo(4 * 25);
  }

  @Test
  void aNumberToWhichTurnsAddTensorsIsATensor() {
    assertThat(recurrences(model("s = 1; repeat 4 { h = 2 * h; s = s + h }; h = s"))).hasSize(1);
    String body = "h = x; s = 1; repeat 2 {; h = 2 * h; s = s + h; }; s";
    assertThat(new Equation("input x: f32[2]", body).value(Map.of("x", new double[] {1, 3})))
        .containsExactly(7, 19);
  }

  @Test
  void aLayerFromOutsideIsSharedByAllTurns() {
    TypedModel model = model("same = Dense(5); repeat 4 { h = same(h) }");
    assertThat(recurrences(model)).hasSize(1);
    assertThat(model.parameter("same.W").shape()).hasToString("[5, 5]");
  }

  @Test
  void everyTurnDrawsNumbersOfItsOwn() {
    TypedModel model = model("repeat 4 { h = dropout(h, 0.5) }");
    assertThat(
            Graph.needed(List.of(model.training().outputs().get("y"))).stream()
                .map(Node::op)
                .filter(Uniform.class::isInstance)
                .map(op -> ((Uniform) op).shape().toString()))
        .containsExactly("[4, 2, 5]");
  }

  @Test
  void whatABlockInABlockComputesIsCarriedOn() {
    for (String around :
        List.of("repeat 1", "a = 1; repeat 2 { a = 2 * a; h = a * h }; repeat 1")) {
      TypedModel model = model(around + " { repeat 3 { h = h |> Dense(5) } }");
      assertThat(recurrences(model)).as(around).hasSize(1);
      assertThat(recurrences(model).getFirst().length()).isEqualTo(3);
    }
    TypedModel written = model("a = 1; repeat 2 { a = a + 1; repeat 3 { h = a * h |> Dense(5) } }");
    assertThat(recurrences(written)).extracting(Recur::length).containsExactly(3, 3);
  }

  @Test
  void aNameFromOutsideIsCarriedInBlocksToo() {
    double[] x = {1, 2, 3};
    Equation heads =
        new Equation(
            "input x: f32[1, 3]", "h = x; y = heads 2 as k = 3 {; repeat 3 { h = 2 * h }; h; }; y");
    assertThat(heads.value(Map.of("x", x))).containsExactly(8, 16, 24, 8, 16, 24);
    Equation steps =
        new Equation(
            "dim T = 2; input s: f32[1, T, 3]",
            "h = s.first; recur t over T {; repeat 3 { h = 2 * h }; q[t] = h + s[t]; }; q.last");
    assertThat(steps.value(Map.of("s", new double[] {1, 2, 3, 0, 0, 0})))
        .containsExactly(8, 16, 24);
  }

  @Test
  void aGradientInATurnLeadsThroughTheTurnsBefore() {
    String step = "e = sum(%1$s^2 * w); %1$s = %1$s - 0.1 * grad(e, w)";
    String apart = "g = x * w; " + step.formatted("g") + "; " + step.formatted("g") + "; g";
    String repeated = "h = x * w; repeat 2 {; " + step.formatted("h") + "; }; h";
    String input = "input x: f32[2, 3]; input w: f32[3]";
    Map<String, double[]> values =
        Map.of("x", new double[] {1, 2, 3, 4, 5, 6}, "w", new double[] {0.1, 0.2, 0.3});
    assertThat(new Equation(input, repeated).value(values))
        .containsExactly(new Equation(input, apart).value(values), within(1e-13));
  }

  @Test
  void whatAnEquationOverTimeBindsIsCarriedToTheNextTurn() {
    TypedModel model =
        model(
            "repeat 2 { below = h; dim T = 5; recur t over T { start h: [2] = 0; h[t] = h[t-1] + 1 }; h = below + h[.., 0..4] }");
    assertThat(recurrences(model)).isNotEmpty();
  }

  @Test
  void theNextRepeatNumbersItsCallsOn() {
    TypedModel model =
        model(
            "repeat 2 { h = h |> Dense(5) }; a = 1; repeat 2 { a = 2 * a; h = a * h |> Dense(5) }; repeat 3 { h = h |> Dense(5) }");
    assertThat(model.parameters())
        .extracting(TypedModel.Parameter::path)
        .filteredOn(path -> path.endsWith(".W"))
        .containsExactly("dense1_*.W", "dense2_1.W", "dense2_2.W", "dense3_*.W");
  }

  @Test
  void aLayerThatIsHandedInIsSharedHoweverTheTurnsAreWritten() {
    String loop = "layer L(x: [B, d], f) { y = x; repeat 2 { y = f(y) }; y }\n";
    String copies =
        "layer L(x: [B, d], f) { y = x; a = 1; repeat 2 { y = f(a * y); a = 2 * a }; y }\n";
    for (String layer : List.of(loop, copies)) {
      assertThat(
              elaborated(layer.replace(";", "\n"), "h = L(h, Dense(5))", "optimizer SGD(lr = 0.1)")
                  .parameters())
          .extracting(TypedModel.Parameter::path)
          .containsExactly("dense1.W", "dense1.b");
    }
  }

  @Test
  void turnsInsideOfASharedLayerAreItsOwnHoweverTheOuterTurnsAreWritten() {
    String deep = "layer Deep()(x: [B, d]) { h = x; repeat 2 { h = h |> Dense(d, tanh) }; h }\n";
    String handed = "layer Twice(f)(x: [B, d]) { h = x; repeat 3 { h = f(h) }; h }\n";
    for (String body :
        List.of(
            "deep = Deep(); repeat 3 { h = h |> deep }",
            "repeat 3 { deep = Deep(); repeat 2 { h = h |> deep } }",
            "h = h |> Twice(Deep())")) {
      String apart = body.replace("repeat 3 {", "a = 1; repeat 3 { a = 2 * a; ");
      assertThat(paths(deep + handed, body)).as(body).isEqualTo(paths(deep + handed, apart));
    }
    assertThat(paths(deep, "deep = Deep(); repeat 3 { h = h |> deep }"))
        .containsExactly(
            "deep.dense1_1.W[5, 5]",
            "deep.dense1_1.b[5]",
            "deep.dense1_2.W[5, 5]",
            "deep.dense1_2.b[5]");
  }

  /** What users know, in the order of their names. */
  private static List<String> paths(String layers, String body) {
    return elaborated(layers.replace(";", "\n"), body, "optimizer SGD(lr = 0.1)")
        .parameters()
        .stream()
        .flatMap(parameter -> parameter.turns().stream())
        .map(turn -> turn.path() + Arrays.toString(turn.shape()))
        .sorted()
        .toList();
  }

  @Test
  void turnsThatDifferInMoreAreWrittenOut() {
    for (String body :
        List.of(
            "a = 1; repeat 3 { a = a + 1; h = a * h }",
            "n = BatchNorm(); repeat 3 { h = n(h) }",
            "repeat 1 { h = h |> Dense(5) }")) {
      assertThat(recurrences(model(body))).as(body).isEmpty();
    }
    TypedModel frozen =
        model("repeat 3 { l = Dense(5); h = l(h) }", "freeze l2.*; optimizer SGD(lr = 0.1)");
    assertThat(recurrences(frozen)).isEmpty();
    assertThat(frozen.train().trainedPaths()).containsExactly("l1.W", "l1.b", "l3.W", "l3.b");
    TypedModel whole =
        model("repeat 3 { l = Dense(5); h = l(h) }", "freeze l*.b; optimizer SGD(lr = 0.1)");
    assertThat(recurrences(whole)).hasSize(1);
    assertThat(whole.train().trainedPaths()).containsExactly("l*.W");
  }

  @Test
  void whatWasMetInAnAttemptIsForgotten() {
    TypedModel model = model("n = BatchNorm(); repeat 2 { h = n(h |> Dense(5)) }");
    assertThat(model.parameters())
        .extracting(TypedModel.Parameter::path)
        .noneMatch(path -> path.contains(Turn.ANY));
  }

  private static List<Recur> recurrences(TypedModel model) {
    return Graph.needed(List.of(model.inference().outputs().get("y"))).stream()
        .map(Node::op)
        .filter(Recur.class::isInstance)
        .map(Recur.class::cast)
        .toList();
  }

  private static TypedModel model(String body) {
    return model(body, "optimizer SGD(lr = 0.1)");
  }

  private static TypedModel model(String body, String train) {
    return elaborated("", body, train);
  }

  private static TypedModel elaborated(String layers, String body, String train) {
    String text =
        layers
            + "model M {\n  input x: f32[2, 5]\n  h = x\n"
            + body.replace(";", "\n")
            + "\n  output y = h\n  loss = mean(y^2)\n}\ntrain M {\n"
            + train.replace(";", "\n")
            + "\n}\n";
    return Models.elaborate(Project.of(new Source("m.nn", text), Optional.empty()), Map.of());
  }
}
