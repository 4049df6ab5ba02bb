package nnc.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the peer's script has measured.
 *
 * @param name PyTorch's version and the library of its products
 */
record PyTorch(
    String name, double stepMillis, double stepFastestTenthMillis, double inferenceMillis) {

  /** Runs the script in a process of its own, to its end. */
  static PyTorch measure(Path python, Path script, int threads, double seconds)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            python.toString(),
            script.toString(),
            "--threads",
            String.valueOf(threads),
            "--seconds",
            String.format(Locale.ROOT, "%.1f", seconds));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          "the peer ended with code " + process.exitValue() + ": " + String.join(" ", command));
    }
    JsonNode json = new JsonMapper().readTree(line);
    return new PyTorch(
        json.path("peer").stringValue() + ", " + json.path("blas").stringValue(),
        json.path("step_ms").doubleValue(),
        json.path("step_fastest_tenth_ms").doubleValue(),
        json.path("batch1_ms").doubleValue());
  }
}
