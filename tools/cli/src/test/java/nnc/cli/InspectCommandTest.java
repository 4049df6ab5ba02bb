package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import nnc.cli.output.Json;
import nnc.compiler.ir.Known;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class InspectCommandTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ast       | model Tiny
          graph     | tanh
          graph     | loss = %
          gradient  | grad.dense1.W = %
          optimized | update
          optimized | w0 = %
          plan      | product [B, 3] . [3, 5]
          plan      | reads
          plan      | infer evaluate gradient
          memory    | arena, training
          memory    | dense1.W
          memory    | peak, training
          cost      | B = 4
          cost      | operations = 30 B
          java      | final class TinyForward
          java      | final class TinyGradient
          java      | final class TinyUpdate
          """)
  void aStageIsPrinted(String stage, String part) {
    Workspace.Result result = new Workspace(directory).nnc("inspect", "@tiny.nn", "--stage", stage);
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains(part);
  }

  @Test
  void theJavaToReadIsShorterThanTheJavaThatIsCompiled() {
    Workspace workspace = new Workspace(directory);
    String toRead = workspace.nnc("inspect", "@tiny.nn", "--stage", "java").out();
    String whole = workspace.nnc("inspect", "@tiny.nn", "--stage", "java", "--full").out();
    assertThat(whole)
        .contains("FloatVector")
        .contains("class TinySignature")
        .hasSizeGreaterThan(toRead.length());
    assertThat(toRead).doesNotContain("FloatVector");
  }

  @Test
  void oneFileOfTheJavaCanBeChosen() {
    Workspace.Result update =
        new Workspace(directory).nnc("inspect", "@tiny.nn", "--stage", "java", "--only", "update");
    assertThat(update.out())
        .startsWith("// nn/TinyUpdate.java")
        .doesNotContain("class TinyForward");
  }

  @Test
  void passesAreCountedWithTheirLaws() {
    assertThat(new Workspace(directory).nnc("inspect", "@tiny.nn", "--passes").out())
        .containsPattern("fold-constants +\\d+   what is known now");
  }

  @Test
  void passesThatAreSwitchedOffSaySo() {
    assertThat(
            new Workspace(directory)
                .nnc("inspect", "@tiny.nn", "--passes", "--without", "fold-constants,in-place")
                .out())
        .containsPattern("fold-constants +off   what is known now")
        .containsPattern("in-place +off ")
        .containsPattern("simplify +\\d+ ");
  }

  @Test
  void allPassesCanBeSwitchedOff() {
    assertThat(
            new Workspace(directory)
                .nnc("inspect", "@tiny.nn", "--passes", "--without", "all")
                .out()
                .lines())
        .hasSizeGreaterThan(20)
        .allMatch(line -> line.contains(" off   "));
  }

  @Test
  void theSyntaxOfAModelWithErrorsCanBeLookedAt() {
    Workspace workspace = new Workspace(directory);
    Workspace.Result result =
        workspace.nnc(
            "inspect",
            "@" + workspace.variant("wrong.nn", "argmax(logits)", "nothing"),
            "--stage",
            "ast");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("nothing");
  }

  @ParameterizedTest
  @CsvSource({"graph", "gradient", "optimized", "plan", "memory", "java", "cost"})
  void aLayerIsLookedAtAlone(String stage) {
    Workspace workspace = new Workspace(directory);
    String all = workspace.nnc("inspect", "@tiny.nn", "--stage", stage).out();
    Workspace.Result one =
        workspace.nnc("inspect", "@tiny.nn", "--stage", stage, "--layer", "dense2");
    assertThat(one.code()).isZero();
    assertThat(one.out()).contains("logits").hasSizeLessThan(all.length());
  }

  @Test
  void theGradientOfOneParameterIsLookedAtAlone() {
    String way =
        new Workspace(directory)
            .nnc("inspect", "@tiny.nn", "--stage", "java", "--param", "dense1.W")
            .out();
    assertThat(way).contains("void d_dense1_W(", "void d_logits(").doesNotContain("d_dense2_W(");
  }

  @Test
  void anUnknownLayerIsTold() {
    Workspace.Result result =
        new Workspace(directory).nnc("inspect", "@tiny.nn", "--stage", "plan", "--layer", "dens2");
    assertThat(result.code()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(result.err())
        .contains(
            "error[name]: the model 'Tiny' has no layer 'dens2'",
            "= layers: dense1, dense2, dropout1",
            "= help: did you mean 'dense2'?");
  }

  @ParameterizedTest
  @CsvSource({
    "--stage java --format json,            there is JSON of the stages",
    "--stage memory --format dot,           there is dot of the stages",
    "--passes --format json,                --format is that of a stage",
    "--stage plan --layer a --param b,      give one",
    "--stage ast --layer dense1,            a stage after ast",
    "--stage plan --only model,             --only chooses a file of the Java",
    "--stage plan --full,                   --full prints all of the Java",
    "--passes --full,                       --full prints all of the Java",
    "--stage plan --balance 14,             --balance is that of the costs",
    "--stage cost --balance 0,              --balance is more than 0"
  })
  void optionsThatDoNotFitAreTold(String options, String told) {
    Workspace.Result result =
        new Workspace(directory)
            .nnc(
                Stream.concat(Stream.of("inspect", "@tiny.nn"), Stream.of(options.split(" ")))
                    .toArray(String[]::new));
    assertThat(result.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(result.err()).contains(told);
  }

  @Test
  void aGraphAsJsonLeadsFromTheGradientToItsInputs() {
    JsonNode graph = json("optimized");
    Map<String, JsonNode> nodes = new HashMap<>();
    graph.path("nodes").forEach(node -> nodes.put(node.path("id").stringValue(), node));
    JsonNode root = Known.in(nodes, graph.path("roots").path("grad.dense1.W").stringValue());
    assertThat(root.path("op").stringValue()).isEqualTo("product");
    assertThat(root.path("label").stringValue()).isEqualTo("d_dense1.W");
    assertThat(root.path("shape").toString()).isEqualTo("[3,5]");
    assertThat(root.path("rule").stringValue()).isEqualTo("product");
    assertThat(root.path("place").path("line").intValue()).isEqualTo(5);
    assertThat(
            Known.in(nodes, root.path("inputs").path(0).stringValue()).path("text").stringValue())
        .isEqualTo("input x");
    nodes
        .values()
        .forEach(node ->
            node.path("inputs")
                .forEach(input -> assertThat(nodes).containsKey(input.stringValue())));
    assertThat(graph.path("update").path("nodes").size()).isPositive();
  }

  @Test
  void aPlanAsJsonNamesTheBuffersOfItsKernels() {
    JsonNode plan = json("plan");
    Map<String, JsonNode> buffers = new HashMap<>();
    plan.path("buffers").forEach(buffer -> buffers.put(buffer.path("id").stringValue(), buffer));
    for (JsonNode kernel : plan.path("kernels")) {
      assertThat(kernel.path("formulas").size()).isPositive();
      kernel.path("writes").forEach(id -> assertThat(buffers).containsKey(id.stringValue()));
      kernel.path("reads").forEach(id -> assertThat(buffers).containsKey(id.stringValue()));
    }
    assertThat(buffers.values())
        .anySatisfy(buffer -> {
          assertThat(buffer.path("name").stringValue()).isEqualTo("logits");
          assertThat(buffer.path("shape").toString()).isEqualTo("[\"B\",2]");
          assertThat(buffer.path("floats").intValue()).isEqualTo(8);
          assertThat(buffer.path("from").isInt()).isTrue();
        });
  }

  @Test
  void memoryAsJsonHasThePeaks() {
    JsonNode memory = json("memory");
    assertThat(memory.path("peaks").size()).isEqualTo(2);
    assertThat(memory.path("peaks").get(1).path("what").stringValue()).isEqualTo("training");
    assertThat(memory.path("trainingArena").intValue())
        .isGreaterThanOrEqualTo(memory.path("peaks").get(1).path("floats").intValue());
  }

  @Test
  void costsAsJsonAreFormulasInTheDims() {
    JsonNode costs = json("cost");
    assertThat(costs.path("dims").toString()).isEqualTo("{\"B\":4}");
    JsonNode product = costs.path("kernels").path(0);
    assertThat(product.path("name").stringValue()).isEqualTo("hidden");
    assertThat(product.path("operations").path("formula").stringValue()).endsWith(" B");
    for (JsonNode program : costs.path("programs")) {
      double sum = 0;
      for (JsonNode term : program.path("operations").path("terms")) {
        sum +=
            term.path("factor").doubleValue() * Math.pow(4, term.path("powers").path("B").asInt(0));
      }
      assertThat(program.path("operations").path("value").doubleValue()).isEqualTo(sum);
    }
    assertThat(costs.path("layers").path(1).path("path").stringValue()).isEqualTo("dense1");
    assertThat(costs.path("layers").path(1).path("forward").path("formula").stringValue())
        .contains(" B");
  }

  private JsonNode json(String stage) {
    Workspace.Result result =
        new Workspace(directory).nnc("inspect", "@tiny.nn", "--stage", stage, "--format", "json");
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode json = Json.read(result.out());
    assertThat(json.path("stage").stringValue()).isEqualTo(stage);
    assertThat(json.path("model").stringValue()).isEqualTo("Tiny");
    return json;
  }
}
