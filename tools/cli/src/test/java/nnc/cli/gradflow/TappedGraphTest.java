package nnc.cli.gradflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.InterpretedTraining;
import nnc.compiler.Project;
import nnc.compiler.grad.Gradients;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Tensor;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Models;
import nnc.compiler.model.Program;
import nnc.compiler.model.TypedModel;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Team;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradients that are shown are those of the loss. */
class TappedGraphTest {
  private static final Path MODELS = Path.of("../../models");
  private static final int ROWS = 3;
  private static final double WIDTH = 1e-5;

  /** A small model, what is looked at in it, and numbers for its inputs and parameters. */
  private record Case(Program program, TypedModel model, TappedGraph tapped) {
    static Case of(Path file, int depth) {
      Program program = Project.read(file, Optional.empty());
      if (!program.ways().isEmpty()) {
        program = program.as(program.ways().getFirst());
      }
      TypedModel model = Models.elaborate(program, Map.of());
      return new Case(
          program, model, new TappedGraph(model, NamedValues.of(program, model.name()), depth));
    }

    Graph loss() {
      return Graph.of(Map.of("loss", model.training().loss().orElseThrow()));
    }

    Map<Dim, Integer> extents() {
      return model.batch().map(dim -> Map.of(dim, ROWS)).orElse(Map.of());
    }

    Map<String, Tensor> variables(Random random) {
      Map<String, Tensor> variables = new HashMap<>(inputs(random));
      for (TypedModel.Parameter parameter : model.parameters()) {
        Tensor tensor = Tensor.zeros(parameter.shape().at(Map.of()));
        for (int i = 0; i < tensor.values().length; i++) {
          tensor.values()[i] = random.nextGaussian() * 0.4;
        }
        variables.put(parameter.path(), tensor);
      }
      return variables;
    }

    Map<String, Tensor> inputs(Random random) {
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      for (TypedModel.Input input : model.inputs()) {
        Tensor tensor = Tensor.zeros(input.type().shape().at(extents()));
        for (int i = 0; i < tensor.values().length; i++) {
          tensor.values()[i] =
              switch (input.type().element()) {
                case F32 -> (float) random.nextGaussian();
                case I32 ->
                    random.nextInt(input.idRange().map(TypedModel.IdRange::classes).orElse(2));
                case BOOL -> random.nextInt(2);
              };
        }
        inputs.put(input.name(), tensor);
      }
      return inputs;
    }
  }

  private static Path golden(String name) {
    return MODELS.resolve("golden").resolve(name + ".nn");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlp_sigmoid",
        "rnn",
        "lstm",
        "gru",
        "lstm_bidirectional_stacked",
        "seq2seq_attention",
        "transformer",
        "cnn_maxpool"
      })
  void gradientsOfValuesAreThoseOfFiniteDifferences(String name) {
    Case one = Case.of(golden(name), 3);
    Graph extended = one.tapped().extend(one.loss());
    Node loss = extended.root("loss");
    Gradients rules = new Gradients().throughAllSteps();
    Map<Node, Node> gradients = rules.of(loss, one.tapped().targets(extended));
    Graph complete = one.tapped().complete(extended, gradients, rules);
    Random random = new Random(7);
    Map<String, Tensor> variables = one.variables(random);
    extended.nodes().stream()
        .map(Node::op)
        .filter(Variable.class::isInstance)
        .map(Variable.class::cast)
        .filter(variable -> variable.variable().startsWith(TappedGraph.LEAF))
        .forEach(leaf ->
            variables.put(leaf.variable(), Tensor.zeros(leaf.type().shape().at(one.extents()))));
    Map<String, Tensor> values = new Interpreter(one.extents(), variables).run(complete);
    assertThat(one.tapped().taps()).isNotEmpty();
    for (Tap tap : one.tapped().taps()) {
      double[] gradient = Known.in(values, TappedGraph.GRADIENT + tap.number()).values();
      double[] leaf = Known.in(variables, TappedGraph.LEAF + tap.number()).values();
      assertThat(gradient).hasSameSizeAs(leaf);
      for (int sample = 0; sample < 2; sample++) {
        int place = random.nextInt(leaf.length);
        leaf[place] = WIDTH;
        double above = loss(one, variables, loss);
        leaf[place] = -WIDTH;
        double below = loss(one, variables, loss);
        leaf[place] = 0;
        assertThat(gradient[place])
            .as("%s at %d", Names.of(tap, 0), place)
            .isCloseTo((above - below) / (2 * WIDTH), within(1e-8));
      }
    }
  }

  private static double loss(Case one, Map<String, Tensor> variables, Node loss) {
    return Known.in(
            new Interpreter(one.extents(), variables).run(Graph.of(Map.of("loss", loss))), "loss")
        .scalar();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "seq2seq_attention", "transformer", "cnn_maxpool"})
  void generatedCodeGivesWhatTheInterpreterGives(String name) {
    Case one = Case.of(golden(name), 3);
    Compilation compilation = Compiler.compile(one.model(), Compiler.Options.DEFAULT, one.tapped());
    CompiledModel model = compilation.load();
    model.initialise(3);
    InterpretedTraining reference = new InterpretedTraining(compilation);
    reference.copyParameters(model);
    reference.at(1, 1, 1, 3);
    Map<String, Tensor> inputs = one.inputs(new Random(5));
    List<String> roots = new ArrayList<>();
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      session.at(1, 1, 1, 3);
      inputs.forEach((input, tensor) -> session.feed(input, floats(tensor)));
      session.gradient();
      model.signature().values().stream()
          .map(value -> value.name())
          .filter(value -> value.startsWith("flow."))
          .forEach(roots::add);
      Map<String, Tensor> expected = reference.compute(inputs, roots);
      for (String root : roots) {
        double[] wanted = Known.in(expected, root).values();
        float[] found = session.read(root);
        double largest = 0;
        for (double value : wanted) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertThat(found).as(root).hasSize(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
          assertThat((double) found[i])
              .as("%s [%d]", root, i)
              .isCloseTo(wanted[i], within(2e-5 * largest + 1e-9));
        }
      }
    }
    assertThat(roots).anyMatch(root -> root.startsWith(TappedGraph.GRADIENT));
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[tensor.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) tensor.values()[i];
    }
    return values;
  }

  static List<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(MODELS)) {
      return files.filter(file -> file.toString().endsWith(".nn")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyShippedModelHasGradientsOfAllThatIsShown(Path file) {
    Case one = Case.of(file, 2);
    Graph extended = one.tapped().extend(one.loss());
    Gradients rules = new Gradients();
    Map<Node, Node> gradients = rules.of(extended.root("loss"), one.tapped().targets(extended));
    Graph complete = one.tapped().complete(extended, gradients, rules);
    for (Tap tap : one.tapped().taps()) {
      assertThat(complete.root(TappedGraph.GRADIENT + tap.number()).shape())
          .as(Names.of(tap, 0))
          .isEqualTo(complete.root(TappedGraph.VALUE + tap.number()).shape());
    }
    if (!file.endsWith("glove.nn")) { // one formula, of parameters alone
      assertThat(one.tapped().taps()).as("looked at in " + file).isNotEmpty();
    }
  }
}
