package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductsCommandTest {
  @TempDir private Path directory;

  /** Not a test of speed. */
  @Test
  void withoutPeersNncIsMeasuredAlone() throws IOException {
    StringWriter said = new StringWriter();
    Path json = directory.resolve("results.jsonl");
    int code =
        run(
            said,
            "NT:70x30x50",
            "--peers",
            "--python",
            "no-such-python",
            "--threads=1",
            "--rounds=1",
            "--seconds=0.001",
            "--warm-up=0",
            "--json",
            json.toString(),
            "--out",
            directory.toString());
    assertThat(said.toString()).contains("no-such-python has no torch", "NT 70 x 30 x 50");
    assertThat(code).isZero();
    assertThat(Files.readAllLines(json))
        .singleElement()
        .asString()
        .contains("\"workload\":\"NT 70 x 30 x 50\"", "\"gflops\":", "\"peak_gflops\":");
    assertThat(directory.resolve("products.md")).content().contains("| NT 70 x 30 x 50 |");
  }

  @Test
  void newerResultsReplaceOlderOnesOfTheSameProduct() throws IOException {
    ProductReport report = new ProductReport(directory);
    Product product = Product.parse("NN:128x784x512");
    Samples peaks = Samples.of(110);
    report.add(
        List.of(
            ProductResult.of(
                product, 1, null, Samples.of(2), new Samples(), new Samples(), peaks)));
    report.add(
        List.of(
            ProductResult.of(
                product, 1, "pytorch", Samples.of(2), Samples.of(3), Samples.of(1.5), peaks)));
    assertThat(Files.readAllLines(directory.resolve("products.jsonl"))).hasSize(1);
    assertThat(directory.resolve("products.md")).content().contains("**1.50** (1.50-1.50)");
  }

  @Test
  void whatIsNoProductIsAWrongUse() {
    StringWriter said = new StringWriter();
    assertThat(run(said, "TN:1x2")).isEqualTo(2);
    assertThat(said.toString()).contains("TN:256x2048x1024", "found TN:1x2");
  }

  /** Twelve chains, each of which goes to 2. */
  @Test
  void thePeakComputesWhatItSays() {
    assertThat(Peak.chains(100)).isCloseTo(24, within(1e-4f));
  }

  private static int run(StringWriter said, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "products";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    PrintWriter writer = new PrintWriter(said);
    return Bench.commandLine().setOut(writer).setErr(writer).execute(all);
  }
}
