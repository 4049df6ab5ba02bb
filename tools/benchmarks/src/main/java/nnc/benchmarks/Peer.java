package nnc.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * A workload in a process of its own, in nnc or another framework, which measures when it is asked to; the README describes the
 * protocol.
 */
final class Peer implements AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final long LONGEST_END_SECONDS = 20;

  /**
   * What it says first.
   *
   * @param peer the framework and its version
   * @param parameters how many numbers are trained
   * @param secondBiases how many of them are biases that only add to another bias
   * @param firstStepS seconds from the start of the process to the end of the first training step
   * @param plannedMb what a plan of the memory comes to, where there is one
   * @param compileS seconds from the .nn file to loaded classes, of growth
   * @param classBytes the bytes of these classes
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Hello(
      String peer,
      String mode,
      long parameters,
      long secondBiases,
      double firstStepS,
      double plannedMb,
      double compileS,
      long classBytes) {
    /** {@code pytorch 2.13.0 eager}. */
    String name() {
      return mode.isEmpty() ? peer : peer + " " + mode;
    }
  }

  /** What a kernel of ours takes, and the line of the model that it computes. */
  record KernelTime(double ms, String name, String place) {}

  /** It ended instead of answering. */
  static final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String problem;

    Gone(String problem) {
      super(problem);
      this.problem = problem;
    }

    String problem() {
      return problem;
    }
  }

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter requests;
  private final Hello hello;

  /** Starts it, and waits for its first step. */
  Peer(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answers = process.inputReader(StandardCharsets.UTF_8);
    requests = process.outputWriter(StandardCharsets.UTF_8);
    hello = JSON.readValue(line(), Hello.class);
  }

  Hello hello() {
    return hello;
  }

  /** Milliseconds of training steps, as many as fill these seconds. */
  Samples steps(double seconds) {
    return sample("step", seconds);
  }

  /** Milliseconds of inferences of one row. */
  Samples inferences(double seconds) {
    return sample("infer", seconds);
  }

  /** The most memory that has been resident. */
  double peakMegabytes() {
    return ask("memory", 0).path("peak_mb").doubleValue();
  }

  /** Of nnc alone: each kernel of a step, timed by itself. */
  List<KernelTime> kernels(double seconds) {
    return List.of(JSON.treeToValue(ask("kernels", seconds).path("kernels"), KernelTime[].class));
  }

  /** Milliseconds of a matrix product, of a process that computes these. */
  Samples product(Product product, double seconds) {
    return times(
        ask(
            Map.of(
                "do", "product",
                "a", product.a(),
                "b", product.b(),
                "m", product.m(),
                "k", product.k(),
                "n", product.n(),
                "calls", product.calls(),
                "seconds", seconds)));
  }

  /** The most GFLOP/s that its threads can do. */
  double peakGflops(double seconds) {
    return ask("peak", seconds).path("gflops").doubleValue();
  }

  private Samples sample(String what, double seconds) {
    return times(ask(what, seconds));
  }

  private static Samples times(JsonNode answer) {
    Samples samples = new Samples();
    answer.path("ms").values().forEach(ms -> samples.add(ms.doubleValue()));
    return samples;
  }

  private JsonNode ask(String what, double seconds) {
    return ask(Map.of("do", what, "seconds", seconds));
  }

  private JsonNode ask(Map<String, Object> request) {
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.newLine();
      requests.flush();
    } catch (IOException e) {
      throw new Gone("it has ended");
    }
    return JSON.readTree(line());
  }

  private String line() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new Gone("it ended without an answer; what it said stands above");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its input ends, and so does it: the next one has the machine for itself. */
  @Override
  public void close() {
    try {
      requests.close();
      if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
