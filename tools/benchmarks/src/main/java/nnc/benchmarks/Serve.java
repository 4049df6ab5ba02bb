package nnc.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleFunction;
import java.util.function.IntConsumer;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.ir.Optimizations;
import nnc.runtime.CompiledModel;
import nnc.runtime.Provider;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A workload in nnc, as a process that the protocol drives by which PyTorch and JAX are driven, too: one line when the first step
 * is done, then an answer to each request, until the input ends.
 *
 * <p>Arguments: the .nn file, the number of threads, the names of optimizations that are left out.
 */
public final class Serve {
  /** The system property in which its parent says when it started this process. */
  static final String STARTED = "nnc.started";

  private static final JsonMapper JSON = new JsonMapper();

  private Serve() {}

  public static void main(String[] arguments) throws IOException {
    long started = started();
    int threads = Integer.parseInt(arguments[1]);
    CompiledModel model =
        Workload.compile(
            Path.of(arguments[0]),
            new Optimizations(Set.of(Arrays.copyOfRange(arguments, 2, arguments.length))));
    try (Workload workload = Workload.start(model, threads)) {
      workload.step(0);
      double firstStep = secondsSince(started);
      workload.infer(0);
      hello(model.signature(), threads, firstStep);
      AtomicInteger steps = new AtomicInteger(1);
      serve(
          Map.of(
              "step",
              seconds -> {
                double[] milliseconds = sample(workload::step, steps.get(), seconds);
                steps.addAndGet(milliseconds.length);
                return Map.of("ms", milliseconds);
              },
              "infer",
              seconds -> Map.of("ms", sample(workload::infer, 0, seconds)),
              "kernels",
              seconds -> {
                workload.step(
                    0); // kernels run over the batch that came last, which must be a whole one
                return Map.of("kernels", kernels(workload.session(), seconds));
              }));
    }
  }

  /**
   * The milliseconds of the clock when this process was started: its parent says so, for what Linux tells of it is beside the
   * clock by up to a second. What the first compilation needs is on its way then.
   */
  static long started() {
    InMemoryCompiler.warmUp();
    Provider.warmUp();
    return Long.getLong(STARTED, System.currentTimeMillis());
  }

  static double secondsSince(long started) {
    return (System.currentTimeMillis() - started) / 1e3;
  }

  static void hello(Signature signature, int threads, double firstStep) {
    answer(
        Map.of(
            "peer",
            "nnc",
            "mode",
            "",
            "vectors",
            Provider.best().note(),
            "threads",
            threads,
            "parameters",
            parameters(signature),
            "planned_mb",
            signature.training().bytes() / 1048576.0,
            "first_step_s",
            firstStep));
  }

  static long parameters(Signature signature) {
    return signature.parameters().stream().mapToLong(Signature.Parameter::elements).sum();
  }

  /** Answers these requests, each of which is given its seconds, and those for the memory. */
  static void serve(Map<String, DoubleFunction<Map<String, Object>>> known) throws IOException {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      String wanted = request.path("do").stringValue("");
      if (wanted.equals("memory")) {
        answer(Map.of("peak_mb", peakMegabytes()));
      } else if (known.containsKey(wanted)) {
        answer(known.get(wanted).apply(request.path("seconds").doubleValue(0)));
      } else {
        throw new IllegalArgumentException(
            "expected memory or one of " + known.keySet() + ", found " + line);
      }
    }
  }

  /** The milliseconds of each of as many runs as it takes to fill these seconds, at least one. */
  static double[] sample(IntConsumer run, int first, double seconds) {
    Samples samples = new Samples();
    long before = System.nanoTime();
    long end = before + (long) (seconds * 1e9);
    do {
      run.accept(first + samples.count());
      long after = System.nanoTime();
      samples.add((after - before) * 1e-6);
      before = after;
    } while (before < end);
    return samples.all();
  }

  /**
   * Each kernel of a step alone, in the order of a step, over the batch in memory: together they take a little more than a step,
   * for after each all threads are waited for.
   */
  static List<Peer.KernelTime> kernels(Session session, double seconds) {
    int[] kernels = session.stepKernels();
    Samples[] samples =
        Arrays.stream(kernels).mapToObj(kernel -> new Samples()).toArray(Samples[]::new);
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      for (int i = 0; i < kernels.length; i++) {
        long before = System.nanoTime();
        session.runKernel(kernels[i]);
        samples[i].add((System.nanoTime() - before) * 1e-6);
      }
    } while (System.nanoTime() < end);
    List<Peer.KernelTime> times = new ArrayList<>();
    for (int i = 0; i < kernels.length; i++) {
      Signature.Kernel kernel = session.model().signature().kernels().get(kernels[i]);
      times.add(new Peer.KernelTime(samples[i].median(), kernel.name(), kernel.place()));
    }
    return times;
  }

  /** VmHWM of Linux; NaN elsewhere. */
  private static double peakMegabytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    String peak =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    return Integer.parseInt(peak.replaceAll("\\D", "")) / 1024.0;
  }

  static void answer(Map<String, Object> content) {
    PrintStream out = System.out;
    out.println(JSON.writeValueAsString(content));
    out.flush();
  }
}
