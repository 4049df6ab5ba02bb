package nnc.runtime;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops as generated code has them, and the bytes that each allocates once compiled: any at all would mean that a vector was
 * boxed, because something was not inlined. Run in a JVM of its own, where every method sees the vectors of the runtime alone.
 */
final class VectorLoops {
  private static final VectorSpecies<Float> SPECIES = VectorRows.SPECIES;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int N = 256;
  private static final int CALLS = 20_000;

  private VectorLoops() {}

  interface Loop {
    void run(float[] x, float[] y);
  }

  static Map<String, Loop> all() {
    Map<String, Loop> loops = new LinkedHashMap<>();
    float[] panel = new float[N];
    float[] scratch = new float[Tiling.SCRATCH];
    loops.put("transpose", (x, y) -> VectorPanels.pack(x, 0, 1, 8, 8, 32, panel, 0, 32, scratch));
    loops.put("exp", (x, y) -> VectorMath.exp(y, 0, N));
    loops.put("expm1", (x, y) -> VectorMath.expm1(y, 0, N));
    loops.put("log", (x, y) -> VectorMath.log(y, 0, N));
    loops.put("log1p", (x, y) -> VectorMath.log1p(y, 0, N));
    loops.put("tanh", (x, y) -> VectorMath.tanh(y, 0, N));
    loops.put("sigmoid", (x, y) -> VectorMath.sigmoid(y, 0, N));
    loops.put("erf", (x, y) -> VectorMath.erf(y, 0, N));
    loops.put("sin", (x, y) -> VectorMath.sin(y, 0, N));
    loops.put("cos", (x, y) -> VectorMath.cos(y, 0, N));
    loops.put("floor", (x, y) -> VectorMath.floor(y, 0, N));
    loops.put("round", (x, y) -> VectorMath.round(y, 0, N));
    loops.put("sign", (x, y) -> VectorMath.sign(y, 0, N));
    loops.put("pow", (x, y) -> VectorMath.pow(y, 0, N, 0.7f));
    loops.put("all functions, one after the other", VectorLoops::allFunctions);
    loops.put("functions between loops", VectorLoops::betweenLoops);
    Rows rows = new VectorRows();
    loops.put("sum", (x, y) -> y[0] = rows.sum(x, 0, N - 3));
    loops.put("dot", (x, y) -> y[0] = rows.dot(x, 0, y, 1, N - 3));
    loops.put("max", (x, y) -> y[0] = rows.max(x, 0, N - 3));
    loops.put("argmax", (x, y) -> y[0] = rows.argmax(x, 0, N - 3));
    loops.put("firstNonFinite", (x, y) -> y[0] = rows.firstNonFinite(x, 0, N - 3));
    loops.put("columnSums", (x, y) -> rows.columnSums(x, 0, 80, 3, 0, 79, y, 0, true));
    loops.put("columnMax", (x, y) -> rows.columnMax(x, 0, 80, 3, 0, 79, y, 0));
    loops.put("uniform", (x, y) -> rows.uniform(1, 2, 3, 5, y, 0, N - 3));
    Rows scalar = Rows.scalar();
    loops.put("scalar uniform", (x, y) -> scalar.uniform(1, 2, 3, 5, y, 0, N - 3));
    return loops;
  }

  /** Prints one line a loop: its name, a colon, the bytes that a thousand calls allocate. */
  public static void main(String[] arguments) {
    float[] x = new float[N];
    Philox.uniform(1, 2, 3, 0, x, 0, N);
    float[] y = x.clone();
    all()
        .forEach((name, loop) -> {
          long least =
              Long.MAX_VALUE; // the JVM may still change its mind about a method, which allocates
          // once
          for (int round = 0; round < 5; round++) {
            least = Math.min(least, allocatedBy(loop, x, y, round == 0 ? CALLS : 1_000));
          }
          System.out.println(name + ": " + least);
        });
  }

  private static long allocatedBy(Loop loop, float[] x, float[] y, int calls) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int call = 0; call < calls; call++) {
      loop.run(x, y);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  static void allFunctions(float[] x, float[] y) {
    System.arraycopy(x, 0, y, 0, N);
    VectorMath.exp(y, 0, N);
    VectorMath.log1p(y, 0, N);
    VectorMath.tanh(y, 0, N);
    VectorMath.sin(y, 0, N);
    VectorMath.log(y, 0, N);
    VectorMath.erf(y, 0, N);
    VectorMath.expm1(y, 0, N);
    VectorMath.cos(y, 0, N);
    VectorMath.sigmoid(y, 0, N);
    VectorMath.round(y, 0, N);
  }

  static void betweenLoops(float[] x, float[] y) {
    for (int row = 0; row < N; row += 64) {
      for (int i = row; i < row + 64; i += SPECIES.length()) {
        FloatVector.fromArray(SPECIES, x, i).mul(0.7f).add(1f).intoArray(y, i);
      }
      VectorMath.exp(y, row, 64);
      for (int i = row; i < row + 64; i += SPECIES.length()) {
        FloatVector.fromArray(SPECIES, y, i).neg().add(1f).abs().intoArray(y, i);
      }
      VectorMath.log1p(y, row, 64);
      for (int i = row; i < row + 64; i += SPECIES.length()) {
        FloatVector v = FloatVector.fromArray(SPECIES, x, i);
        v.fma(v, FloatVector.fromArray(SPECIES, y, i)).intoArray(y, i);
      }
      VectorMath.tanh(y, row, 64);
    }
  }
}
