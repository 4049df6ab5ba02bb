package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Team;
import nnc.runtime.UnknownRowException;
import org.junit.jupiter.api.Test;

/** Ids that name no row never reach into memory that is not the table's. */
class UnknownRowTest {
  private static final String MODEL =
      """
      model M {
        dim B = 3
        input x: i32[B, 2]
        input y: i32[B]
        param E: [4, 2]
        a = E[x]
        output b = E[stack(y - 1, y - 1 over 1)]
        output a
      }
      """;

  private static CompiledModel model() {
    return Compiler.compile(
            Project.of(new Source("m.nn", MODEL), Optional.empty()),
            new Compiler.Options(Map.of(), true, "nn.unknownrow"))
        .load();
  }

  @Test
  void whatIsFedIsChecked() {
    try (Session session = model().session()) {
      assertThatThrownBy(() -> session.feed("x", 0, 1, 2, 3, 3, 4))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("input 'x': row 2 holds 4, expected a whole number from 0 to 3");
      assertThatThrownBy(() -> session.feed("x", 0, -1))
          .hasMessage("input 'x': row 0 holds -1, expected a whole number from 0 to 3");
    }
  }

  @Test
  void whatIsComputedIsChecked() {
    CompiledModel model = model();
    try (Team team = Team.of(2);
        Session session = model.session(team)) {
      session.feed("x", 0, 1, 2, 3);
      session.feed("y", 4, 0);
      assertThatThrownBy(session::run)
          .isInstanceOf(UnknownRowException.class)
          .hasMessage(
              "m.nn:7: b = E[stack(y - 1, y - 1 over 1)]: in row 1 of the batch id -1 is looked up, "
                  + "expected a whole number from 0 to 3");
      session.feed("y", 4, 1);
      session.run();
      assertThat(session.read("output.b")).containsExactly(0, 0, 0, 0, 0, 0, 0, 0);
    }
  }
}
