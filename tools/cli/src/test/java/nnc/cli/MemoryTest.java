package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that Java's heap does not hold, in a Java of their own, with the collector that the launcher chooses. */
final class MemoryTest {
  /** 4 MB of parameters; 8 MB for Adam; 12 kB of activations a row. */
  private static final String WIDE =
      """
      model Wide {
        dim B = 1
        input x: f32[B, 1024]
        loss = mean((x |> Dense(1024) |> tanh)^2)
      }
      train Wide {
        data csv("rows.csv") { x = columns(0..1023) }
        optimizer Adam
        epochs 1
      }
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "6200, '81 MB, 93 MB in all; Java may use 124 MB'", // what is there already leaves no room
    "8192, '105 MB, 117 MB in all; Java may use 124 MB, 86 MB of it for large arrays'",
    "9216, '117 MB, 129 MB in all; Java may use 124 MB, 86 MB of it for large arrays'"
  })
  void aModelAtTheLimitOfTheHeapSaysWhatItNeeds(int batch, String needed) throws Exception {
    Workspace workspace = new Workspace(directory);
    workspace.write("wide.nn", WIDE);
    workspace.write("rows.csv", "0" + ",0".repeat(1023) + "\n");
    Workspace.Result result = train(workspace, batch);
    assertThat(result.err())
        .contains("error[memory]", " needs more memory than Java may use")
        .contains("parameters 5 MB, optimizer 9 MB, activations and gradients " + needed)
        .contains("NNC_JAVA_OPTIONS=-Xmx1g");
    assertThat(result.code()).isEqualTo(1);
  }

  private static Workspace.Result train(Workspace workspace, int batch)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules=jdk.incubator.vector",
                    "-XX:+UseSerialGC",
                    "-Xmx128m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "nnc.cli.Main",
                    "train",
                    workspace.path("wide.nn").toString(),
                    "--set",
                    "B=" + batch))
            .redirectError(workspace.path("err").toFile())
            .redirectOutput(workspace.path("out").toFile())
            .start();
    process.getOutputStream().close();
    int code = process.waitFor();
    return new Workspace.Result(code, workspace.read("out"), workspace.read("err"));
  }
}
