package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.NonFinite;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A step looks at its loss, at all gradients, and at all that it has updated. */
class NonFiniteTest {
  private static CompiledModel compiled(String body, String train) {
    String text = "model M {\n  dim B = 2\n" + body + "}\n\ntrain M {\n" + train + "}\n";
    return Compiler.compile(
            Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT)
        .load();
  }

  @ParameterizedTest
  @CsvSource({
    "1,     0.1,  loss,    Infinity, w = 1e30",
    "1e-30, 0.1,  grad.w,  NaN,      w = 0",
    "1,     1e38, param.w, Infinity, w = -10"
  })
  void theFirstThatIsNotFiniteIsNamed(
      float x, String rate, String value, float number, String start) {
    CompiledModel model =
        compiled(
            "  input x: f32[B]\n  param w: [2]\n"
                + (value.startsWith("grad")
                    ? "  loss = mean(x) + sqrt(sum(w^2))\n"
                    : "  loss = mean((x * sum(w))^2)\n"),
            "  optimizer SGD(lr = " + rate + ")\n");
    float w = Float.parseFloat(start.substring("w = ".length()));
    model.setParameter("w", new float[] {w, w});
    try (Team team = Team.of(2);
        Session session = model.session(team)) {
      session.feed("x", x, x);
      assertThat(session.step()).isFalse();
      assertThat(session.k()).isEqualTo(1);
      NonFinite found = session.nonFinite().orElseThrow();
      assertThat(found.value()).isEqualTo(value);
      assertThat(found.number()).isEqualTo(Float.valueOf(number));
      assertThat(found.kernel()).isPresent();
      if (!value.startsWith("param")) {
        assertThat(model.parameter("w")).as("not updated").containsExactly(w, w);
      } else {
        assertThat(found.kernel().map(Signature.Kernel::name)).contains("sgd");
      }
    }
  }

  private static final String TABLE =
      "  input id: i32[B]\n  param E: [6, 3]\n  loss = mean(sum(E[id]^2))\n";

  /** Looking at a whole table would take time that the step itself does not take. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void ofASparseTableTheRowsOfTheStepAreLookedAt(int threads) {
    CompiledModel model = compiled(TABLE, "  optimizer SGD(lr = 1e38)\n");
    float[] table = new float[18];
    Arrays.fill(table, 3, 6, -10f); // row 1
    Arrays.fill(table, 12, 15, Float.NaN); // row 4
    model.setParameter("E", table);
    try (Team team = Team.of(threads);
        Session session = model.session(team)) {
      session.feed("id", 0, 5);
      assertThat(session.step()).as("rows that are finite").isTrue();
      session.feed("id", 0, 1);
      assertThat(session.step()).as("a row that overflows").isFalse();
    }
  }

  @Test
  void whatIsFrozenIsNotLookedAt() {
    CompiledModel model =
        compiled(
            "  input x: f32[B]\n  param w, f: []\n  output y = f * x\n  loss = mean((x * w)^2) + 0 * min(1, max(0, f))\n",
            "  optimizer SGD(lr = 0.1)\n  freeze f\n");
    model.setParameter("w", new float[] {1});
    model.setParameter("f", new float[] {Float.POSITIVE_INFINITY});
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      session.feed("x", 1f, 1f);
      assertThat(session.step()).isTrue();
    }
  }
}
