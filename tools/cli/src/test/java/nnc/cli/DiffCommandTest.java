package nnc.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nnc.cli.output.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class DiffCommandTest {
  private static final String NAMED =
      """
      model Named {
        dim B = 4
        input x: f32[B, 3]
        input y: i32[B]
        first = Dense(5, tanh)
        second = Dense(5, tanh)
        logits = Dense(2)(second(first(x)))
        output guess = argmax(logits)
        loss = mean(cross_entropy(logits, y))
      }
      train Named { optimizer Adam(lr = 1e-2) }
      """;

  private static final String LINE =
      """
      model Line {
        dim B = 8
        input x, y: f32[B]
        param w, b: []
        h    = w * x + b
        loss = mean((h - y)^2)
      }
      train Line { optimizer SGD(lr = 0.1) }
      """;

  private static final String CELLS =
      """
      model Cells {
        dim B = 4
        input x: f32[B, 6, 3]
        input y: f32[B, 6, 5]
        h = x |> LSTM(5)
        loss = mean((h - y)^2)
      }
      train Cells { optimizer SGD(lr = 0.1) }
      """;

  @TempDir Path directory;

  private Workspace.Result diff(String a, String b, String... options) {
    Workspace workspace = new Workspace(directory);
    workspace.write("a.nn", a);
    workspace.write("b.nn", b);
    List<String> arguments = new ArrayList<>(List.of("diff", "@a.nn", "@b.nn"));
    arguments.addAll(Arrays.asList(options));
    return workspace.nnc(arguments.toArray(String[]::new));
  }

  private String told(String a, String b, String... options) {
    Workspace.Result result = diff(a, b, options);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return result.out();
  }

  @Test
  void ofEqualModelsOneLineIsSaid() {
    assertThat(told(Workspace.TINY, Workspace.TINY)).isEqualTo("no difference\n");
  }

  @Test
  void commentsAndLinesMakeNoDifference() {
    assertThat(told(NAMED, "/// Explained.\n" + NAMED.replace("\n", "\n\n")))
        .isEqualTo("no difference\n");
  }

  @Test
  void allOfASmallDifference() {
    String told =
        told(LINE, LINE.replace("w * x + b", "tanh(w * x + b)").replace("SGD", "Momentum"));
    assertThat(told.lines().skip(2).collect(joining("\n")))
        .isEqualTo(
            """

                                                        A              B     difference   ratio
            parameters                                  2              2
            layers                                      0              0
            nodes of the graph                         10             11             +1    1.10
            nodes of the gradient                       7             11             +4    1.57
            memory of training                     0.4 KB         0.4 KB        +0.0 KB    1.02
            operations of a training step              86            274           +188    3.19
            bytes of a training step                116 B          132 B          +16 B    1.14

            training, inputs and outputs
              @@ -4,3 +4,3 @@
               loss
               train
              -  optimizer SGD(lr = 0.1)
              +  optimizer Momentum(lr = 0.1)

            graph: 1 added, 1 changed, 9 alike
                … 4 alike
              + %8    tanh %7                            f32[B]               h  b.nn:5
              ~ %9    subtract %8, %1                    f32[B]                b.nn:6
                  reads tanh h %8, not add h %7
                … 5 alike

            gradient: 4 added, 2 changed, 5 alike
                … 4 alike
              + %24   broadcast [] of [B] %12            f32[B]               (gradient of %8, rule of tanh)  b.nn:5
              + %25   multiply %8, %8                    f32[B]               (gradient of %8, rule of tanh)  b.nn:5
              + %26   subtract %24, %25                  f32[B]               (gradient of %8, rule of tanh)  b.nn:5
              + %27   multiply %22, %26                  f32[B]               (gradient of %8, rule of tanh)  b.nn:5
              ~ %28   sum over [0] %27                   f32[]                d_b (gradient of %6, rule of broadcast)  b.nn:5
                  reads multiply %27, not add d_h %21
              ~ %29   multiply %27, %0                   f32[B]               (gradient of %5, rule of multiply)  b.nn:5
                  reads multiply %27, not add d_h %21
                … 1 alike

            kernels of the gradient
              @@ -1,9 +1,10 @@
               d_w
              -    one loop over 1 x B in 2 phases
              -    loss_2 = Σ_B ((w·x + b − y)²)
              +    one loop over 1 x B in 3 phases
              +    loss_2 = Σ_B ((tanh(w·x + b) − y)²)
                   loss_3 = B
              -    h = w·x + b
              +    h = tanh(w·x + b)
                   loss = (Σ_B ((h − y)²)) / B
                   δh = 2·(h − y) / B
              -    δb = Σ_B δh
              -    δw = Σ_B (δh ⊙ x)
              +    δh* = δh ⊙ (1 − h²)
              +    δb = Σ_B δh*
              +    δw = Σ_B (δh* ⊙ x)

            memory                                      A              B     difference   ratio
            parameters                             0.0 KB         0.0 KB
            optimizer state                             -         0.0 KB        +0.0 KB
            gradients of parameters                0.0 KB         0.0 KB
            activations, in training               0.1 KB         0.1 KB
            memory of training                     0.4 KB         0.4 KB        +0.0 KB    1.02

            cost                                        A              B     difference   ratio
            operations, gradient                       82            266           +184    3.24
            bytes, gradient                          92 B           92 B
            operations, update                          4              8             +4    2.00
            bytes, update                            24 B           40 B          +16 B    1.67

            operations, gradient
              - 10 B + 2
              + 33 B + …

            operations of layers                        A              B     difference   ratio
            in no layer                                82            266           +184    3.24
            """
                .stripTrailing());
  }

  @Test
  void anInsertedLayerIsAddedAndTheOthersKeepTheirPlaces() {
    String told =
        told(
            NAMED,
            NAMED
                .replace("second =", "between = Dense(5, tanh)\n  second =")
                .replace("second(first(x))", "second(between(first(x)))"));
    assertThat(told)
        .contains("parameters: 2 added, 6 alike", "  + between.W  [5, 5]", "  + between")
        .contains("graph: 4 added, 1 changed, ")
        .contains("reads tanh between %", ", not tanh first %")
        .contains("gradient: ")
        .contains("  +delta_between")
        .containsPattern("parameters +62 +92 +\\+30 +1\\.48")
        .containsPattern("layers +3 +4 +\\+1");
  }

  @Test
  void layersWithoutNamesMoveOnWhereOneIsInserted() {
    String told =
        told(
            Workspace.TINY,
            Workspace.TINY.replace("|> Dropout(0.2)", "|> Dropout(0.2) |> Dense(7, tanh)"),
            "--stage",
            "parameters");
    assertThat(told).contains("  + dense2.W  [5, 7]", "  ~ dense3, was dense2");
  }

  @Test
  void layersWithoutNamesMoveUpWhereOneIsRemoved() {
    String told =
        told(
            Workspace.TINY.replace("|> Dropout(0.2)", "|> Dropout(0.2) |> Dense(5, tanh)"),
            Workspace.TINY);
    assertThat(told)
        .contains("parameters: 2 removed, 2 changed, 2 alike")
        .containsPattern("  - dense2\\.W +\\[5, 5\\]")
        .containsPattern("  ~ dense2\\.W +\\[5, 2\\] +10  was dense3\\.W\n")
        .contains("  - dense2\n", "  ~ dense2, was dense3\n")
        .containsPattern("dense2, removed +1\\.10 k +- +-1\\.10 k")
        .doesNotContain("reads dense2.W", "reads parameter dense2.W");
  }

  @Test
  void aRenamedLayerIsToldAndNothingElse() {
    String told = told(NAMED, NAMED.replace("first", "encoder"));
    assertThat(told)
        .contains("  ~ encoder.W  [3, 5]           15  was first.W", "  ~ encoder, was first")
        .doesNotContain("graph:", "gradient:", "kernels", "memory  ", "cost  ");
  }

  @Test
  void aValueWhoseNameEndsLikeARenamedLayerKeepsIt() {
    String model =
        NAMED
            .replace("first =", "h =")
            .replace("logits =", "a_h = h(x)\n  logits =")
            .replace("second(first(x))", "second(a_h)");
    assertThat(
            told(model, model.replace("h =", "q =").replace("a_q", "a_h").replace("h(x)", "q(x)")))
        .contains("  ~ q, was h")
        .doesNotContain("gradient:", "kernels", "memory  ");
  }

  /** An op is called max too, and one that has no name is max and a number. */
  @Test
  void aNameLikeAnOpAndANumberIsTheAuthorsOwn() {
    String first =
        LINE.replace(
                "param w, b: []\n  h    =", "param w, b, max1, max2: []\n  h    = max1 * max2 *")
            .replace("mean((h - y)^2)", "mean((h - y)^2) + mean(max(h, y) * max1)");
    assertThat(told(first, first.replace("y) * max1", "y) * max2"), "--stage", "gradient"))
        .containsPattern("\n  -.*loss.*max1")
        .containsPattern("\n  \\+.*loss.*max2");
  }

  @Test
  void anotherOptimizerChangesTrainingAndItsMemoryButNoGradient() {
    String told = told(NAMED, NAMED.replace("Adam(lr = 1e-2)", "SGD(lr = 1e-2)"));
    assertThat(told)
        .contains("  -  optimizer Adam(lr = 0.01)", "  +  optimizer SGD(lr = 0.01)")
        .containsPattern("optimizer state +0\\.5 KB +- +-0\\.5 KB")
        .containsPattern("operations, update +\\d+ +\\d+ +-\\d+")
        .doesNotContain("parameters:", "graph:", "gradient:");
  }

  @Test
  void ofAnotherCellGraphGradientAndCostAreOthers() {
    String told = told(CELLS, CELLS.replace("LSTM", "GRU"));
    assertThat(told)
        .contains("  - lstm1.Wf", "  + gru1.Wz", "  - lstm1\n", "  + gru1\n")
        .containsPattern("graph: \\d+ added, \\d+ removed, \\d+ changed")
        .containsPattern("  - lstm1 +|lstm1 +[\\d.]+ k +- +-");
  }

  @Test
  void aParameterOfAnotherShapeIsTheSameParameter() {
    assertThat(
            told(
                NAMED,
                NAMED.replace("first = Dense(5", "first = Dense(8"),
                "--stage",
                "parameters"))
        .contains("parameters: 3 changed, 3 alike")
        .containsPattern("  ~ first\\.W +\\[3, 8\\] +24  was \\[3, 5\\], \\+9");
  }

  @Test
  void aParameterThatBeginsOtherwiseOrIsFrozenIsTold() {
    assertThat(
            told(
                NAMED,
                NAMED.replace("train Named {", "train Named { freeze first.W\n"),
                "--stage",
                "parameters"))
        .contains("  ~ first.W  [3, 5]           15  frozen, was trained");
  }

  @Test
  void anotherNumberIsReadByWhatIsComputedWithIt() {
    assertThat(
            told(
                Workspace.TINY,
                Workspace.TINY.replace("Dropout(0.2)", "Dropout(0.5)"),
                "--stage",
                "graph"))
        .contains("reads 0.5, not 0.2");
  }

  @Test
  void anOutputThatShowsAnotherValueIsTold() {
    assertThat(
            told(
                NAMED.replace("output guess", "output p = softmax(logits)\n  output guess"),
                NAMED.replace(
                    "output guess",
                    "output p = softmax(logits) * 1\n  output q = logits\n  output guess"),
                "--stage",
                "graph"))
        .contains("  ~ output.q is new");
  }

  @Test
  void theSizeOfADimIsADifference() {
    assertThat(told(NAMED, NAMED.replace("dim B = 4", "dim B = 8")))
        .contains("  -dim B = 4", "  +dim B = 8")
        .containsPattern("activations, in training +[\\d.]+ KB +[\\d.]+ KB +\\+")
        .doesNotContain("graph:");
  }

  @Test
  void aLayerIsComparedAlone() {
    String told =
        told(
            NAMED,
            NAMED.replace("Dense(5, tanh)", "Dense(6, tanh)"),
            "--layer",
            "second",
            "--stage",
            "parameters");
    assertThat(told).contains("second.W").doesNotContain("first.W");
  }

  @Test
  void aLayerThatOnlyOneModelHasIsAddedWhole() {
    assertThat(told(NAMED, NAMED.replace("first", "encoder"), "--layer", "encoder"))
        .contains("encoder.W");
  }

  @ParameterizedTest
  @CsvSource({"tanh, tanh, 0", "tanh, relu, 3"})
  void anExitCodeTellsScriptsWhetherThereIsADifference(String a, String b, int code) {
    assertThat(diff(NAMED.replace("tanh", a), NAMED.replace("tanh", b), "--exit-code").code())
        .isEqualTo(code);
  }

  @Test
  void twoModelsOfOneFileAreCompared() {
    Workspace workspace = new Workspace(directory);
    workspace.write("both.nn", NAMED + NAMED.replace("Named", "Other").replace("tanh", "relu"));
    String[] diff = {"diff", "@both.nn", "@both.nn", "--model", "Named", "--model", "Other"};
    assertThat(workspace.nnc(diff).out()).contains("both.nn, Named", "both.nn, Other", "- %");
  }

  // ------------------------------------------------------------ errors

  @Test
  void errorsOfBothFilesAreToldWithTheirPlaces() {
    Workspace.Result result =
        diff(NAMED.replace("argmax", "argmux"), NAMED.replace("Dense(2)", "Dens(2)"));
    assertThat(result.code()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(result.err()).contains("a.nn:8:", "argmux", "b.nn:7:", "Dens");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aFileThatIsMissingIsTold() {
    Workspace.Result result = new Workspace(directory).nnc("diff", "@tiny.nn", "@nowhere.nn");
    assertThat(result.code()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(result.err()).contains("there is no file", "nowhere.nn");
  }

  @Test
  void whatHasNoPlaceSaysOfWhichFileItIs() {
    Workspace.Result result =
        diff(NAMED.replace("dim B = 4", "dim B = 4\n dim T = 2"), NAMED, "--set", "T=3");
    assertThat(result.err())
        .contains("has no dim 'T' to set", "= in ", "b.nn")
        .doesNotContain("a.nn");
  }

  @Test
  void aLayerThatNoneHasIsTold() {
    Workspace.Result result = diff(NAMED, NAMED, "--layer", "firs");
    assertThat(result.code()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(result.err())
        .contains("has no layer 'firs'", "a.nn", "b.nn", "did you mean 'first'?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--stage training --layer first", "--model A --model B --model C", "--stage java"})
  void optionsThatDoNotFitAreWrongUsage(String options) {
    assertThat(diff(NAMED, NAMED, options.split(" ")).code()).isEqualTo(ExitCode.WRONG_USAGE);
  }

  // ------------------------------------------------------------ JSON

  @Test
  void jsonSaysWhatTheTextSays() {
    JsonNode json =
        Json.read(
            told(
                NAMED,
                NAMED.replace("first = Dense(5, tanh)", "first = Dense(8, relu)"),
                "--format",
                "json"));
    assertThat(json.path("equal").booleanValue()).isFalse();
    assertThat(json.path("a").path("model").stringValue()).isEqualTo("Named");
    assertThat(json.path("summary").path(0).toString())
        .isEqualTo("{\"name\":\"parameters\",\"unit\":\"count\",\"a\":62,\"b\":89}");
    JsonNode weights = json.path("parameters").path(0);
    assertThat(weights.path("what").stringValue()).isEqualTo("changed");
    assertThat(weights.path("a").path("shape").toString()).isEqualTo("[3,5]");
    assertThat(weights.path("b").path("elements").intValue()).isEqualTo(24);
    assertThat(json.path("graph").path("operations").size()).isPositive();
    assertThat(json.path("gradient").path("kernels").path(0).stringValue()).startsWith("@@");
    assertThat(json.path("memory").path("sizes").size()).isPositive();
    assertThat(
            json.path("cost")
                .path("parts")
                .path(0)
                .path("operations")
                .path("formulaA")
                .stringValue())
        .contains("B");
    assertThat(json.path("training").size()).isZero();
  }

  @Test
  void jsonHasOnlyWhatWasAskedFor() {
    JsonNode json = Json.read(told(NAMED, NAMED, "--format", "json", "--stage", "memory"));
    assertThat(json.path("equal").booleanValue()).isTrue();
    assertThat(json.has("memory")).isTrue();
    assertThat(json.has("graph")).isFalse();
  }
}
