package nnc.compiler.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;
import nnc.compiler.plan.Kernel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

class FocusTest {
  private static final Compilation MLP =
      compiled(
          """
          model M {
            dim B = 4
            input x: f32[B, 3]
            input y: i32[B]
            logits = x |> Dense(6, tanh) |> Dense(5, tanh) |> Dense(2)
            output logits
            loss = mean(cross_entropy(logits, y))
          }
          train M { optimizer SGD }
          """);

  private static final Compilation BLOCKS =
      compiled(
          """
          model M {
            dim B = 2
            input x: f32[B, 5, 8]
            input y: f32[B, 5, 8]
            z = x
            repeat 3 {
              block = EncoderLayer(2, 16)
              z = block(z)
            }
            loss = mse(z, y)
          }
          train M { optimizer SGD }
          """);

  private static Compilation compiled(String text) {
    return Compiler.compile(
        Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT);
  }

  private static List<String> kernels(Compilation compilation, Focus focus) {
    Predicate<Kernel> wanted = Focus.kernels(focus.nodes(compilation.optimized()));
    return compilation.plan().kernels().stream()
        .flatMap(kernel -> kernel.all().stream())
        .filter(wanted)
        .map(kernel -> kernel.head().name())
        .toList();
  }

  @Test
  void aLayerIsItsValuesAndTheirGradients() {
    // the last one begins with the gradient by what the layer reads
    assertThat(kernels(MLP, new Focus.Layer("dense2")))
        .containsExactlyInAnyOrder(
            "dense2", "delta_dense2", "d_dense2_W", "d_dense2_b", "delta_dense1");
  }

  @Test
  void theLastLayerKeepsItsNameUnderTheAuthors() {
    assertThat(kernels(MLP, new Focus.Layer("dense3")))
        .contains("logits", "d_dense3_W", "d_dense3_b")
        .doesNotContain("dense2", "d_dense2_W");
  }

  @Test
  void theWayToAParameterPassesByNoOther() {
    assertThat(kernels(MLP, Focus.parameter("dense2.W", MLP.model())))
        .contains("d_logits", "delta_dense2", "d_dense2_W")
        .doesNotContain("d_dense1_W", "d_dense3_W", "d_dense2_b", "dense1", "dense2");
  }

  @Test
  void withoutGradientsTheWayLeadsFromTheParameterToTheLoss() {
    Graph graph = MLP.graph();
    Set<Node> way = Focus.parameter("dense3.W", MLP.model()).nodes(graph);
    assertThat(way).contains(graph.root("loss"));
    assertThat(way.stream().map(Node::op).filter(Variable.class::isInstance).map(Object::toString))
        .containsExactly("parameter dense3.W");
    assertThat(way.stream().flatMap(node -> node.label().stream()))
        .contains("logits")
        .doesNotContain("dense1", "dense2");
  }

  @Test
  void layersOfARepeatAreFoundInItsBody() {
    Focus.Layer whole = (Focus.Layer) Focus.layer("block", BLOCKS.model(), BLOCKS.gradient());
    Set<String> layers =
        Set.copyOf(
            whole.nodes(BLOCKS.gradient()).stream()
                .flatMap(node -> node.layers().stream())
                .toList());
    assertThat(layers).allMatch(layer -> layer.equals("block") || layer.startsWith("block."));
    assertThat(layers).hasSizeGreaterThan(3);
    for (String layer : layers) {
      assertThat(Focus.layer(layer, BLOCKS.model(), BLOCKS.gradient()).nodes(BLOCKS.optimized()))
          .as(layer)
          .isNotEmpty();
    }
  }

  @Test
  void aTurnOfARepeatIsFoundUnderItsNumber() {
    assertThat(Focus.layer("block2", BLOCKS.model(), BLOCKS.gradient()))
        .isEqualTo(new Focus.Layer("block"));
    String path = BLOCKS.model().parameters().getFirst().turns().get(1).path();
    assertThat(Focus.parameter(path, BLOCKS.model()).nodes(BLOCKS.optimized())).isNotEmpty();
  }

  @Test
  void theWayToAParameterOfALoopLeavesOthersOut() {
    String last = BLOCKS.model().parameters().getLast().path();
    Set<Node> way = new Focus.Parameter(last).nodes(BLOCKS.optimized());
    Set<Node> all = new Focus.Layer("block").nodes(BLOCKS.optimized());
    assertThat(way).hasSizeLessThan(all.size() / 2);
  }

  @Test
  void anUnknownNameIsToldWithTheNearest() {
    assertThatThrownBy(() -> Focus.layer("dens2", MLP.model(), MLP.gradient()))
        .isInstanceOfSatisfying(
            CompileException.class,
            wrong ->
                assertThat(wrong.diagnostics().getFirst())
                    .satisfies(told -> {
                      assertThat(told.message()).isEqualTo("the model 'M' has no layer 'dens2'");
                      assertThat(told.notes()).containsExactly("layers: dense1, dense2, dense3");
                      assertThat(told.helps()).containsExactly("did you mean 'dense2'?");
                    }));
    assertThatThrownBy(() -> Focus.parameter("dense1.w", MLP.model()))
        .isInstanceOfSatisfying(
            CompileException.class,
            wrong ->
                assertThat(wrong.diagnostics().getFirst().helps())
                    .containsExactly("did you mean 'dense1.W'?"));
  }
}
