package nnc.cli.gradflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import nnc.cli.Workspace;
import nnc.cli.output.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the command says of models whose gradients are known to vanish, to explode, or to do neither. */
class GradflowTest {
  private static final int STEPS = 20;

  @TempDir private Path directory;
  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() {
    workspace = new Workspace(directory);
    Random random = new Random(3);
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < 32; row++) {
      for (int column = 0; column <= STEPS; column++) {
        rows.append(column == 0 ? "" : ",")
            .append(String.format(Locale.ROOT, "%.4f", random.nextGaussian()));
      }
      rows.append('\n');
    }
    workspace.write("numbers.csv", rows.toString());
  }

  private Workspace.Result look(String model, String... more) {
    workspace.write("model.nn", model);
    String[] arguments = new String[more.length + 6];
    System.arraycopy(
        new String[] {"gradflow", "@model.nn", "-o", "@flow.png", "--json", "@flow.json"},
        0,
        arguments,
        0,
        6);
    System.arraycopy(more, 0, arguments, 6, more.length);
    Workspace.Result result = workspace.nnc(arguments);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private JsonNode json() {
    return Json.read(workspace.read("flow.json"));
  }

  /** @param state an equation of h over time, or a layer that gives the states */
  private static String sequence(String state) {
    return """
    layer Plain(hidden, deviation)(x: [B, T, in]) {
      param W: [hidden, hidden] ~ normal(0, deviation)
      param U: [in, hidden]
      recur t over T {
        start h: [B, hidden] = 0
        h[t] = tanh(h[t-1] @ W + x[t] @ U)
      }
      h
    }
    layer Linear(factor)(x: [B, T, in]) {
      param U: [in, in] ~ constant(1)
      recur t over T {
        start h: [B, in] = 0
        h[t] = factor * h[t-1] + x[t] @ U
      }
      h
    }
    model Sequence {
      dim B = 16
      dim T = 20
      input x: f32[B, T]
      input y: f32[B, 1]
      h = STATE(reshape(x, (B, T, 1)))
      loss = LOSS
    }
    train Sequence {
      data csv("numbers.csv") { x = columns(0..19); y = column(20) }
      optimizer SGD(lr = 1e-3)
      epochs 2
    }
    """
        .replace("STATE", state)
        .replace("LOSS", "mse(h.last |> Dense(1), y)");
  }

  @Test
  void aSmallRecurrentMatrixIsToldToVanishAndALargeOneToExplode() {
    Workspace.Result small = look(sequence("Plain(16, 0.05)"), "--steps", "0");
    assertThat(small.out())
        .contains("vanishing: plain1 through time: the gradient is multiplied by 0.1")
        .contains("  gate   ")
        .contains("  init   ")
        .doesNotContain("  clip   ");
    Workspace.Result large =
        look(sequence("Plain(16, 1)").replace("tanh(h[t-1]", "(h[t-1]"), "--steps", "0");
    assertThat(large.out())
        .contains("exploding: plain1 through time")
        .contains("  clip       clip norm 1 in the train block")
        .contains("  truncate");
    Workspace.Result clipped =
        look(
            sequence("Plain(16, 1)")
                .replace("tanh(h[t-1]", "(h[t-1]")
                .replace("epochs 2", "epochs 2; clip norm 1"),
            "--steps",
            "0");
    assertThat(clipped.out()).contains("exploding: plain1").doesNotContain("  clip  ");
  }

  @Test
  void anLstmIsHealthyOverAsManySteps() {
    assertThat(look(sequence("LSTM(16)"), "--steps", "0").out())
        .contains("healthy: lstm1 through time")
        .doesNotContain("cures");
  }

  /** The gate is open at every step, as it should be to remember; the candidate is at its ends, which is told. */
  @Test
  void theGatesOfAModelsOwnRecurrenceAreNotSaturatedAndItsCandidateIs() {
    String lstm =
        sequence("x")
            .replace(
                "h = x(reshape(x, (B, T, 1)))",
                """
                param Wf, Wo, Wz: [1, 8]
                  param Rf, Ro, Rz: [8, 8] ~ orthogonal
                  param bf, bz: [8] ~ constant(9)
                  xs = reshape(x, (B, T, 1))
                  recur t over T {
                    start h, c: [B, 8] = 0
                    f = sigmoid(xs[t] @ Wf + h[t-1] @ Rf + bf)
                    o = sigmoid(xs[t] @ Wo + h[t-1] @ Ro)
                    z = tanh(xs[t] @ Wz + h[t-1] @ Rz + bz)
                    c[t] = f * c[t-1] + (1 - f) * z
                    h[t] = o * tanh(c[t])
                  }\
                """);
    assertThat(look(lstm, "--steps", "0").out())
        .containsPattern("\\n *f +20 x \\[B, 8\\]")
        .contains("saturated: z: ")
        .doesNotContain("saturated: f", "saturated: o");
  }

  /** h[t] = h[t-1] / 2 + x[t], and only the last is read: 1 / 2 is left at each step back. */
  @Test
  void theGradientOfALinearRecurrenceIsAPower() {
    look(sequence("Linear(0.5)"), "--steps", "0");
    JsonNode state = json().at("/looks/0/recurrences/0/states/0");
    double last = state.at("/gradient/19").asDouble();
    assertThat(last).isPositive();
    for (int back = 0; back < STEPS; back++) {
      double expected = last * Math.pow(0.5, back);
      assertThat(state.at("/gradient/" + (STEPS - 1 - back)).asDouble())
          .isCloseTo(expected, withinPercentage(0.01));
      assertThat(state.at("/left/" + back).asDouble()).isCloseTo(expected, withinPercentage(0.01));
    }
  }

  /** Where each step has a loss, the gradients of steps are alike; what the last one gives still falls. */
  @Test
  void whatTheLastStepReceivesIsFollowedByItself() {
    look(
        sequence("Linear(0.5)").replace("mse(h.last |> Dense(1), y)", "mean(h^2)"), "--steps", "0");
    JsonNode state = json().at("/looks/0/recurrences/0/states/0");
    double last = state.at("/left/0").asDouble();
    assertThat(state.at("/gradient/5").asDouble()).isGreaterThan(0.3 * last);
    assertThat(state.at("/left/10").asDouble())
        .isCloseTo(last * Math.pow(0.5, 10), withinPercentage(0.01));
  }

  @Test
  void recurrencesInsideOfARepeatAreShownTurnByTurn() {
    String stacked =
        sequence("STACK")
            .replace(
                "h = STACK(reshape(x, (B, T, 1)))",
                "h = reshape(x, (B, T, 1)) |> Dense(4)\n  repeat 2 {\n    h = h |> GRU(4)\n  }");
    Workspace.Result result = look(stacked, "--steps", "0");
    assertThat(result.out())
        .contains("gru1_1, through time:")
        .contains("gru1_2, through time:")
        .containsPattern("gru1_2\\.h +20 x \\[B, 4\\]")
        .doesNotContain("through time: the gradient");
    assertThat(json().at("/looks/0/recurrences/1/states/0/gradient/19").asDouble()).isPositive();
  }

  @Test
  void whatIsOneLayerForTheModelIsJudgedInside() {
    String inside =
        deep("Dense(20)")
                .replaceFirst("(?s)h = x\n.*?\n  }\n", "h = x |> Net\n")
                .replace("mse(h |> Dense(1), y)", "mse(h, y)")
            + """
            layer Net(x: [B, d]) {
              a = x |> Dense(20, tanh)
              b = a |> Dense(20, tanh)
              b |> Dense(1)
            }
            """;
    assertThat(look(inside, "--steps", "0").out())
        .contains("healthy: through 2 layers")
        .contains("at net1.dense1 (a)");
  }

  @Test
  void aLossThatHoldsAGradientIsLookedAtAsAnyOther() {
    String penalty =
        sequence("Plain(4, 0.5)")
            .replace(
                "mse(h.last |> Dense(1), y)",
                "mse(h.last |> Dense(1), y) + 0.1 * mean(grad(mean(h^2), x)^2)");
    assertThat(look(penalty, "--steps", "0").out())
        .contains("plain1 through time: the gradient")
        .doesNotContain("d_x");
  }

  /** What is not finite is shown, and ends the training. */
  @Test
  void aTrainingThatDivergesIsLookedAtWhereItDoes() {
    String wild = sequence("Plain(16, 1)").replace("tanh(h[t-1]", "(h[t-1]");
    Workspace.Result result =
        look(wild.replace("SGD(lr = 1e-3)", "SGD(lr = 1e6)"), "--steps", "0,3");
    assertThat(result.out())
        .containsPattern("the training diverges after step [0-2], and ends there")
        .contains("exploding: ");
  }

  @Test
  void aLossThatIsNotFiniteIsToldWithTheFirstValueThatIsNot() {
    String root = sequence("Linear(0.5)").replace("h.last |> Dense", "log(-h.last^2 - 1) |> Dense");
    Workspace.Result result = look(root, "--steps", "0");
    assertThat(result.out())
        .contains("the loss and its gradients are not finite, and before them the value dense1\n")
        .containsPattern("nnc train \\S*model.nn --trap nan")
        .doesNotContain("nothing to judge");
  }

  /** At 0 the root's slope is infinite: the loss is finite, and 0 times infinity is not. */
  @Test
  void gradientsThatAreNotFiniteAreToldToo() {
    String root =
        sequence("Linear(0.5)")
            .replace("loss = mse(", "param w: [3] ~ zeros\n  loss = sqrt(sum(w^2)) + mse(");
    assertThat(look(root, "--steps", "0").out())
        .contains("gradients are not finite, the first of them the gradient by the parameter w\n");
  }

  @Test
  void thePictureIsAPng() {
    workspace.write("model.nn", sequence("Linear(0.5)"));
    Workspace.Result result = workspace.nnc("gradflow", "@model.nn", "-o", "@flow.txt");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("flow.txt: ").contains("ends with .png");
  }

  private static String deep(String layer) {
    return """
    layer Residual(inner)(x: [..., d]) {
      x + inner(x)
    }
    layer He(units)(x: [..., in]) {
      param W: [in, units] ~ he_normal
      relu(x @ W)
    }
    model Deep {
      dim B = 16
      input x: f32[B, 20]
      input y: f32[B, 1]
      h = x
      repeat 10 {
        h = h |> LAYER
      }
      loss = mse(h |> Dense(1), y)
    }
    train Deep {
      data csv("numbers.csv") { x = columns(0..19); y = column(20) }
      optimizer Adam(lr = 1e-3)
      epochs 2
    }
    """
        .replace("LAYER", layer);
  }

  @Test
  void aDeepStackOfSigmoidsVanishesAndReluOrAWayAroundDoesNot() {
    assertThat(look(deep("Dense(20, sigmoid)"), "--steps", "0").out())
        .contains("vanishing: through 10 layers the gradient is multiplied by 0.")
        .contains("at dense1_1 (h)")
        .contains("  residual   ")
        .contains("  norm   ")
        .contains("  activation   ");
    assertThat(look(deep("He(20)"), "--steps", "0").out()).contains("healthy: through 10 layers");
    assertThat(look(deep("Residual(Dense(20, sigmoid))"), "--steps", "0").out())
        .contains("healthy: through 10 layers");
  }

  @Test
  void deadAndSaturatedUnitsAreTold() {
    String layers =
        deep("Dense(20)").replace("repeat 10", "g = x |> Off(20) |> Steep(8)\n  repeat 2");
    Workspace.Result result =
        look(
            layers.replace("h |> Dense(1)", "(h |> Dense(1)) + (g |> Dense(1))")
                + """
                layer Off(units)(x: [..., in]) {
                  param W: [in, units]
                  param b: [units] ~ constant(-50)
                  relu(x @ W + b)
                }
                layer Steep(units)(x: [..., in]) {
                  param W: [in, units] ~ normal(0, 50)
                  param b: [units] ~ constant(9)
                  tanh(x @ W + b)
                }
                """,
            "--steps",
            "0");
    assertThat(result.out())
        .contains("dead: off1: 100% of the units are 0 in every row")
        .contains("saturated: steep1 (g): 100% of what it gives lies where the slope of tanh")
        .contains("leaky_relu");
  }

  @Test
  void tablesPictureAndJsonShowEveryLook() {
    Workspace.Result result = look(Workspace.TINY, "--steps", "0,5,20");
    assertThat(result.out())
        .contains("at the beginning: loss ")
        .contains("after step 5: loss ")
        .contains("after step 20: loss ")
        .containsPattern("dropout1 \\(hidden\\) +\\[B, 5\\]")
        .containsPattern("dense1\\.W +\\[3, 5\\]");
    JsonNode looks = json().get("looks");
    assertThat(looks.size()).isEqualTo(3);
    assertThat(looks.at("/2/step").asInt()).isEqualTo(20);
    assertThat(workspace.bytes("flow.png")).startsWith(0x89, 'P', 'N', 'G');
    double size = looks.at("/0/parameters/0/rms").asDouble();
    double update = looks.at("/0/parameters/0/update").asDouble();
    assertThat(update * size).isCloseTo(1e-2, within(1e-4)); // Adam's first step is the rate
  }

  /** To look is to make a step and to undo it: parameters and what Adam remembers are as before. */
  @Test
  void lookingDoesNotChangeTheTraining() {
    look(Workspace.TINY, "--steps", "0,1,2,7,20");
    String often = json().at("/looks/4").toString();
    look(Workspace.TINY, "--steps", "20");
    assertThat(json().at("/looks/0").toString()).isEqualTo(often);
  }

  @Test
  void aTrainingThatEndsEarlierIsLookedAtWhereItEnds() {
    assertThat(look(Workspace.TINY, "--steps", "1000").out())
        .contains("after step 24: loss ")
        .contains("the training ends with step 24: --epochs N makes it longer");
  }

  @Test
  void whatCannotBeTrainedIsToldAsByTrain() {
    workspace.write(
        "plain.nn", "model Plain {\n  dim B = 4\n  input x: f32[B, 3]\n  output y = 2 * x\n}\n");
    Workspace.Result plain = workspace.nnc("gradflow", "@plain.nn");
    assertThat(plain.code()).isEqualTo(1);
    assertThat(plain.err())
        .contains("nothing says how 'Plain' is trained")
        .contains("has no loss to train by");
    workspace.variant(
        "datum.nn",
        "data csv(\"rows.csv\") { x = columns(0..2) / 2; y = column(\"label\"); hold out 25% }",
        "");
    assertThat(workspace.nnc("gradflow", "@datum.nn").err())
        .contains("nothing says what 'Tiny' is trained on");
    assertThat(workspace.nnc("gradflow", "@tiny.nn", "--steps", "-1").code()).isEqualTo(2);
    assertThat(workspace.nnc("gradflow", "@tiny.nn", "--steps", "many").code()).isEqualTo(2);
    assertThat(workspace.nnc("gradflow", "@tiny.nn", "--depth", "0").code()).isEqualTo(2);
    assertThat(workspace.nnc("gradflow", "../../models/optimizers.nn").err())
        .contains("choose one with --as");
  }
}
