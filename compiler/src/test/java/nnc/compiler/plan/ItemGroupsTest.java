package nnc.compiler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

class ItemGroupsTest {
  private static final String TEXT =
      """
      model M {
        dim B = 4
        input x: f32[B, 5, 12]
        y = x
        repeat 3 {
          self = SelfAttention(3)
          ffn  = FeedForward(16, gelu)
          y = y + self(y, causal(5))
          y = y + ffn(y)
        }
        loss = mean(y^2)
      }
      train M { optimizer SGD }
      """;

  private static final Plan PLAN =
      Compiler.compile(
              Project.of(new Source("m.nn", TEXT), Optional.empty()), Compiler.Options.DEFAULT)
          .plan();

  @Test
  void aHeadGoesThroughAttentionByItself() {
    List<Kernel.Items> groups =
        PLAN.kernels().stream()
            .flatMap(kernel -> kernel.all().stream())
            .filter(Kernel.Items.class::isInstance)
            .map(Kernel.Items.class::cast)
            .toList();
    assertThat(groups).hasSize(2); // forward and backward
    assertThat(groups).extracting(ItemGroupsTest::products).containsExactly(2L, 4L);
  }

  private static long products(Kernel.Items group) {
    return group.steps().stream().filter(step -> step.product().isPresent()).count();
  }

  /** Of the feed-forward part the product's result and erf, of attention exp; not what is arithmetic of these. */
  @Test
  void whatIsArithmeticOfKeptValuesIsNotKept() {
    assertThat(PLAN.buffers())
        .filteredOn(buffer -> buffer.toString().endsWith("[3, B, 5, 16]"))
        .hasSize(2);
    assertThat(PLAN.buffers())
        .filteredOn(buffer -> buffer.toString().endsWith("[3, 3, B, 5, 5]"))
        .hasSize(1);
  }
}
