package nnc.compiler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

class RowSharesTest {
  @Test
  void rowsOfABatchGoThroughAnLstmByThemselvesForwardAndBackward() {
    assertThat(rows(model(32, "h = x |> LSTM(8)"))).containsExactly("B", "B");
  }

  @Test
  void aFewRowsShareEachStep() {
    assertThat(rows(model(8, "h = x |> LSTM(8)"))).containsExactly("none", "none");
  }

  @Test
  void whereRowsMeetTheyShareEachStep() {
    String meeting =
        """
        recur t over T {
            start s: [B, 8] = 0
            s[t] = tanh(s[t-1] - mean(s[t-1], keepdims = true over 0) + x[t])
          }
          h = s\
        """;
    assertThat(rows(model(32, meeting))).contains("none");
  }

  private static List<String> rows(String text) {
    return Compiler.compile(
            Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT)
        .plan()
        .kernels()
        .stream()
        .filter(Kernel.Recurrence.class::isInstance)
        .map(kernel -> ((Kernel.Recurrence) kernel).rows().map(Object::toString).orElse("none"))
        .toList();
  }

  private static String model(int batch, String equations) {
    return """
    model M {
      dim B = %d
      dim T = 6
      input x: f32[B, T, 8]
      %s
      loss = mean(h^2)
    }
    train M { optimizer SGD }
    """
        .formatted(batch, equations);
  }
}
