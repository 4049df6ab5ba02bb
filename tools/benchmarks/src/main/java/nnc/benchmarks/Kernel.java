package nnc.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToLongFunction;
import nnc.compiler.ir.Optimizations;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;

/** Kernels that are timed alone. */
enum Kernel {
  PRODUCT_1024(product("NN:1024x1024x1024")),
  PRODUCT_W1(product("NN:128x784x512")),
  PRODUCT_W3(product("NT:32x1024x256")),
  PRODUCT_W8(product("TN:384x2048x1536")),
  ARITHMETIC(chain("arithmetic.nn", 16384)),
  ARITHMETIC_IN_CACHE(chain("arithmetic.nn", 64)),
  FUNCTIONS(chain("functions.nn", 16384)),
  FUNCTIONS_IN_CACHE(chain("functions.nn", 64)),
  SOFTMAX(step("w7.nn", "d_logits", signature -> 2 * 32 * 32 * 4000)),
  LAYER_NORM(step("w8.nn", "layer_norm1", signature -> 2 * 8 * 256 * 384)),
  UPDATE(step("w8.nn", "adamw", signature -> 7 * Serve.parameters(signature))),
  GRADIENT_NORM(step("w3.nn", "squared_norm", Serve::parameters));

  /** Columns of the chains' inputs. */
  private static final int COLUMNS = 1024;

  /** What a kernel's speed is compared to. */
  enum Yardstick {
    PEAK("GFLOP/s"),
    COPY("GB/s");

    private final String unit;

    Yardstick(String unit) {
      this.unit = unit;
    }

    String unit() {
      return unit;
    }
  }

  /**
   * A kernel that is ready to run.
   *
   * @param work of a run, in units of 10^9: operations, or the bytes that it must read and write
   * @param rate of the yardstick, measured for so many seconds, in the same units a second
   */
  record Ready(Runnable run, double work, Measured rate) {}

  /** A speed that takes some seconds to measure. */
  interface Measured {
    double during(double seconds);
  }

  private interface Making {
    Ready make(Team team);
  }

  private record Plan(Yardstick yardstick, Making making) {}

  private final Plan plan;

  Kernel(Plan plan) {
    this.plan = plan;
  }

  Yardstick yardstick() {
    return plan.yardstick();
  }

  Ready make(Team team) {
    return plan.making().make(team);
  }

  private static Plan product(String text) {
    Product product = Product.parse(text);
    return new Plan(
        Yardstick.PEAK,
        team -> {
          Team.Program program = product.program(1);
          return new Ready(
              () -> team.run(program),
              product.flop() * 1e-9,
              seconds -> Peak.gflops(team, seconds));
        });
  }

  /** All that a model computes of so many rows, which it must read and write once. */
  private static Plan chain(String file, int rows) {
    return new Plan(
        Yardstick.COPY,
        team -> {
          CompiledModel model = Workload.compile(Bench.workload(file), Optimizations.ALL);
          model.initialise(1);
          Session session = model.inferenceSession(team);
          Random random = new Random(1);
          float[] x = new float[rows * COLUMNS];
          for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
          }
          session.feed(0, x, 0, x.length);
          return moving(team, session::run, 2.0 * x.length);
        });
  }

  /** One kernel of a workload's step, which must read and write so many numbers. */
  private static Plan step(String file, String name, ToLongFunction<Signature> numbers) {
    return new Plan(
        Yardstick.COPY,
        team -> {
          CompiledModel model = Workload.compile(Bench.workload(file), Optimizations.ALL);
          Workload workload = Workload.start(model, team);
          workload.step(0);
          int kernel =
              Arrays.stream(workload.session().stepKernels())
                  .filter(number -> model.signature().kernels().get(number).name().equals(name))
                  .findFirst()
                  .orElseThrow(() ->
                      new IllegalStateException("no kernel of " + file + " is named " + name));
          return moving(
              team,
              () -> workload.session().runKernel(kernel),
              numbers.applyAsLong(model.signature()));
        });
  }

  private static Ready moving(Team team, Runnable run, double numbers) {
    double bytes = Float.BYTES * numbers;
    Copy copy = new Copy(team, bytes);
    return new Ready(run, bytes * 1e-9, copy::gigabytes);
  }

  /** {@code layer-norm}, as it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
