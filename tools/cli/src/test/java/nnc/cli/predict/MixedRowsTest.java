package nnc.cli.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MixedRowsTest {
  private static boolean mixed(String output) {
    String text =
        "model M {\n dim B = 4\n dim T = 6\n input x: f32[B, T, 3]\n input id: i32[B]\n output y = "
            + output
            + "\n}\n";
    Compilation compilation =
        Compiler.compile(
            Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT);
    return MixedRows.in(
        compilation.optimized().roots().values(), compilation.model().batch().orElseThrow());
  }

  /** These are computed together: a batch is quicker than its rows one by one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "argmax(flatten(x) |> Dense(3))",
        "x |> BatchNorm |> Conv1d(4, 2) |> MaxPool1d(2) |> Dropout(0.5)",
        "(x |> LSTM(4)).last",
        "softmax(x @ x.T) @ x",
        "id |> Embedding(5, 3)",
        "reshape(x, (2 * B, 3, 3)) |> Dense(2)",
        "mean(x over T)"
      })
  void rowsOfTheirOwn(String output) {
    assertThat(mixed(output)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mean(x)",
        "x - max(x, keepdims = true over B)",
        "x / B",
        "x[id]",
        "einsum(\"a t d, b t d -> a b\", x, x)",
        "softmax(flatten(x) @ flatten(x).T) @ flatten(x)"
      })
  void rowsOfOneAnother(String output) {
    assertThat(mixed(output)).isTrue();
  }
}
