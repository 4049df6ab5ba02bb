package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.cli.inspect.Inspection;
import nnc.cli.inspect.JavaText;
import nnc.cli.inspect.Stage;
import nnc.cli.output.Json;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.inspect.Focus;
import nnc.compiler.model.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What nnc inspect says of models that are no toys. */
class InspectTest {
  private static final String TRANSFORMER = "charlm-transformer.nn";
  private static final Map<Stage, String> JSON_LISTS =
      Map.of(Stage.PLAN, "kernels", Stage.MEMORY, "buffers");
  private static final String LSTM = "charlm-lstm.nn";

  private static String inspect(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "inspect";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return String.join("\n", Nnc.done(all)) + "\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {TRANSFORMER, LSTM})
  void everyInputOfAJsonGraphIsInIt(String model) {
    JsonNode graph = Json.read(inspect(model, "--stage", "optimized", "--format", "json"));
    Set<String> ids = new HashSet<>();
    Set<String> read = new HashSet<>();
    collect(graph.path("nodes"), ids, read);
    assertThat(ids).containsAll(read).anyMatch(id -> id.contains("."));
  }

  private static void collect(JsonNode nodes, Set<String> ids, Set<String> read) {
    for (JsonNode node : nodes) {
      assertThat(ids.add(node.path("id").stringValue())).isTrue();
      node.path("inputs").forEach(input -> read.add(input.stringValue()));
      if (node.has("of")) {
        read.add(node.path("of").stringValue());
      }
      collect(node.path("body").path("nodes"), ids, read);
      node.path("body").path("next").forEach(next -> read.add(next.stringValue()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"graph", "plan"})
  void aPictureClosesWhatItOpens(String stage) {
    String dot = inspect(TRANSFORMER, "--stage", stage, "--format", "dot");
    assertThat(dot.chars().filter(c -> c == '{').count())
        .isEqualTo(dot.chars().filter(c -> c == '}').count());
    assertThat(dot).startsWith("digraph \"CharTransformer\" {").contains("label=\"block\"");
  }

  static List<Path> models() throws IOException {
    return AllModelsTest.models();
  }

  @ParameterizedTest
  @MethodSource("models")
  void eachStageOfEachModelIsThereInEachFormat(Path model) {
    Program program = Project.read(model, Optional.empty());
    Compiler.Options options = Compiler.Options.DEFAULT;
    Compilation compilation = Compiler.compile(program, options);
    Inspection inspection = new Inspection(program, compilation, options, new Focus.Whole());
    for (Stage stage : Stage.values()) {
      if (stage == Stage.COST) {
        continue; // it takes a plan for each dim: of one model is enough
      }
      assertThat(inspection.text(stage, new JavaText(Optional.empty(), false), 1))
          .as("%s as text", stage)
          .contains(stage == Stage.MEMORY ? "parameters" : stage == Stage.AST ? "model " : "loss");
      if (stage.hasJson()) {
        JsonNode json = Json.read(inspection.json(stage, 1));
        assertThat(json.path("model").stringValue()).isEqualTo(compilation.model().name());
        assertThat(json.path(JSON_LISTS.getOrDefault(stage, "nodes")).size())
            .as("%s as JSON", stage)
            .isPositive();
      }
      if (stage.hasDot()) {
        assertThat(inspection.dot(stage))
            .as("%s as dot", stage)
            .startsWith("digraph ")
            .endsWith("}\n");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theTermsOfAModelsCostsComeToItsNumbers(Path model) {
    Program program = Project.read(model, Optional.empty());
    Compiler.Options options = Compiler.Options.DEFAULT;
    JsonNode costs =
        Json.read(
            new Inspection(program, Compiler.compile(program, options), options, new Focus.Whole())
                .json(Stage.COST, 14));
    for (JsonNode each : costs.path("programs")) {
      double sum = 0;
      for (JsonNode term : each.path("operations").path("terms")) {
        double value = term.path("factor").doubleValue();
        for (Map.Entry<String, JsonNode> power : term.path("powers").properties()) {
          value *=
              Math.pow(
                  costs.path("dims").path(power.getKey()).intValue(), power.getValue().intValue());
        }
        sum += value;
      }
      assertThat(each.path("operations").path("value").doubleValue()).isCloseTo(sum, within(1.0));
    }
    assertThat(costs.path("kernels").size()).isPositive();
  }

  @Test
  void theCostsOfATransformerAreThoseOfTheTextbook() {
    String costs = inspect(TRANSFORMER, "--stage", "cost");
    // four layers: queries, keys, values and results 8 d^2, the two products behind them 16 d^2,
    // for each of B T places
    assertThat(costs).contains("96 B T d^2");
  }

  @Test
  void theGradientOfOneWeightIsASmallPartOfAllGradients() {
    String all = inspect(LSTM, "--stage", "plan");
    String one = inspect(LSTM, "--stage", "plan", "--param", "dense1.W");
    assertThat(one).contains("d_dense1_W").doesNotContain("d_lstm1");
    assertThat(one.length()).isLessThan(all.length() / 4);
  }

  @Test
  void whatStaysInALoopSaysOnWhichState() {
    assertThat(inspect(LSTM, "--passes"))
        .contains("not done, and why")
        .contains(
            "leave-loops: h . lstm1.Wf_Wi_Wo_Wc, h . lstm2.Wf_Wi_Wo_Wc stay in their loop "
                + "(charlm-lstm.nn:10), because they depend on h of the step before");
  }
}
