package nnc.compiler.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

class LoopRemarksTest {
  /** An LSTM whose last gate reads the cell of its own step (Gers, Schmidhuber 2000). */
  private static final Compilation PEEPHOLE =
      Compiler.compile(
          Project.of(
              new Source(
                  "m.nn",
                  """
                  model M {
                    dim B = 4
                    dim T = 5
                    input x: f32[B, T, 6]
                    param U, V, W: [8, 8] ~ normal(0, 1)
                    param A: [6, 8] ~ normal(0, 1)
                    recur t over T {
                      start c, h: [B, 8] = 0
                      f[t] = sigmoid(h[t-1] @ U + x[t] @ A)
                      c[t] = f[t] * c[t-1] + tanh(h[t-1] @ V)
                      h[t] = sigmoid(c[t] @ W) * tanh(c[t])
                    }
                    output h
                  }
                  """),
              Optional.empty()),
          Compiler.Options.DEFAULT);

  @Test
  void aProductOfAnotherValueIsNotMergedAndTheLineSaysWhich() {
    List<String> remarks = LoopRemarks.of(PEEPHOLE.optimized(), PEEPHOLE.counts().keySet());
    assertThat(remarks)
        .anySatisfy(remark ->
            assertThat(remark)
                .startsWith("leave-loops: c . W stays in its loop (m.nn:11), because it depends")
                .contains("c", "h"))
        .anySatisfy(remark ->
            assertThat(remark).startsWith("merge-parts: ").contains("c . W").contains("m.nn:11"));
  }

  @Test
  void ofPassesThatAreOffNothingIsSaid() {
    assertThat(LoopRemarks.of(PEEPHOLE.optimized(), Set.of())).isEmpty();
  }

  @Test
  void aLoopThatWasNotFusedSaysWhyAndWhere() {
    Compilation rows =
        Compiler.compile(
            Project.of(
                new Source(
                    "m.nn",
                    """
                    model M {
                      dim B = 4
                      input x: f32[B, 8]
                      h = x |> Dense(16)
                      output y = softmax(h)
                    }
                    """),
                Optional.empty()),
            Compiler.Options.DEFAULT);
    assertThat(rows.plan().report())
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("not fused: h and ")
                .contains("m.nn:5")
                .endsWith("because a product's tile does not hold whole rows"));
  }
}
