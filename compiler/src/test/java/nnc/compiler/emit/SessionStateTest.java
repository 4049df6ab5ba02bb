package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Team;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session gives results of the batch that is in its memory, or none. */
class SessionStateTest {
  /** The loss needs twice and does not need other. */
  private static final String MODEL =
      """
      model M {
        dim B = 4
        input x: f32[B, 2]
        input y: i32[B]
        param w: [2, 3] ~ ones
        twice = 2 * (x @ w)
        output twice
        output other = exp(x)
        loss = cross_entropy(twice, y)
        metric size = mean(twice)
      }
      train M { optimizer SGD(lr = 0.5) }
      """;

  private static final float[] ROW = {1, 2};

  private final CompiledModel model =
      Compiler.compile(
              Project.of(new Source("m.nn", MODEL), Optional.empty()),
              new Compiler.Options(Map.of(), true, "nn.state"))
          .load();
  private final Team team = Team.of(1);
  private final Session session = model.session(team);

  @BeforeEach
  void begin() {
    model.initialise(1);
  }

  @AfterEach
  void end() {
    session.close();
    team.close();
  }

  private void feed() {
    session.feed("x", ROW);
    session.feed("y", 1);
  }

  private void refuses(String value, String calls) {
    assertThatThrownBy(
            () -> {
              switch (value) {
                case "loss" -> session.loss();
                case "size" -> session.metric("size");
                default -> session.read(value);
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(value + " has not been computed for this batch: call " + calls + " first");
  }

  private void refusesAll() {
    refuses("output.twice", "run()");
    refuses("output.other", "run()");
    refuses("loss", "evaluate(), gradient() or step()");
    refuses("size", "evaluate(), gradient() or step()");
    refuses("grad.w", "gradient() or step()");
  }

  @Test
  void nothingIsReadBeforeItIsComputed() {
    refusesAll();
    feed();
    refusesAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "y"})
  void feedingAnyInputBeginsAnew(String input) {
    feed();
    session.run();
    assertThat(session.read("output.twice")).containsExactly(6, 6, 6);
    if (input.equals("x")) {
      session.feed("x", ROW);
    } else {
      session.feed("y", 2);
    }
    refusesAll();
  }

  @Test
  void whatIsRefusedLeavesTheBatch() {
    feed();
    session.run();
    assertThatThrownBy(() -> session.feed("x", 1f)).hasMessageContaining("takes 2 values a row");
    assertThat(session.read("output.twice")).containsExactly(6, 6, 6);
  }

  @Test
  void runComputesNoLoss() {
    feed();
    session.evaluate();
    session.run();
    refuses("loss", "evaluate(), gradient() or step()");
    refuses("size", "evaluate(), gradient() or step()");
    refuses("grad.w", "gradient() or step()");
  }

  @Test
  void outputsThatTheLossNeedsAreReadAfterAStepToo() {
    feed();
    session.evaluate();
    assertThat(session.read("output.twice")).containsExactly(6, 6, 6);
    assertThat(session.metric("size")).isEqualTo(6);
    refuses("output.other", "run()");
    assertThat(session.step()).isTrue();
    assertThat(session.read("output.twice")).containsExactly(6, 6, 6);
    assertThat(session.loss()).isEqualTo((float) Math.log(3));
    assertThat(session.read("grad.w")).hasSize(6);
    refuses("output.other", "run()");
    session.run();
    assertThat(session.read("output.other")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void numbersAreFinite(float number) {
    session.feed("x", ROW);
    assertThatThrownBy(() -> session.feed("x", 1, 2, 3, number))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input 'x': row 1 holds " + number + ", expected a finite number");
    assertThatThrownBy(session::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("inputs not fed for this batch of 2 rows: x");
    assertThatThrownBy(() -> session.feed("y", number))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input 'y': row 0 holds " + number + ", expected a whole number from 0 to 2");
  }

  /** What generates and predicts on several threads takes no memory for gradients, nor for what optimizers remember. */
  @Test
  void aTeamComputesOutputsWithoutTheMemoryOfATraining() {
    try (Session outputs = model.inferenceSession(team)) {
      for (Session each : List.of(outputs, session)) {
        each.feed("x", ROW);
        each.run();
      }
      assertThat(outputs.read("output.twice")).isEqualTo(session.read("output.twice"));
      assertThat(outputs.memory().length).isLessThan(session.memory().length);
      assertThatThrownBy(outputs::step)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "this session computes outputs only: session(team) makes one that evaluates and trains");
    }
  }

  @Test
  void aClosedSessionSaysSo() {
    try (Session alone = model.session()) {
      alone.feed("x", ROW);
      alone.run();
      alone.close();
      assertThatThrownBy(alone::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this session has been closed");
    }
  }
}
