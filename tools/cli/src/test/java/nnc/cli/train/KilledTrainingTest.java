package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import nnc.cli.Workspace;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed, without a chance to do anything about it, at random moments. More often than in every build:
 * {@code mvn -pl tools/cli -am -Dtest=KilledTrainingTest -Dsurefire.failIfNoSpecifiedTests=false -Dnnc.kills=50 test}.
 */
final class KilledTrainingTest {
  private static final int KILLS = Integer.getInteger("nnc.kills", 3);

  /** Of two intervals, of 11 steps each: enough that no process comes to the end before it is killed. */
  private static final int EPOCHS = 6 * (KILLS + 1);

  private static final int ROWS = 86;

  private static final int MILLISECONDS_TO_START = 2000;
  private static final int MILLISECONDS_OF_TRAINING = 100;
  private static final int KILLED = 128 + 9;
  private static final int TERMINATED = 128 + 15;

  @TempDir Path directory;

  private final Random random = new Random();
  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() {
    workspace = new Workspace(directory);
    workspace.write(
        "tiny.nn",
        Workspace.TINY
            .replace("B = 4", "B = 1")
            .replace("epochs 3", "epochs 3\n  accumulate 3")); // and dropout
    workspace.write("rows.csv", Workspace.rows(ROWS));
  }

  private Process train(String out, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("nnc.cli.Main", "train", workspace.path("tiny.nn").toString()));
    command.addAll(List.of("--out", workspace.path(out).toString()));
    command.addAll(List.of("--epochs", String.valueOf(EPOCHS), "--threads", "1"));
    Collections.addAll(command, more);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(workspace.path("output.txt").toFile())
        .start();
  }

  private FileTime checkpointTime() throws IOException {
    Path file = workspace.path("killed/checkpoint.safetensors");
    return Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
  }

  /** Kills it while it starts, or, more often, while it trains and writes checkpoints. */
  private void kill(Process process, boolean starting) throws Exception {
    FileTime before = checkpointTime();
    if (starting) {
      Thread.sleep(random.nextInt(MILLISECONDS_TO_START));
    } else {
      while (checkpointTime().equals(before)) {
        assertThat(process.isAlive()).as(() -> workspace.read("output.txt")).isTrue();
        Thread.sleep(1);
      }
      TimeUnit.MICROSECONDS.sleep(random.nextInt(1000 * MILLISECONDS_OF_TRAINING));
    }
    process.destroyForcibly();
    assertThat(process.waitFor()).as("killed before its end").isEqualTo(KILLED);
  }

  private void awaitEnd(Process process) throws InterruptedException {
    int code = process.waitFor();
    assertThat(code).as(() -> workspace.read("output.txt")).isZero();
  }

  @Test
  void whatIsKilledAtRandomMomentsEndsWithTheSameBytes() throws Exception {
    awaitEnd(train("whole"));
    kill(train("killed", "--checkpoint-every", "0"), false);
    for (int i = 1; i < KILLS; i++) {
      kill(train("killed", "--checkpoint-every", "0", "--resume"), i % 4 == 2);
    }
    awaitEnd(train("killed", "--checkpoint-every", "1", "--resume"));
    assertThat(workspace.list("killed")).isEqualTo(workspace.list("whole"));
    assertThat(workspace.bytes("killed/checkpoint.safetensors"))
        .isEqualTo(workspace.bytes("whole/checkpoint.safetensors"));
    assertThat(workspace.bytes("killed/best.safetensors"))
        .isEqualTo(workspace.bytes("whole/best.safetensors"));
    assertThat(figures("killed/metrics.jsonl", "\"seconds\".*\"train\""))
        .isEqualTo(figures("whole/metrics.jsonl", "\"seconds\".*\"train\""))
        .hasSize(EPOCHS);
    assertThat(figures("killed/metrics.csv", "(?<=^\\d{1,9},\\d{1,9}),[^,]*,[^,]*"))
        .isEqualTo(figures("whole/metrics.csv", "(?<=^\\d{1,9},\\d{1,9}),[^,]*,[^,]*"))
        .hasSize(EPOCHS + 1);
    assertThat(workspace.read("killed/steps.csv"))
        .isEqualTo(workspace.read("whole/steps.csv"))
        .hasLineCount(2 * EPOCHS + 1);
    assertThat(Files.size(workspace.path("killed/events.out.tfevents.nnc")))
        .isEqualTo(Files.size(workspace.path("whole/events.out.tfevents.nnc")));
  }

  /** A process that was told to end does so as soon as the last checkpoint is whole. */
  @Test
  void whatStopsOneOfSeveralTrainingsIsToldHowToGoOnWithAll() throws Exception {
    Process process = train("several", "--seeds", "1..2");
    while (!Files.exists(workspace.path("several/seed-1/checkpoint.safetensors"))) {
      assertThat(process.isAlive()).as(() -> workspace.read("output.txt")).isTrue();
      Thread.sleep(1);
    }
    process.destroy();
    assertThat(process.waitFor()).isEqualTo(TERMINATED);
    assertThat(workspace.read("output.txt"))
        .contains("seed-1 --resume\n")
        .endsWith("to go on with all: the same command with --resume\n");
  }

  /** The lines of a file without the times in them. */
  private List<String> figures(String file, String times) {
    return workspace.read(file).lines().map(line -> line.replaceFirst(times, "")).toList();
  }
}
