package nnc.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** PyTorch in a process of its own, which measures when it is asked to; the README describes the protocol. */
final class PyTorch implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter requests;
  private final JsonNode hello;

  /** Starts it, and waits for its first step. */
  PyTorch(Path python, Path script, String workload, int threads) throws IOException {
    process =
        new ProcessBuilder(
                python.toString(),
                script.toString(),
                workload.toUpperCase(Locale.ROOT),
                "--threads",
                String.valueOf(threads))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    requests = process.outputWriter(StandardCharsets.UTF_8);
    hello = answer();
  }

  /** Its version and the library of its products. */
  String name() {
    return hello.path("peer").stringValue() + ", " + hello.path("blas").stringValue();
  }

  Samples steps(double seconds) {
    return sample("step", seconds);
  }

  Samples inferences(double seconds) {
    return sample("infer", seconds);
  }

  private Samples sample(String what, double seconds) {
    try {
      requests.write(
          String.format(Locale.ROOT, "{\"do\": \"%s\", \"seconds\": %.2f}%n", what, seconds));
      requests.flush();
      Samples samples = new Samples();
      answer().path("ms").values().forEach(ms -> samples.add(Math.round(ms.doubleValue() * 1e6)));
      return samples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the peer ended without an answer; what it said stands above");
    }
    return JSON.readTree(line);
  }

  /** Its input ends, and so does it. */
  @Override
  public void close() throws IOException {
    requests.close();
  }
}
