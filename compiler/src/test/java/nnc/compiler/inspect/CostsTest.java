package nnc.compiler.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.ir.Known;
import nnc.compiler.plan.Plan.Program;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

class CostsTest {
  private static Costs costs(String text) {
    Source source = new Source("m.nn", text);
    Compilation compilation = compiled(source, Map.of());
    return Costs.of(
        compilation.plan(),
        compilation.model(),
        sizes -> Optional.of(compiled(source, sizes).plan()));
  }

  private static Compilation compiled(Source source, Map<String, Integer> sizes) {
    return Compiler.compile(
        Project.of(source, Optional.empty()), Compiler.Options.DEFAULT.with(sizes));
  }

  private static Costs.Entry kernel(Costs costs, String name) {
    return costs.entries().stream()
        .filter(entry -> entry.kernel().head().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aProductCountsTwoForEachMultiplyAdd() {
    Costs costs =
        costs(
            """
            model M {
              dim B = 8
              dim d = 32
              input x: f32[B, d]
              param W: [d, 4 * d]
              output y = x @ W
            }
            """);
    Costs.Entry y = kernel(costs, "y");
    assertThat(y.operations()).hasToString("8 B d^2");
    assertThat(y.operations().value()).isEqualTo(2.0 * 8 * 32 * 128);
    assertThat(y.bytes()).hasToString("16 d^2 + 20 B d");
  }

  @Test
  void aSizeThatIsNoDimStaysANumberEvenIfADimIsAsLarge() {
    Costs costs =
        costs(
            """
            model M {
              dim B = 8
              dim d = 32
              input x: f32[B, d]
              param W: [d, 32]
              output y = x @ W
            }
            """);
    assertThat(kernel(costs, "y").operations()).hasToString("64 B d");
  }

  @Test
  void aRecurrenceCountsAllItsSteps() {
    Costs costs =
        costs(
            """
            model M {
              dim B = 8
              dim T = 12
              dim d = 64
              input x: f32[B, T, d]
              output h = x |> GRU(d)
            }
            """);
    Amount whole = costs.total(Program.INFER).operations();
    // three gates, each with a product of the input and one of the state
    assertThat(whole.toString()).startsWith("12 B T d^2");
    assertThat(Known.in(costs.layers(Program.INFER), "gru1").forward().toString())
        .startsWith("12 B T d^2");
  }

  @Test
  void attentionGrowsWithTheSquareOfTheLength() {
    Costs costs =
        costs(
            """
            model M {
              dim B = 2
              dim T = 64
              dim d = 32
              input x: f32[B, T, d]
              input y: f32[B, T, d]
              attention = MultiHeadAttention(4)
              z = attention(x, x)
              loss = mse(z, y)
            }
            train M { optimizer SGD }
            """);
    Costs.Layer attention = Known.in(costs.layers(Program.GRADIENT), "attention");
    // queries, keys, values and the result: 8 B T d^2; scores and their weighted sums: 4 B T^2 d
    assertThat(attention.forward().toString()).contains("8 B T d^2").contains("4 B T^2 d");
    assertThat(attention.gradient().toString()).contains("8 B T^2 d");
  }

  @Test
  void twoDimsOfOneSizeAreToldApart() {
    Costs costs =
        costs(
            """
            model M {
              dim B = 2
              dim S = 24
              dim T = 24
              dim d = 32
              input x: f32[B, S, d]
              input y: f32[B, T, d]
              a = PositionalEncoding()(x)
              b = PositionalEncoding()(y)
              cross = MultiHeadAttention(4)
              loss = mean(cross(b, a)^2)
            }
            train M { optimizer SGD }
            """);
    // the encodings are one kernel where S is T, and two where it is not
    Costs.Layer cross = Known.in(costs.layers(Program.GRADIENT), "cross");
    assertThat(cross.forward().toString())
        .contains("4 B T d^2", "4 B S d^2", "4 B S T d")
        .doesNotContain(" B d^2");
  }

  /** The kernel that multiplies by the slope of relu also computes the gradient that comes out of the next layer. */
  @Test
  void ofALayerNoOtherIsListed() {
    Source source =
        new Source(
            "m.nn",
            """
            model M {
              dim B = 64
              input x: f32[B, 64]
              input y: i32[B]
              logits = x |> Dense(128, relu) |> Dense(64, relu) |> Dense(10)
              loss = mean(cross_entropy(logits, y))
            }
            train M { optimizer SGD }
            """);
    Compilation compilation = compiled(source, Map.of());
    Focus dense1 = Focus.layer("dense1", compilation.model(), compilation.gradient());
    Costs whole = Costs.of(compilation.plan(), compilation.model(), _ -> Optional.empty());
    Costs part = whole.of(dense1, Focus.kernels(dense1.nodes(compilation.optimized())));
    assertThat(part.entries()).anyMatch(entry -> entry.gradient().containsKey("dense2"));
    assertThat(part.layers(Program.GRADIENT)).containsOnlyKeys("dense1");
    assertThat(whole.layers(Program.GRADIENT)).containsKeys("dense1", "dense2");
  }

  @Test
  void theLimitDependsOnTheBalance() {
    Costs costs =
        costs(
            """
            model M {
              dim B = 64
              input x: f32[B, 256]
              param W: [256, 256]
              output y = x @ W
            }
            """);
    double intensity = kernel(costs, "y").intensity();
    assertThat(intensity).isBetween(10.0, 30.0);
    assertThat(CostPrinter.print(costs, intensity / 2)).containsPattern("\\by +arithmetic ");
    assertThat(CostPrinter.print(costs, intensity * 2)).containsPattern("\\by +memory ");
  }
}
