package nnc.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import nnc.compiler.source.Source;
import nnc.compiler.source.Span;
import org.junit.jupiter.api.Test;

class GraphTest {
  private final GraphBuilder builder = new GraphBuilder();
  private final Node x = builder.add(new Variable(Variable.Kind.INPUT, "x", Type.f32(Shape.of(3))));

  @Test
  void equalSubexpressionsAreOneNode() {
    assertThat(x.times(x).plus(x)).isSameAs(x.times(x).plus(x));
    assertThat(x.times(2)).isNotSameAs(x.times(3));
  }

  @Test
  void randomNodesAreNeverOne() {
    assertThat(builder.add(new Uniform("u", Shape.of(3))))
        .isNotSameAs(builder.add(new Uniform("u", Shape.of(3))));
  }

  @Test
  void aNodeKnowsEveryPlaceItComesFrom() {
    Source source = new Source("m.nn", "y = x * x\nz = x * x");
    Span first = new Span(source, 4, 9);
    Span second = new Span(source, 14, 19);
    Node one = builder.at(first, () -> x.times(x));
    Node other = builder.at(second, () -> x.times(x));
    assertThat(one).isSameAs(other);
    assertThat(one.spans()).containsExactly(first, second);
  }

  @Test
  void theAuthorsTextIsShownBeforeTheLibrarys() {
    Span library = new Span(new Source(Source.LIBRARY + "layers.nn", "x * x"), 0, 5);
    Span own = new Span(new Source("m.nn", "y = f(x)"), 4, 8);
    Node node = builder.at(own, () -> builder.at(library, () -> x.times(x)));
    assertThat(node.place()).contains(own);
  }

  @Test
  void aGraphHoldsWhatItsRootsNeedInputsFirst() {
    Node unused = x.plus(1);
    Node square = x.times(x);
    Node root = square.sum(List.of(0));
    assertThat(Graph.of(Map.of("loss", root)).nodes())
        .containsExactly(x, square, root)
        .doesNotContain(unused);
  }

  @Test
  void anUnknownRootIsNamedWithThoseThereAre() {
    assertThatThrownBy(() -> Graph.of(Map.of("loss", x)).root("los"))
        .hasMessageContaining("'los'")
        .hasMessageContaining("[loss]");
  }

  @Test
  void nodesOfAnotherBuilderAreRefused() {
    Node foreign = new GraphBuilder().constant(1);
    assertThatThrownBy(() -> builder.add(new nnc.compiler.ir.op.Add(), foreign, foreign))
        .hasMessageContaining("belongs to another builder");
  }

  @Test
  void printsALineANode() {
    Graph graph = Graph.of(Map.of("loss", builder.label(x.times(x), "square").sum(List.of(0))));
    assertThat(GraphPrinter.print(graph))
        .isEqualTo(
            """
            %0    input x                            f32[3]
            %1    multiply %0, %0                    f32[3]               square
            %2    sum over [0] %1                    f32[]
            loss = %2
            """);
  }

  @Test
  void theVerifierFindsUsersBeforeTheirInputs() {
    Node square = x.times(x);
    Graph turned = new Graph(Map.of("y", square), List.of(square, x));
    assertThatThrownBy(() -> GraphVerifier.verify(turned, "a pass"))
        .hasMessageContaining("after a pass")
        .hasMessageContaining("stands before its input");
  }

  @Test
  void theVerifierFindsARootThatIsMissing() {
    Graph without = new Graph(Map.of("y", x.times(x)), List.of(x));
    assertThatThrownBy(() -> GraphVerifier.verify(without, "a pass"))
        .hasMessageContaining("root y is not in the graph");
  }
}
