package nnc.benchmarks;

import java.util.concurrent.TimeUnit;
import nnc.runtime.Provider;
import nnc.runtime.Team;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** One kernel, and before and after each iteration its yardstick. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Threads(1)
public class KernelBenchmark {
  private static final double YARDSTICK_SECONDS = 0.1;

  /** What an iteration reports beside its time: of the yardstick, GFLOP/s or GB/s. */
  public double rate;

  /** Of a run: GFLOP or GB. */
  public double work;

  @Param("PRODUCT_1024")
  private String kernel = "";

  @Param("1")
  private int threads;

  private Team team = Team.of(1);
  private Kernel.Ready ready = new Kernel.Ready(() -> {}, 0, seconds -> 0);
  private double before;

  /** Makes operands, or compiles the model. */
  @Setup(Level.Trial)
  public void make() {
    Provider.best().products().warmUp();
    team = Team.of(threads);
    ready = Kernel.valueOf(kernel).make(team);
  }

  @Setup(Level.Iteration)
  public void measureBefore() {
    before = ready.rate().during(YARDSTICK_SECONDS);
  }

  @Benchmark
  public void run() {
    ready.run().run();
  }

  @TearDown(Level.Iteration)
  public void measureAfter() {
    rate = (before + ready.rate().during(YARDSTICK_SECONDS)) / 2;
    work = ready.work();
  }

  @TearDown(Level.Trial)
  public void close() {
    team.close();
  }
}
