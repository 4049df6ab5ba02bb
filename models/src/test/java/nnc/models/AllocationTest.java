package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.emit.JavaSource;
import nnc.compiler.model.Program;
import nnc.compiler.source.Source;
import nnc.compiler.syntax.Ast;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A warm training step allocates nothing, on any thread: vectors that HotSpot boxes show here, and anything that a session or
 * a team would make anew.
 *
 * <p>Not a byte is allowed: HotSpot counts what each thread takes from the heap exactly, and asking takes nothing. A step is
 * warm when HotSpot has compiled all that it runs, which takes as long as it takes: until then it allocates, and once or twice
 * more where compiled code is left for better code. So steps are taken until several rounds of them in a row are quiet.
 */
class AllocationTest {
  private static final int QUIET_ROUNDS = 3;
  private static final int LEAST_STEPS = 5;
  private static final long ROUND_NANOS = 50_000_000L;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  /** A step of few rows is short; from five on they are multiplied as many are. */
  private static final int MOST_ROWS = 8;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Shipped models of parts that others here have too: they are large, and it takes long until they are warm. */
  private static final List<String> LIKE_OTHERS =
      List.of(
          "charlm-gru.nn",
          "charlm-lstm.nn",
          "charlm-transformer.nn",
          "fashion-cnn.nn",
          "g2p-attention.nn",
          "g2p-seq2seq.nn",
          "g2p-transformer.nn",
          "optimizers.nn",
          "rnn.nn",
          "tagger.nn",
          "translate.nn");

  /** Of the golden cases, whose models are small, those that are built in another way than the shipped models. */
  private static final List<String> GOLDEN =
      List.of(
          "cnn_avgpool",
          "glove",
          "gru",
          "lstm",
          "lstm_bidirectional_stacked",
          "seq2seq_attention",
          "word2vec_cbow",
          "word2vec_skipgram");

  /** All functions, far angles too, random numbers, rows that are normalised, odd sizes. */
  private static final Source FUNCTIONS =
      new Source(
          "functions.nn",
          """
          model Functions {
            dim B = 16
            input x: f32[B, 45]
            input truth: f32[B, 21]
            h = x |> Dense(96, softplus) |> LayerNorm() |> Dropout(0.2) |> Dense(70, gelu)
            h = h + 0.1 * normal_like(h) |> Dense(64, silu) |> Dense(33, elu) |> Dense(50, tanh) |> LayerNorm() |> Dense(21)
            waves = sin(h) + cos(1e6 * h) + log1p(h^2) + expm1(-abs(h)) + (h^2 + 1)^1.5
            z = waves |> Dense(21) |> log_softmax
            loss = binary_cross_entropy(z, truth)
          }

          train Functions {
            optimizer AdamW(lr = 1e-5)
            clip      norm 1
          }
          """);

  /** Blocks of heads, masks, rows that are looked up, ids that are drawn. */
  private static final Source WORDS =
      new Source(
          "words.nn",
          """
          model Words {
            dim B = 4
            dim T = 7
            input words: i32[B, T]
            input next: i32[B, T]
            embedding = Embedding(30, 24)
            x         = PositionalEncoding()(embedding(words) * sqrt(24))
            repeat 2 {
              encoder = EncoderLayer(4, 50)
              x       = encoder(x, reshape(words != 0, (B, 1, T)))
            }
            drawn = embedding(categorical(iota(30) + 1, (B, 5)))
            loss  = cross_entropy(x |> Dense(30), next) + 0.01 * mean(drawn^2)
          }

          train Words {
            optimizer Adam(lr = 1e-5)
          }
          """);

  /** Gradients of several batches in one step, those of a table's rows among them. */
  private static final Source ACCUMULATED =
      new Source(
          "accumulated.nn",
          """
          model Accumulated {
            dim B = 8
            input id: i32[B]
            input y: i32[B]
            table = Embedding(30, 24)
            loss  = cross_entropy(table(id) |> Dense(30), y, ignore = 0)
          }

          train Accumulated {
            optimizer  SGD(lr = 1e-5)
            accumulate 3
          }
          """);

  /** A layer for each optimizer of the library. */
  private static Source optimizers() {
    List<String> names =
        Project.of(new Source("none.nn", "model None { loss = 0 }"), Optional.empty())
            .library()
            .stream()
            .flatMap(file -> file.declarations().stream())
            .filter(declaration -> declaration instanceof Ast.OptimizerDeclaration)
            .map(declaration -> declaration.name().text())
            .toList();
    assertThat(names).contains("SGD", "Adam");
    StringBuilder model =
        new StringBuilder("model Optimizers {\n dim B = 4\n input x: f32[B, 19]\n h = x\n");
    StringBuilder train = new StringBuilder("train Optimizers {\n clip norm 5\n");
    for (String name : names) {
      String layer = "for" + name;
      model.append(" %s = Dense(19, relu)\n h = %s(h)\n".formatted(layer, layer));
      train.append(" optimizer %s(lr = 1e-5) for %s.*\n".formatted(name, layer));
    }
    model.append(" loss = mean(h^2)\n}\n");
    return new Source("optimizers.nn", model.append(train).append("}\n").toString());
  }

  static Stream<Named<Program>> programs() throws IOException {
    Stream<Path> files =
        Stream.concat(
            AllModelsTest.models().stream()
                .filter(file -> !LIKE_OTHERS.contains(file.getFileName().toString())),
            GOLDEN.stream().map(name -> Path.of("golden", name + ".nn")));
    return Stream.concat(
            files.map(file -> Project.read(file, Optional.empty())),
            Stream.of(FUNCTIONS, WORDS, ACCUMULATED, optimizers())
                .map(source -> Project.of(source, Optional.empty())))
        .map(program -> Named.of(program.main().source().name(), program));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void aTrainingStepAllocatesNothing(Program program) {
    CompiledModel model = Compiler.compile(program, Compiler.Options.DEFAULT).load();
    model.initialise(1);
    for (int threads = 1; threads <= 2; threads++) {
      try (Team team = Team.of(threads);
          Session session = model.session(team)) {
        float[][] batch = batch(model.signature());
        becomesQuiet(
            session,
            threads,
            () -> {
              for (int input = 0; input < batch.length; input++) {
                session.feed(input, batch[input], 0, batch[input].length);
              }
              boolean alone = model.signature().accumulation().batches() == 1;
              return (alone || session.accumulate()) && session.step();
            });
      }
    }
  }

  /** The methods that a model has for its inputs: one prepares what it is given, one takes whole numbers. */
  private static final JavaSource TYPED =
      source(
          "Typed",
          """
          package nn;

          public record Typed(nnc.runtime.Session any, boolean trains) implements java.util.function.BooleanSupplier {
            private static final float[] PIXELS = new float[8 * 64];
            private static final int[] DIGITS = {3, 1, 4, 1, 5, 9, 2, 6};

            @Override
            public boolean getAsBoolean() {
              Digits.Session s = (Digits.Session) any;
              if (trains) {
                s.image(PIXELS).digit(DIGITS);
                return s.step() && s.loss() > 0;
              }
              s.image(PIXELS);
              s.run();
              return true;
            }
          }
          """);

  private static JavaSource source(String name, String text) {
    return new JavaSource("nn", name, text, text);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void neitherDoMethodsOfTheModel(boolean trains) throws ReflectiveOperationException {
    Compilation compilation =
        Compiler.compile(
            Project.read(Path.of("digits.nn"), Optional.empty()), Compiler.Options.DEFAULT);
    List<JavaSource> sources = new ArrayList<>(compilation.java());
    sources.add(TYPED);
    CompiledModel model = InMemoryCompiler.compile(sources).load("nn.Digits");
    model.initialise(1);
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      BooleanSupplier typed =
          (BooleanSupplier)
              model
                  .getClass()
                  .getClassLoader()
                  .loadClass("nn.Typed")
                  .getConstructor(Session.class, boolean.class)
                  .newInstance(session, trains);
      becomesQuiet(session, 1, typed);
    }
  }

  private static void becomesQuiet(Session session, int size, BooleanSupplier step) {
    long[] threads = threadsOfTheTeam();
    assertThat(threads).hasSize(size);
    int quiet = 0;
    boolean finite = true;
    for (long end = System.nanoTime() + PATIENCE_NANOS;
        quiet < QUIET_ROUNDS && System.nanoTime() < end; ) {
      long before = allocated(threads);
      finite &= round(step);
      quiet = allocated(threads) == before ? quiet + 1 : 0;
    }
    assertThat(quiet)
        .as(() -> "rounds without allocations; what allocates: " + allocating(session, threads))
        .isEqualTo(QUIET_ROUNDS);
    assertThat(finite).as("all losses were finite").isTrue();
  }

  private static boolean round(BooleanSupplier step) {
    boolean finite = true;
    long start = System.nanoTime();
    for (int steps = 0; steps < LEAST_STEPS || System.nanoTime() - start < ROUND_NANOS; steps++) {
      finite &= step.getAsBoolean();
    }
    return finite;
  }

  private static float[][] batch(Signature signature) {
    int rows = Math.min(signature.maximum(), MOST_ROWS);
    return signature.inputs().stream().map(input -> values(input, rows)).toArray(float[][]::new);
  }

  private static float[] values(Signature.Value input, int rows) {
    float[] values = new float[input.elements(rows)];
    for (int i = 0; i < values.length; i++) {
      values[i] = input.classes() > 0 ? i % input.classes() : (1 + i % 16) / 16f;
    }
    return values;
  }

  /** This thread, which is worker 0, and the others. */
  private static long[] threadsOfTheTeam() {
    Stream<Thread> workers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("nnc-worker-"));
    return LongStream.concat(
            LongStream.of(Thread.currentThread().threadId()), workers.mapToLong(Thread::threadId))
        .toArray();
  }

  private static long allocated(long[] threads) {
    long bytes = 0;
    for (long thread : threads) {
      bytes += THREADS.getThreadAllocatedBytes(thread);
    }
    return bytes;
  }

  /** The kernels that allocate more than what running them one by one does. */
  private static List<String> allocating(Session session, long[] threads) {
    int runs = 100;
    int[] kernels = session.stepKernels();
    long[] bytes =
        IntStream.of(kernels)
            .mapToLong(kernel -> {
              run(session, kernel, runs);
              long before = allocated(threads);
              run(session, kernel, runs);
              return (allocated(threads) - before) / runs;
            })
            .toArray();
    long least = Arrays.stream(bytes).min().orElse(0);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < kernels.length; i++) {
      if (bytes[i] > least) {
        String name = session.model().signature().kernels().get(kernels[i]).name();
        found.add(name + " " + (bytes[i] - least) + " bytes a run");
      }
    }
    return found;
  }

  private static void run(Session session, int kernel, int times) {
    for (int i = 0; i < times; i++) {
      session.runKernel(kernel);
    }
  }
}
