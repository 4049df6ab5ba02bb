package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.List;
import nnc.runtime.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TrainCommandTest {
  private static final String CHECKPOINT = "/checkpoint.safetensors";

  @TempDir Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() {
    workspace = new Workspace(directory);
  }

  private void train(String... arguments) {
    String[] line = new String[arguments.length + 2];
    line[0] = "train";
    line[1] = "@tiny.nn";
    System.arraycopy(arguments, 0, line, 2, arguments.length);
    Workspace.Result result = workspace.nnc(line);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
  }

  /** The metrics without what differs from run to run. */
  private List<String> metrics(String file) {
    return workspace
        .read(file)
        .lines()
        .map(line -> line.replaceFirst("\"seconds\".*\"train\"", "\"train\""))
        .toList();
  }

  @Test
  void eachEpochIsALineAndTheHeldOutFiguresAreTheLast() {
    Workspace.Result result = workspace.nnc("train", "@tiny.nn");
    assertThat(result.lines()).hasSize(5);
    assertThat(result.lines()[0])
        .startsWith("Tiny: 32 parameters; 32 rows to train on, 11 held out; batch 4; ");
    assertThat(result.lines()[1])
        .matches(
            "epoch 1/3   loss 0\\.\\d{4}   accuracy 0\\.\\d{4}   held out: loss .* accuracy .* [\\d,]+ examples/s");
    assertThat(result.lines()[4]).startsWith("held out, 11 rows: loss ");
  }

  @Test
  void quietlyItSaysWhatIsTrainedAndTheResult() {
    String[] lines = workspace.nnc("train", "@tiny.nn", "--quiet").lines();
    assertThat(lines).hasSize(2);
    assertThat(lines[0]).startsWith("Tiny: ");
    assertThat(lines[1]).startsWith("held out, 11 rows: loss ");
  }

  @Test
  void metricsAreAJsonObjectAnEpoch() {
    train("--metrics", "@logs/m.jsonl", "--epochs", "2");
    List<JsonNode> lines =
        workspace.read("logs/m.jsonl").lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(lines).hasSize(2);
    JsonNode last = lines.get(1);
    assertThat(last.propertyNames())
        .containsExactly("epoch", "step", "seconds", "examples_per_second", "train", "held_out");
    assertThat(last.path("epoch").intValue()).isEqualTo(2);
    assertThat(last.path("step").intValue()).isEqualTo(16);
    assertThat(last.path("train").propertyNames()).containsExactly("loss", "accuracy");
    assertThat(last.path("held_out").path("accuracy").doubleValue()).isBetween(0.0, 1.0);
  }

  @Test
  void anInterruptedRunGoesOnToTheBit() {
    train("--epochs", "4", "--out", "@whole");
    train("--epochs", "2", "--out", "@parts");
    train("--epochs", "4", "--out", "@parts", "--resume");
    assertThat(workspace.bytes("parts" + CHECKPOINT))
        .isEqualTo(workspace.bytes("whole" + CHECKPOINT));
    assertThat(metrics("parts/metrics.jsonl")).isEqualTo(metrics("whole/metrics.jsonl")).hasSize(4);
  }

  @Test
  void runningStatisticsGoOnToTheBitToo() {
    workspace.write(
        "tiny.nn", Workspace.TINY.replace("|> Dropout(0.2)", "|> BatchNorm |> Dropout(0.2)"));
    train("--epochs", "4", "--out", "@whole");
    train("--epochs", "2", "--out", "@parts");
    train("--epochs", "4", "--out", "@parts", "--resume");
    assertThat(workspace.bytes("parts" + CHECKPOINT))
        .isEqualTo(workspace.bytes("whole" + CHECKPOINT));
    Safetensors checkpoint = Safetensors.read(workspace.path("whole" + CHECKPOINT));
    assertThat(checkpoint.floats("batch_norm1.mean")).hasSize(5).doesNotContain(0);
    assertThat(checkpoint.floats("batch_norm1.variance")).hasSize(5).doesNotContain(1);
    assertThat(checkpoint.names())
        .contains("optimizer.m.batch_norm1.gain")
        .doesNotContain("optimizer.m.batch_norm1.mean");
  }

  @Test
  void whatTheLastEpochFoundIsFoundAgainFromTheCheckpoint() {
    workspace.write("tiny.nn", Workspace.TINY.replace("|> Dropout(0.2)", "|> BatchNorm"));
    workspace.write("test.csv", Workspace.rows(9));
    workspace.variant(
        "test.nn",
        "; hold out 25% }",
        " }\n  eval csv(\"test.csv\") { x = columns(0..2) / 2; y = column(3) }");
    assertThat(workspace.nnc("train", "@test.nn", "--out", "@run").code()).isZero();
    JsonNode last =
        JsonMapper.shared()
            .readTree(workspace.read("run/metrics.jsonl").lines().toList().getLast())
            .path("held_out");
    JsonNode again =
        JsonMapper.shared().readTree(workspace.nnc("eval", "@run", "--data", "@test.csv").out());
    assertThat(again.path("loss")).isEqualTo(last.path("loss"));
    assertThat(again.path("accuracy")).isEqualTo(last.path("accuracy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void theNumberOfThreadsChangesNothing(String threads) {
    train("--threads", "1", "--out", "@one");
    train("--threads", threads, "--out", "@more");
    assertThat(workspace.bytes("more" + CHECKPOINT)).isEqualTo(workspace.bytes("one" + CHECKPOINT));
  }

  @Test
  void theSeedDrawsTheHeldOutRowsAndTheFirstParameters() {
    train("--seed", "1", "--out", "@one");
    train("--seed", "2", "--out", "@two");
    assertThat(metrics("two/metrics.jsonl")).isNotEqualTo(metrics("one/metrics.jsonl"));
  }

  @Test
  void aCheckpointIsReadableAndHoldsWhatTheOptimizerRemembers() {
    train("--epochs", "1", "--out", "@run");
    Safetensors checkpoint = Safetensors.read(workspace.path("run" + CHECKPOINT));
    assertThat(checkpoint.names())
        .contains("dense1.W", "optimizer.m.dense1.W", "optimizer.v.dense2.b");
    assertThat(checkpoint.metadata())
        .containsEntry("nnc.format", "1")
        .containsEntry("nnc.model", "Tiny");
    assertThat(checkpoint.metadata().get("nnc.sources")).contains("model Tiny {");
  }

  @Test
  void aTrainingThatWasFinishedCanBeAskedForMore() {
    train("--epochs", "1", "--out", "@run");
    Workspace.Result again = workspace.nnc("train", "@tiny.nn", "--out", "@run", "--resume");
    assertThat(again.out()).contains("all 1 epochs were trained before");
    assertThat(
            workspace.nnc("train", "@tiny.nn", "--out", "@run", "--resume", "--epochs", "2").out())
        .contains("epoch 2/2");
  }

  @ParameterizedTest
  @CsvSource({"--seed 5, the seed 5", "--set B=5, the sizes {B=5}"})
  void whatARunBeganWithCannotBeChangedOnTheWay(String option, String told) {
    train("--epochs", "1", "--out", "@run");
    Workspace.Result result =
        workspace.nnc(
            "train",
            "@tiny.nn",
            "--out",
            "@run",
            "--resume",
            option.split(" ")[0],
            option.split(" ")[1]);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(told);
  }

  @Test
  void parametersOfTheSameNamesCanBeTakenFromElsewhere() {
    train("--epochs", "1", "--out", "@run");
    workspace.variant(
        "other.nn", "logits = hidden |> Dense(2)", "last = Dense(2)\n  logits = last(hidden)");
    Workspace.Result result =
        workspace.nnc("train", "@other.nn", "--init", "@run" + CHECKPOINT, "--epochs", "1");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("checkpoint.safetensors: dense1.W, dense1.b\n")
        .contains("not in it, so by their initialisers: last.W, last.b\n")
        .contains(
            "passed over, not of this model: 'dense2.W', 'dense2.b', 'optimizer.m.dense1.W', ")
        .contains(" and 2 more\n");
  }

  @Test
  void oneBatchCanHoldAllRows() {
    workspace.variant("all.nn", "epochs 3", "epochs 3\n  batch all");
    Workspace.Result result = workspace.nnc("train", "@all.nn", "--metrics", "@m.jsonl");
    assertThat(result.out()).contains("32 rows to train on").contains("batch 32;");
    assertThat(workspace.read("m.jsonl")).contains("\"epoch\":3,\"step\":3,");
  }

  @Test
  void aTestSetOfItsOwnIsUsedInsteadOfHeldOutRows() {
    workspace.write("test.csv", Workspace.rows(9));
    workspace.variant(
        "test.nn",
        "; hold out 25% }",
        " }\n  eval csv(\"test.csv\") { x = columns(0..2) / 2; y = column(3) }");
    assertThat(workspace.nnc("train", "@test.nn").out())
        .contains("43 rows to train on, 9 held out")
        .contains("held out, 9 rows: loss ");
  }

  @Test
  void filesThatAreMissingAreShownWhereTheModelNamesThem() {
    workspace.variant("gone.nn", "rows.csv", "gone.csv");
    workspace.write(
        "gone.nn",
        workspace.read("gone.nn").replace("epochs 3", "eval csv(\"lost.csv\")\n  epochs 3"));
    assertThat(workspace.nnc("train", "@gone.nn").err())
        .contains(
            """
            13 |   data csv("gone.csv") { x = columns(0..2) / 2; y = column("label"); hold out 25% }
               |        ^^^^^^^^^^^^^^^
            """,
            "gone.csv: expected a file of data, found no such file\n",
            "  = help: check the path, which begins at the directory of the .nn file\n",
            """
            15 |   eval csv("lost.csv")
               |        ^^^^^^^^^^^^^^^
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rows.csv              | gone.csv                | gone.csv: expected a file of data, found no such file
          column("label")       | column("labe")          | did you mean 'label'?
          column("label")       | column(7)               | expected a column 7
          column("label")       | column("label") + 1     | rows.csv:3: the input 'y' takes whole numbers from 0 to 1, found 2
          column("label")       | column("label") / 2     | the input 'y' takes whole numbers from 0 to 1, found 0.5
          hold out 25%          | hold out 43             | found 43 of 43 rows
          hold out 25%          | hold out 1%             | at least one row to hold out
          lr = 1e-2             | lr = 1e38               | at step 2 (epoch 1)
          lr = 1e-2             | lr = 1e38               | kernel to write a number that is not finite is
          epochs 3              | epochs 3; clip norm 5; clip norm 1 | 'clip norm' is given twice
          epochs 3              |                         | --epochs 20
          optimizer Adam(lr = 1e-2) |                     | the train block names no optimizer
          loss = mean(          | penalty = mean(         | the model 'Tiny' has no loss to train by
          epochs 3              | freeze *                | no parameter of 'Tiny' is trained
          """)
  void whatIsWrongIsToldAndNoCheckpointIsWritten(String part, String other, String told) {
    workspace.variant("wrong.nn", part, other == null ? "" : other);
    Workspace.Result result = workspace.nnc("train", "@wrong.nn", "--out", "@run");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(told);
    assertThat(workspace.path("run")).doesNotExist();
  }

  private static List<Double> heldOutLosses(List<String> metrics) {
    return metrics.stream()
        .map(line -> JsonMapper.shared().readTree(line).path("held_out").path("loss").asDouble())
        .toList();
  }

  /** At this rate the held-out loss soon rises, with ups and downs. */
  private void writeRestless() {
    workspace.write(
        "tiny.nn",
        Workspace.TINY.replace("1e-2", "0.3").replace("epochs 3", "epochs 60\n  patience 4"));
  }

  @Test
  void withoutALowerHeldOutLossForAsLongAsPatienceLastsTheTrainingEnds() {
    writeRestless();
    Workspace.Result result = workspace.nnc("train", "@tiny.nn", "--out", "@run");
    List<Double> losses = heldOutLosses(metrics("run/metrics.jsonl"));
    int best = losses.indexOf(losses.stream().min(Double::compare).orElseThrow()) + 1;
    assertThat(losses).hasSize(best + 4).hasSizeLessThan(60);
    assertThat(result.out())
        .contains("ended after epoch " + (best + 4) + " of 60: no lower held-out loss for 4 epochs")
        .containsPattern(
            "the lowest held-out loss was .*, after epoch " + best + ": .*best.safetensors");
  }

  @Test
  void theBestCheckpointIsThatOfTheEpochWithTheLowestHeldOutLoss() {
    writeRestless();
    train("--out", "@run");
    List<Double> losses = heldOutLosses(metrics("run/metrics.jsonl"));
    String best = String.valueOf(losses.size() - 4);
    train("--out", "@short", "--epochs", best);
    Safetensors kept = Safetensors.read(workspace.path("run/best.safetensors"));
    Safetensors then = Safetensors.read(workspace.path("short" + CHECKPOINT));
    assertThat(kept.floats("dense1.W")).isEqualTo(then.floats("dense1.W"));
    assertThat(workspace.nnc("eval", "@run/best.safetensors", "--data", "@rows.csv").out())
        .isEqualTo(workspace.nnc("eval", "@short", "--data", "@rows.csv").out());
  }

  @Test
  void whatIsTheBestSoFarGoesOnWithTheTraining() {
    writeRestless();
    train("--out", "@whole");
    int last = metrics("whole/metrics.jsonl").size();
    train("--out", "@parts", "--epochs", String.valueOf(last - 2));
    train("--out", "@parts", "--epochs", "60", "--resume");
    assertThat(workspace.bytes("parts" + CHECKPOINT))
        .isEqualTo(workspace.bytes("whole" + CHECKPOINT));
    Workspace.Result more = workspace.nnc("train", "@tiny.nn", "--out", "@parts", "--resume");
    assertThat(more.out())
        .contains("it ended early, after epoch " + last)
        .contains("ended after epoch " + last)
        .doesNotContain("examples/s");
    train("--out", "@parts", "--resume", "--patience", "5");
    assertThat(metrics("parts/metrics.jsonl")).hasSizeGreaterThan(last);
  }

  @Test
  void theBestOfATrainingThatIsGivenUpGoesWithIt() {
    train("--out", "@run");
    assertThat(workspace.list("run")).contains("best.safetensors");
    workspace.write("tiny.nn", Workspace.TINY.replace("; hold out 25%", ""));
    train("--out", "@run", "--force");
    assertThat(workspace.list("run")).doesNotContain("best.safetensors");
  }

  @Test
  void patienceWantsRowsThatAreHeldOut() {
    workspace.write("tiny.nn", Workspace.TINY.replace("; hold out 25%", ""));
    assertThat(workspace.nnc("train", "@tiny.nn", "--patience", "2").err())
        .contains(
            "error[train]: patience waits for a lower held-out loss, and no rows are held out")
        .contains("hold out 20%");
  }

  @Test
  void severalSeedsAreSeveralTrainingsAndATable() {
    Workspace.Result result =
        workspace.nnc("train", "@tiny.nn", "--seeds", "2,5..6", "--out", "@run", "--quiet");
    assertThat(result.code()).isZero();
    assertThat(workspace.list("run")).containsExactly("curves.png", "seed-2", "seed-5", "seed-6");
    train("--seed", "5", "--out", "@alone");
    assertThat(workspace.bytes("run/seed-5" + CHECKPOINT))
        .isEqualTo(workspace.bytes("alone" + CHECKPOINT));
    List<Double> losses =
        List.of(2, 5, 6).stream()
            .map(seed -> heldOutLosses(metrics("run/seed-" + seed + "/metrics.jsonl")).getLast())
            .toList();
    double mean = losses.stream().mapToDouble(loss -> loss).average().orElseThrow();
    double variance = losses.stream().mapToDouble(loss -> (loss - mean) * (loss - mean)).sum() / 2;
    List<String> table = result.out().lines().toList();
    table = table.subList(table.size() - 6, table.size());
    assertThat(table.get(0).strip().split(" +")).containsExactly("seed", "loss", "accuracy");
    assertThat(table.get(2)).startsWith("    seed-5   " + "%8.4f".formatted(losses.get(1)));
    assertThat(table.get(4)).startsWith("      mean   " + "%8.4f".formatted(mean));
    assertThat(table.get(5)).startsWith(" deviation   " + "%8.4f".formatted(Math.sqrt(variance)));
  }

  @Test
  void ofSeveralSeedsThoseThatAreMissingAreTrainedLater() {
    train("--seeds", "1..2", "--out", "@run");
    byte[] first = workspace.bytes("run/seed-1/metrics.jsonl");
    assertThat(workspace.nnc("train", "@tiny.nn", "--seeds", "1..3", "--out", "@run").err())
        .contains("seed-1 has the checkpoint of an earlier training");
    train("--seeds", "1..3", "--out", "@run", "--resume");
    assertThat(workspace.bytes("run/seed-1/metrics.jsonl")).isEqualTo(first);
    assertThat(workspace.list("run")).containsExactly("curves.png", "seed-1", "seed-2", "seed-3");
  }

  /** Else the old one would answer for the new ones. */
  @Test
  void aTrainingThatIsGivenUpForSeveralLeavesNothing() {
    train("--out", "@run");
    assertThat(workspace.nnc("train", "@tiny.nn", "--seeds", "1..2", "--out", "@run").err())
        .contains("run has the checkpoint of an earlier training");
    train("--seeds", "1..2", "--out", "@run", "--force");
    assertThat(workspace.list("run")).containsExactly("curves.png", "seed-1", "seed-2");
    assertThat(workspace.nnc("predict", "@run", "@rows.csv").err())
        .contains("choose one of its trainings: ");
  }

  /** One that cannot begin removes nothing, and what is no part of a training stays. */
  @Test
  void seedsThatAreGivenUpLeaveNothingBesideTheNewOnes() {
    train("--seeds", "1..4", "--out", "@run");
    workspace.write("run/seed-4/notes.txt", "mine");
    workspace.write("run/other/notes.txt", "mine");
    workspace.variant("wrong.nn", "rows.csv", "gone.csv");
    workspace.nnc("train", "@wrong.nn", "--seeds", "1..2", "--out", "@run", "--force");
    assertThat(workspace.list("run/seed-3")).contains("checkpoint.safetensors");
    train("--seeds", "1..2", "--out", "@run", "--force");
    assertThat(workspace.list("run"))
        .containsExactly("curves.png", "other", "seed-1", "seed-2", "seed-4");
    assertThat(workspace.list("run/seed-4")).containsExactly("notes.txt");
    assertThat(workspace.list("run/other")).containsExactly("notes.txt");
  }

  @Test
  void severalWaysToTrainAreTrainedOneAfterTheOther() {
    workspace.write(
        "ways.nn",
        Workspace.TINY.replace("optimizer", "// optimizer")
            + """
            train Tiny as adam { optimizer Adam(lr = 1e-2) }
            train Tiny as descent { optimizer SGD(lr = 0.1); epochs 1 }
            """);
    Workspace.Result all = workspace.nnc("train", "@ways.nn", "--out", "@run");
    assertThat(all.err()).isEmpty();
    assertThat(workspace.list("run")).containsExactly("adam", "curves.png", "descent");
    assertThat(metrics("run/descent/metrics.jsonl")).hasSize(1);
    assertThat(workspace.nnc("train", "@ways.nn", "--as", "adam", "--out", "@alone").code())
        .isZero();
    assertThat(workspace.bytes("run/adam" + CHECKPOINT))
        .isEqualTo(workspace.bytes("alone" + CHECKPOINT));
    assertThat(workspace.nnc("eval", "@run/descent", "--data", "@rows.csv").code()).isZero();
    assertThat(workspace.nnc("eval", "@run", "--data", "@rows.csv").err())
        .contains("there is no checkpoint.safetensors in ")
        .contains("choose one of its trainings: " + workspace.path("run/adam"));
    workspace.write("other.nn", Workspace.TINY.replace("Tiny", "Other"));
    assertThat(workspace.nnc("train", "@other.nn", "--out", "@alone", "--resume").err())
        .contains("the checkpoint is of the model 'Tiny', not of 'Other'");
    assertThat(workspace.nnc("train", "@ways.nn", "--as", "adm").err())
        .contains("'Tiny' is not trained as 'adm'", "there are adam, descent");
    assertThat(workspace.nnc("train", "@ways.nn", "--metrics", "@m.jsonl").err())
        .contains("--metrics is about one training, and there are several ways");
  }

  @Test
  void aTrainingThatDivergesDoesNotEndTheOthers() {
    workspace.write(
        "ways.nn",
        Workspace.TINY.replace("optimizer", "// optimizer")
            + """
            train Tiny as fast { optimizer Adam(lr = 1e38) }
            train Tiny as slow { optimizer Adam(lr = 1e-2) }
            """);
    Workspace.Result result = workspace.nnc("train", "@ways.nn", "--out", "@run");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("at step 2 (epoch 1)");
    assertThat(workspace.list("run")).containsExactly("curves.png", "slow");
    List<String> lines = result.out().lines().toList();
    assertThat(lines.get(lines.size() - 2).strip().split(" +"))
        .containsExactly("fast", "NaN", "NaN");
    assertThat(lines.getLast()).matches(" +slow +0\\.\\d+ +0\\.\\d+");
  }

  @Test
  void aCheckpointIsNotOverwrittenUnasked() {
    train("--epochs", "1", "--out", "@run");
    byte[] before = workspace.bytes("run" + CHECKPOINT);
    Workspace.Result again = workspace.nnc("train", "@tiny.nn", "--seed", "2", "--out", "@run");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err())
        .contains("error[output]")
        .contains("has the checkpoint of an earlier training")
        .contains("--resume")
        .contains("--force");
    assertThat(workspace.bytes("run" + CHECKPOINT)).isEqualTo(before);
    train("--epochs", "1", "--seed", "2", "--out", "@run", "--force");
    assertThat(workspace.bytes("run" + CHECKPOINT)).isNotEqualTo(before);
  }

  @Test
  void metricsGoOnWithTheTraining() {
    train("--epochs", "1", "--out", "@run", "--metrics", "@m.jsonl");
    String before = workspace.read("m.jsonl");
    train("--epochs", "2", "--out", "@run", "--metrics", "@m.jsonl", "--resume");
    assertThat(workspace.read("m.jsonl")).startsWith(before).hasLineCount(2);
    train("--epochs", "1", "--metrics", "@m.jsonl");
    assertThat(workspace.read("m.jsonl")).hasLineCount(1);
  }

  @Test
  void whatIsMissingForTrainingIsToldAtOnce() {
    workspace.write(
        "bare.nn",
        Workspace.TINY.replace("loss = ", "penalty = ").replaceFirst("(?m)^  optimizer .*$", ""));
    assertThat(workspace.nnc("train", "@bare.nn").err())
        .contains(
            "the train block names no optimizer\n  --> " + workspace.path("bare.nn") + ":12:7\n")
        .contains("the model 'Tiny' has no loss to train by")
        .doesNotContain("nothing says how");
    workspace.write("alone.nn", Workspace.TINY.replaceFirst("(?s)train Tiny.*", ""));
    assertThat(workspace.nnc("train", "@alone.nn").err())
        .contains("nothing says how 'Tiny' is trained")
        .contains("add a train block");
  }

  @Test
  void aModelWithoutDataSaysWhatIsMissing() {
    workspace.write("nodata.nn", Workspace.TINY.replaceFirst("(?m)^  data .*$", ""));
    assertThat(workspace.nnc("train", "@nodata.nn").err())
        .contains("nothing says what 'Tiny' is trained on");
  }

  @ParameterizedTest
  @CsvSource({"--out, rows.csv/run", "--metrics, rows.csv/m.jsonl", "--metrics, ."})
  void anOutputThatCannotBeWrittenIsToldBeforeTraining(String option, String place) {
    Workspace.Result result = workspace.nnc("train", "@tiny.nn", option, "@" + place);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("error[output]");
    assertThat(result.out()).doesNotContain("epoch 1/3");
  }

  /** At 0 the root's slope is infinite: the loss is finite, and 0 times infinity is none. */
  @Test
  void aGradientThatIsNotFiniteEndsTheTrainingInItsStep() {
    workspace.write(
        "root.nn",
        Workspace.TINY
            .replace("  loss = mean(", "  param w: [3] ~ zeros\n  loss = sqrt(sum(w^2)) + mean(")
            .replace("Adam(lr = 1e-2)", "SGD(lr = 1e-2)"));
    Workspace.Result result = workspace.nnc("train", "@root.nn", "--out", "@run");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("error[gradient]: the gradient of 'w' holds NaN at step 1 (epoch 1)")
        .contains("the first kernel to write a number that is not finite is '")
        .contains("(root.nn:10)")
        .contains("δw = ");
    assertThat(workspace.path("run")).doesNotExist();
  }

  /** Eight steps an epoch, each of which makes w a hundred times larger: beyond a float's range in the third. */
  @Test
  void aParameterThatOverflowsEndsTheTrainingAndTheLastGoodCheckpointStays() {
    workspace.write(
        "grow.nn",
        Workspace.TINY
                .replace("  loss = mean(", "  param w: [3] ~ ones\n  loss = tanh(sum(w)) + mean(")
                .replace("Adam(lr = 1e-2)", "Grow")
            + "optimizer Grow { w = 100 * w - 0 * g }\n");
    Workspace.Result result = workspace.nnc("train", "@grow.nn", "--out", "@run");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "error[parameter]: the update of 'dense1.W' makes it -Infinity at step 20 (epoch 3)")
        .contains("the first kernel to write a number that is not finite is 'grow' (grow.nn:18)")
        .contains("w = 100·w");
    Safetensors checkpoint = Safetensors.read(workspace.path("run" + CHECKPOINT));
    assertThat(checkpoint.floats("w")[0]).isCloseTo(1e32f, withinPercentage(1));
    assertThat(metrics("run/metrics.jsonl")).hasSize(2);
  }
}
