package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import nnc.cli.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that does not fit into the memory that Java may use. */
final class SmallMemoryTest {
  private static final int ROWS = 500_000;
  private static final int COLUMNS = 32; // 64 MB as floats

  @TempDir Path directory;

  private int train(Workspace workspace, String memory, String out) throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules=jdk.incubator.vector",
                    "-Xmx" + memory,
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "nnc.cli.Main",
                    "train",
                    workspace.path("wide.nn").toString(),
                    "--out",
                    workspace.path(out).toString()))
            .redirectErrorStream(true)
            .redirectOutput(workspace.path(out + ".txt").toFile())
            .start();
    return process.waitFor();
  }

  @Test
  void aFileLargerThanMemoryTrainsToTheSameBytes() throws Exception {
    Workspace workspace = new Workspace(directory);
    workspace.write(
        "wide.nn",
        """
        model Wide {
          dim B = 1000
          input x: f32[B, 32]
          input y: i32[B]
          loss = cross_entropy(x |> Dense(10), y)
        }
        train Wide {
          data csv("wide.csv") { x = columns(0..31); y = column(0); hold out 10% }
          optimizer SGD(lr = 0.01)
          epochs 1
        }
        """);
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        rows.append(column == 0 ? "" : ",").append((row * 7 + column * 3) % 10);
      }
      rows.append('\n');
    }
    workspace.write("wide.csv", rows.toString());
    assertThat(train(workspace, "64m", "small")).as(() -> workspace.read("small.txt")).isZero();
    assertThat(train(workspace, "1g", "large")).as(() -> workspace.read("large.txt")).isZero();
    assertThat(workspace.bytes("small/checkpoint.safetensors"))
        .isEqualTo(workspace.bytes("large/checkpoint.safetensors"));
  }
}
