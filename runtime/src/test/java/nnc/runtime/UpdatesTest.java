package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** While one session updates a model's parameters, no other computes with them. */
class UpdatesTest {
  private static final int GRADIENT = 1;
  private static final int UPDATE = 2;

  /** Computes nothing; while it computes its outputs, gradients or update, something else can happen. */
  private static final class Model extends CompiledModel {
    int during;
    Runnable other = () -> {};

    Model() {
      super(
          new Signature(
              "Model",
              "",
              1,
              List.of(),
              List.of(
                  new Signature.Value(
                      "loss",
                      Signature.Element.F32,
                      new int[0],
                      0,
                      0,
                      0,
                      List.of(Signature.Program.GRADIENT))),
              List.of(),
              List.of(),
              List.of(kernel("outputs"), kernel("gradients"), kernel("update")),
              List.of(),
              Optional.empty(),
              List.of(),
              Signature.Accumulation.NONE,
              1,
              1,
              1,
              1,
              1));
    }

    private static Signature.Kernel kernel(String name) {
      return new Signature.Kernel(name, "", "", 0, List.of());
    }

    @Override
    public Session session() {
      return inferenceSession(null);
    }

    @Override
    public Session session(Team team) {
      return session(team, true);
    }

    @Override
    public Session inferenceSession(Team team) {
      return session(team, false);
    }

    private Session session(Team team, boolean trains) {
      Session.Programs programs =
          new Session.Programs(
              new int[] {0}, new int[] {0}, new int[] {GRADIENT}, new int[] {UPDATE});
      return new Session(this, team, trains, programs) {
        @Override
        protected void kernel(int number, Worker worker) {
          if (number == during) {
            Runnable once = Model.this.other;
            Model.this.other = () -> {};
            once.run();
          }
        }

        @Override
        protected List<String> inferenceInputs() {
          return List.of();
        }
      };
    }
  }

  private final Model model = new Model();
  private final Team team = Team.of(1);
  private final Team otherTeam = Team.of(1);
  private final Session session = model.session(team);
  private final Session other = model.session(otherTeam);

  private void during(int kernel, Runnable happens) {
    model.during = kernel;
    model.other = happens;
  }

  private static void refused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "another session trained the same model meanwhile: while one trains, no other may run");
  }

  @Test
  void nothingRunsDuringAnUpdate() {
    during(
        UPDATE,
        () -> {
          refused(other::run);
          refused(other::evaluate);
          refused(other::gradient);
          refused(other::step);
        });
    assertThat(session.step()).isTrue();
    other.run();
  }

  @Test
  void whatAnUpdateCameBetweenIsRefused() {
    during(0, other::step);
    refused(session::run);
    during(GRADIENT, other::step);
    refused(session::step);
    assertThat(session.k()).as("steps are counted if they were made").isEqualTo(1);
    assertThat(session.step()).isTrue();
  }

  @Test
  void anUpdateThatFailsIsOver() {
    during(
        UPDATE,
        () -> {
          throw new UnsupportedOperationException();
        });
    assertThatThrownBy(session::step).isInstanceOf(UnsupportedOperationException.class);
    other.run();
  }

  @Test
  void outputsAreComputedAtOnce() {
    during(0, other::run);
    session.run();
    during(0, other::gradient);
    session.run();
  }
}
