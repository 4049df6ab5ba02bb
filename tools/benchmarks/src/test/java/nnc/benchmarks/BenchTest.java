package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
  @TempDir private Path directory;

  /** Not a test of speed: that the process is started, measures and ends, and that a Python without PyTorch is no obstacle. */
  @Test
  void withoutPeersNncIsMeasuredAlone() throws IOException {
    StringWriter said = new StringWriter();
    Path json = directory.resolve("results.jsonl");
    int code =
        Bench.commandLine()
            .setOut(new PrintWriter(said))
            .execute(
                "w1",
                "--peers",
                "--python",
                "no-such-python",
                "--threads=1",
                "--rounds=1",
                "--seconds=0.01",
                "--warm-up=0",
                "--json",
                json.toString(),
                "--out",
                directory.toString());
    assertThat(said.toString())
        .contains("no-such-python has no torch", "pip install torch jax", "nnc is measured alone");
    assertThat(code).isZero();
    assertThat(Files.readAllLines(json))
        .hasSize(2)
        .first()
        .asString()
        .contains("\"workload\":\"W1\"", "\"peer\":null");
  }

  /** In the place of word2vec.c stands a program that learns nothing: its loss is 6 ln 2. */
  @Test
  void wordVectorsAreComparedBySpeedAndLoss() throws IOException, URISyntaxException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "there is no C compiler");
    Path source = Path.of(BenchTest.class.getResource("/untrained.c").toURI());
    StringWriter said = new StringWriter();
    Path json = directory.resolve("results.jsonl");
    int code =
        Bench.commandLine()
            .setOut(new PrintWriter(said))
            .execute(
                "w10",
                "--peers",
                "--word2vec",
                source.toString(),
                "--threads=1",
                "--rounds=1",
                "--seconds=0.01",
                "--warm-up=0",
                "--json",
                json.toString(),
                "--out",
                directory.toString());
    assertThat(code).as(said::toString).isZero();
    assertThat(said.toString()).contains("words/s, loss 2.", "words/s, loss 4.1589");
    assertThat(Files.readString(json))
        .contains("\"peer\":\"word2vec.c\"", "\"ours_loss\":2.", "\"peer_loss\":4.158");
    assertThat(directory.resolve("benchmarks.md")).content().contains("| 4.1589 |");
  }
}
