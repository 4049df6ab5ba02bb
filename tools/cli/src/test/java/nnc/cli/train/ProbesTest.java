package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import nnc.cli.Workspace;
import nnc.cli.metrics.Statistics;
import nnc.runtime.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What chosen tensors are like, now and then. */
class ProbesTest {
  private static final String CHECKPOINT = "/checkpoint.safetensors";
  private static final String NAMES = "dense1.W,d_dense1.W,hidden,logits,x,loss";

  @TempDir private Path directory;
  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() {
    workspace = new Workspace(directory);
  }

  private Workspace.Result train(String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "train";
    arguments[1] = "@tiny.nn";
    System.arraycopy(more, 0, arguments, 2, more.length);
    Workspace.Result result = workspace.nnc(arguments);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  @Test
  void aTrainingThatIsProbedIsTheSame() {
    train("--out", "@plain");
    train("--out", "@probed", "--probe", NAMES);
    assertThat(workspace.bytes("probed" + CHECKPOINT))
        .isEqualTo(workspace.bytes("plain" + CHECKPOINT));
  }

  @Test
  void eachIntervalHasARowAndALineForEachTensor() {
    Workspace.Result result = train("--out", "@run", "--probe", NAMES);
    List<String> rows = workspace.read("run/probes.csv").lines().toList();
    assertThat(rows.getFirst()).isEqualTo("epoch,step,name,mean,deviation,min,max,zeros,norm");
    assertThat(rows).hasSize(1 + 3 * 6);
    assertThat(rows.get(1)).startsWith("1.0,8,dense1.W,");
    assertThat(result.out())
        .contains("step 8   dense1.W     mean ")
        .contains("step 24   logits       mean ");
    assertThat(train("--probe", NAMES, "--quiet").out()).doesNotContain("step 8");
  }

  @Test
  void parametersAreThoseThatTheStepLeaves() {
    train("--out", "@run", "--probe", "dense1.W");
    float[] trained = Safetensors.read(workspace.path("run" + CHECKPOINT)).floats("dense1.W");
    Statistics statistics = Statistics.of(trained, 0, trained.length);
    String last = workspace.read("run/probes.csv").lines().toList().getLast();
    assertThat(Double.parseDouble(last.split(",")[3])).isCloseTo(statistics.mean(), within(0.0));
    assertThat(Double.parseDouble(last.split(",")[8])).isCloseTo(statistics.norm(), within(0.0));
  }

  /** Without sharing, every value lies where it was written until the step is over. */
  @Test
  void valuesWhosePlaceOthersTakeAreRead() {
    train("--out", "@shared", "--probe", NAMES);
    train("--out", "@apart", "--probe", NAMES, "--without", "share-memory");
    assertThat(workspace.read("shared/probes.csv")).isEqualTo(workspace.read("apart/probes.csv"));
  }

  @Test
  void whatIsProbedGoesOnWithTheTraining() {
    train("--out", "@whole", "--probe", NAMES);
    train("--out", "@parts", "--probe", NAMES, "--epochs", "2");
    train("--out", "@parts", "--probe", NAMES, "--epochs", "3", "--resume");
    assertThat(workspace.read("parts/probes.csv")).isEqualTo(workspace.read("whole/probes.csv"));
  }

  @Test
  void theGradientIsThatOfAllBatchesOfAStep() {
    double accumulated = norm("accumulated", "epochs 1\n  accumulate 8", 4);
    double once = norm("once", "epochs 1", 64);
    assertThat(accumulated).isCloseTo(once, withinPercentage(0.01)).isPositive();
  }

  /** Of the gradient in the only step of an epoch, over all rows. */
  private double norm(String out, String epochs, int batch) {
    workspace.write(
        "tiny.nn",
        Workspace.TINY
            .replace(" |> Dropout(0.2)", "")
            .replace("epochs 3", epochs)
            .replace("dim B = 4", "dim B = " + batch));
    train("--out", "@" + out, "--probe", "d_dense2.b");
    return Double.parseDouble(
        workspace.read(out + "/probes.csv").lines().toList().getLast().split(",")[8]);
  }

  @Test
  void eventsForTensorBoardHaveThemToo() {
    train("--out", "@run", "--probe", "d_dense1.W");
    assertThat(
            new String(workspace.bytes("run/events.out.tfevents.nnc"), StandardCharsets.ISO_8859_1))
        .contains("probes/d_dense1.W/deviation");
  }

  @Test
  void aNameThatIsUnknownIsToldWithOneThatIsNear() {
    Workspace.Result result =
        workspace.nnc("train", "@tiny.nn", "--out", "@run", "--probe", "d_densel.W,nothing_at_all");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("error[probe]: 'd_densel.W' is no tensor that a step of Tiny keeps")
        .contains("= those are dense1.W, dense1.b, ")
        .contains("help: did you mean 'd_dense1.W'?")
        .contains("error[probe]: 'nothing_at_all'")
        .contains("help: inspect FILE --stage memory lists");
    assertThat(workspace.path("run")).doesNotExist();
  }
}
