package nnc.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;
import nnc.compiler.source.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MeasureTest {
  private static final int ROWS = 5;

  /** Over five rows whose squares sum to 20, with parameters for which what has no rows is 3 in every batch. */
  @ParameterizedTest
  @CsvSource({
    "mean(x^2),                          4",
    "sqrt(mean(x^2)),                    2",
    "sqrt(mean(x^2)) + sum(w^2) / 2,     5",
    "mean(x^2) * exp(w[0]),              12",
    "sum(w^2) / 2,                       3"
  })
  void aLossOverAllRowsIsItsFormulaOfTheTotals(String loss, double expected) {
    String text =
        "model M { dim B = 4; input x: f32[B]; param w: [2] ~ ones; output y = x * sum(w); loss = "
            + loss
            + " }";
    Measure measure =
        Compiler.compile(
                Project.of(List.of(new Source("m.nn", text)), Optional.empty()),
                Compiler.Options.DEFAULT)
            .evaluationMeasures()
            .getFirst();
    Map<String, double[]> totals = new HashMap<>();
    measure.sums().forEach((name, node) -> totals.put(name, new double[] {total(node)}));
    assertThat(measure.value(totals, ROWS)).isEqualTo(expected);
  }

  /** Of the squares, of what parameters alone give, or of the number of rows. */
  private static double total(Node sum) {
    Set<Variable.Kind> enter =
        Graph.needed(List.of(sum)).stream()
            .filter(node -> node.op() instanceof Variable)
            .map(node -> ((Variable) node.op()).kind())
            .collect(Collectors.toSet());
    return enter.contains(Variable.Kind.INPUT)
        ? 20
        : enter.contains(Variable.Kind.PARAMETER) ? 3 * ROWS : ROWS;
  }
}
