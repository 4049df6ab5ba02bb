package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.InterpretedTraining;
import nnc.compiler.Project;
import nnc.compiler.RandomValues;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Tensor;
import nnc.compiler.plan.Plan;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of which a step visits only the rows that its ids name. */
class SparseTablesTest {
  private static final int STEPS = 5;
  private static final String MODEL = "lookup.sparse";

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void stepsWithDifferentRowsAgreeWithTheInterpreter(int threads) {
    Compilation compilation = GeneratedModels.compilation(MODEL);
    CompiledModel model = GeneratedModels.load(MODEL);
    InterpretedTraining interpreted = new InterpretedTraining(compilation);
    Map<String, Tensor> parameters = RandomValues.parameters(compilation.model(), 1);
    parameters.forEach((path, value) -> {
      interpreted.setParameter(path, value.values());
      model.setParameter(path, floats(value.values()));
    });
    model.resetOptimizer();
    try (Team team = Team.of(threads);
        Session session = model.session(team)) {
      for (int step = 1; step <= STEPS; step++) {
        int rows = step == 3 ? 2 : 6; // a smaller batch among others
        Map<String, Tensor> inputs = inputs(rows, step);
        session.at(step, 1, STEPS, 1);
        interpreted.at(step, 1, STEPS, 1);
        inputs.forEach((name, value) -> session.feed(name, floats(value.values())));
        Map<String, Tensor> expected = interpreted.compute(inputs);
        session.gradient();
        for (String path : parameters.keySet()) {
          assertClose(
              session.read("grad." + path), Known.in(expected, "grad." + path).values(), path);
        }
        assertThat(session.step()).isTrue();
        interpreted.step(inputs);
        for (String path : parameters.keySet()) {
          assertClose(model.parameter(path), interpreted.parameter(path).values(), path);
        }
      }
    }
  }

  /** Ids from a part of the tables, some of them twice. */
  private static Map<String, Tensor> inputs(int rows, int step) {
    Random random = new Random(step);
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("a", ids(random, rows, rows));
    inputs.put("b", ids(random, rows, rows));
    inputs.put("many", ids(random, 3 * rows, rows, 3));
    inputs.put("y", new Tensor(new int[] {rows}, random.doubles(rows).toArray()));
    return inputs;
  }

  private static Tensor ids(Random random, int count, int... shape) {
    return new Tensor(shape, random.ints(count, 0, 12).asDoubleStream().toArray());
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static void assertClose(float[] actual, double[] expected, String path) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as(path).isCloseTo(expected[i], within(2e-5));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SGD(lr = 0.1)                 |                 | true",
        "SGD(lr = constant_rate)       |                 | true",
        "Adagrad                       |                 | true",
        "SGD(lr = 0.1)                 | clip norm 1     | true",
        "Adagrad                       | clip value 0.5  | true",
        "SGD(lr = 0.1, decay = 0.01)   |                 | false",
        "Momentum                      |                 | false",
        "Adam                          |                 | false",
        "AdamW                         |                 | false",
        "RMSprop                       |                 | false"
      })
  void anOptimizerThatLeavesRowsAloneVisitsOnlyThoseThatIdsName(
      String optimizer, String clip, boolean sparse) {
    String lines =
        "  optimizer "
            + optimizer.replace("constant_rate", "0.1 / k")
            + "\n"
            + (clip == null ? "" : "  " + clip + "\n");
    assertThat(sparse("E[id]", lines).stream().map(Plan.SparseTable::path).toList())
        .isEqualTo(sparse ? List.of("E") : List.of());
  }

  @Test
  void aTableThatIsUsedAsAWholeTooIsUpdatedAsAWhole() {
    assertThat(sparse("E[id] + mean(E)", "  optimizer SGD(lr = 0.1)\n")).isEmpty();
    assertThat(sparse("E[id] @ E.T", "  optimizer SGD(lr = 0.1)\n")).isEmpty();
  }

  private static List<Plan.SparseTable> sparse(String value, String train) {
    String text =
        "model M {\n  dim B = 4\n  input id: i32[B]\n  param E: [9, 3]\n  param w: [3]\n"
            + "  x = "
            + value
            + "\n  loss = mean(x^2) + mean(w)\n}\n\ntrain M {\n"
            + train
            + "}\n";
    return Compiler.compile(
            Project.of(new Source("m.nn", text), Optional.empty()), Compiler.Options.DEFAULT)
        .plan()
        .sparse();
  }
}
