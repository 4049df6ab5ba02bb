package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Team;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a compiled model's buffers change, and when not. */
class GeneratedBuffersTest {
  private static final List<String> BUFFERS =
      List.of("memory1.a", "memory1.b", "memory1.steps", "memory1.before", "largest", "pair");

  private final CompiledModel model = GeneratedModels.load("buffers.old_values");

  @BeforeEach
  void begin() {
    model.initialise(1);
    model.setParameter("memory1.b", new float[] {1, 2, 3, 4, 5, 6});
    model.setParameter("largest", new float[] {1});
  }

  private List<float[]> buffers() {
    return BUFFERS.stream().map(model::parameter).toList();
  }

  private static void feed(Session session, float scale) {
    float[] x = new float[48];
    for (int i = 0; i < x.length; i++) {
      x[i] = scale * (i % 7 - 3);
    }
    session.feed("x", x);
  }

  @Test
  void aStepUpdatesThemFromOldValues() {
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      feed(session, 1);
      session.step();
      assertThat(model.parameter("memory1.a")).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(model.parameter("memory1.b")).containsExactly(2, 2, 2, 2, 2, 2);
      assertThat(model.parameter("memory1.before")).containsExactly(1, 1, 1, 1, 1, 1);
      assertThat(model.parameter("memory1.W")).doesNotContain(1);
      assertThat(model.parameter("memory1.steps")).containsExactly(1);
      assertThat(model.parameter("largest")).containsExactly(3);
      feed(session, 0.5f);
      session.step();
      assertThat(model.parameter("memory1.steps")).containsExactly(2);
      assertThat(model.parameter("largest")).containsExactly(3);
    }
  }

  @Test
  void whatIsNoStepLeavesThem() {
    List<float[]> before = buffers();
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      feed(session, 1);
      session.run();
      session.evaluate();
      session.gradient();
      assertThat(buffers()).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @Test
  void aStepWhoseLossIsNotFiniteLeavesThem() {
    List<float[]> before = buffers();
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      float[] x = new float[48];
      Arrays.fill(x, Float.MAX_VALUE);
      session.feed("x", x);
      assertThat(session.step()).isFalse();
      assertThat(buffers()).usingRecursiveComparison().isEqualTo(before);
    }
  }
}
