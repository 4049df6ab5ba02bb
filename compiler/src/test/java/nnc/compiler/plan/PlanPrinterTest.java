package nnc.compiler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

class PlanPrinterTest {
  @Test
  void aKernelStandsAtTheAuthorsLineWhereItHasOne() {
    String text =
        """
        model M {
          dim B = 4
          input x: f32[B, 3]
          h = x |> Dense(5, gelu)
          loss = mean(LayerNorm()(h))
        }
        train M { optimizer SGD }
        """;
    Plan plan =
        Compiler.compile(
                Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT)
            .plan();
    assertThat(PlanPrinter.print(plan, _ -> List.of()))
        .contains("m.nn:4", "m.nn:5", "optimizers.nn:5")
        .doesNotContain("layers.nn", "activations.nn", "reductions.nn");
  }
}
