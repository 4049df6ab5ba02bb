package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.InterpretedTraining;
import nnc.compiler.RandomValues;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Tensor;
import nnc.compiler.plan.Planner;
import nnc.runtime.CompiledModel;
import nnc.runtime.Generation;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated code computes what the interpreter does, from memory in which nothing stands that could help by chance. */
class GeneratedCodeTest {
  private static final int STEPS = 2;
  private static final long SEED = 42;

  static Stream<String> models() {
    return GeneratedModels.names();
  }

  @ParameterizedTest
  @MethodSource("models")
  void agreesWithTheInterpreter(String name) throws ReflectiveOperationException {
    Compilation compilation = GeneratedModels.compilation(name);
    CompiledModel model = GeneratedModels.load(name);
    try (Team team = Team.of(2)) {
      for (int rows : rows(compilation)) {
        compare(compilation, model, team, rows);
      }
    }
  }

  /** One row, two, an odd number, and as many as there can be. */
  private static int[] rows(Compilation compilation) {
    int most = compilation.model().batch().map(dim -> dim.maximum()).orElse(1);
    return IntStream.of(most, 1, 2, most / 2 | 1).filter(rows -> rows <= most).distinct().toArray();
  }

  static void compare(Compilation compilation, CompiledModel model, Team team, int rows)
      throws ReflectiveOperationException {
    InterpretedTraining interpreted = new InterpretedTraining(compilation);
    Map<String, Tensor> parameters =
        RandomValues.turns(RandomValues.parameters(compilation.model(), rows));
    parameters.forEach((path, value) -> {
      interpreted.setParameter(path, value.values());
      model.setParameter(path, floats(value));
    });
    model.resetOptimizer();
    Map<String, Tensor> inputs = RandomValues.inputs(compilation.model(), rows, SEED);
    interpreted.at(1, 1, STEPS, SEED);
    Map<String, Tensor> expected = interpreted.compute(inputs);
    try (Session session = model.session(team)) {
      poison(session);
      session.at(1, 1, STEPS, SEED);
      inputs.forEach((input, value) -> session.feed(input, floats(value)));
      session.run();
      assertClose(session, expected, "output.");
      assertClose(session, expected, Generation.SCORES);
      session.evaluate();
      assertClose(session, expected, "eval.");
      if (expected.containsKey("loss")) {
        session.gradient();
        assertClose(session, expected, "");
        for (int step = 0; step < STEPS; step++) {
          assertThat(session.step()).as("the loss is finite").isTrue();
          interpreted.step(inputs);
        }
        parameters
            .keySet()
            .forEach(
                path -> assertClose(model.parameter(path), interpreted.parameter(path), path, 10));
      }
    }
  }

  /** Whatever reads what has not been written gets NaN. */
  private static void poison(Session session) throws ReflectiveOperationException {
    Arrays.fill(session.memory(), Float.NaN);
    Field scratch = Session.class.getDeclaredField("scratch");
    scratch.setAccessible(true);
    for (float[] own : (float[][]) scratch.get(session)) {
      Arrays.fill(own, Float.NaN);
    }
  }

  /** Compares what a program has computed; without a prefix, what the training step has. */
  private static void assertClose(Session session, Map<String, Tensor> expected, String prefix) {
    for (Signature.Value value : session.model().signature().values()) {
      boolean evaluated = Planner.isInferred(value.name()) || value.name().startsWith("eval.");
      if (prefix.isEmpty() ? !evaluated : value.name().startsWith(prefix)) {
        assertThat(expected).containsKey(value.name());
        assertThat(value.shape(session.rows()))
            .containsExactly(Known.in(expected, value.name()).shape());
        assertClose(session.read(value.name()), Known.in(expected, value.name()), value.name(), 1);
      }
    }
  }

  private static void assertClose(float[] actual, Tensor expected, String name, double loose) {
    double largest = Arrays.stream(expected.values()).map(Math::abs).max().orElse(0);
    assertThat(actual).as(name).hasSameSizeAs(expected.values());
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs(actual[i] - expected.values()[i]);
      assertThat(difference)
          .as("%s, element %d: %s, by the interpreter %s", name, i, actual[i], expected.values()[i])
          .isLessThanOrEqualTo(loose * (1e-5 + 3e-5 * largest));
    }
  }

  private static float[] floats(Tensor tensor) {
    float[] narrow = new float[tensor.values().length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) tensor.values()[i];
    }
    return narrow;
  }

  @ParameterizedTest
  @MethodSource("models")
  void hasTheSameBitsForAnyNumberOfThreads(String name) {
    Map<Integer, Long> digests = new HashMap<>();
    for (int threads : List.of(1, 2, 3)) {
      digests.put(threads, ModelDigest.of(GeneratedModels.load(name), threads));
    }
    assertThat(digests.values()).containsOnly(digests.get(1));
  }

  @ParameterizedTest
  @MethodSource("models")
  void manySessionsInferFromTheSameParameters(String name) throws InterruptedException {
    CompiledModel model = GeneratedModels.load(name);
    model.initialise(SEED);
    long alone = ModelDigest.ofOutputs(model);
    List<Thread> threads =
        IntStream.range(0, 3)
            .mapToObj(
                i -> new Thread(() -> assertThat(ModelDigest.ofOutputs(model)).isEqualTo(alone)))
            .toList();
    Map<Thread, Throwable> failures = new java.util.concurrent.ConcurrentHashMap<>();
    threads.forEach(thread -> thread.setUncaughtExceptionHandler(failures::put));
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }
}
