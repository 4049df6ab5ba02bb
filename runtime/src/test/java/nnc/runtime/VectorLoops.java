package nnc.runtime;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops as generated code has them, and the bytes that each allocates once compiled: any at all would mean that a vector was
 * boxed, because something was not inlined. Run in a JVM of its own, where every method sees one kind of vector.
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
    loops.put("exp", VectorLoops::exp);
    loops.put("expm1", VectorLoops::expm1);
    loops.put("log", VectorLoops::log);
    loops.put("log1p", VectorLoops::log1p);
    loops.put("tanh", VectorLoops::tanh);
    loops.put("sigmoid", VectorLoops::sigmoid);
    loops.put("erf", VectorLoops::erf);
    loops.put("sin", VectorLoops::sin);
    loops.put("cos", VectorLoops::cos);
    loops.put("rsqrt", VectorLoops::rsqrt);
    loops.put("floor", VectorLoops::floor);
    loops.put("sign", VectorLoops::sign);
    loops.put("gelu's derivative", VectorLoops::geluDerivative);
    loops.put("a gated tanh", VectorLoops::gatedTanh);
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

  static void geluDerivative(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      FloatVector distribution = VectorMath.erf(v.mul(0.70710678f)).add(1f).mul(0.5f);
      FloatVector density = VectorMath.exp(v.mul(v).mul(-0.5f)).mul(0.39894228f);
      v.fma(density, distribution).intoArray(y, i);
    }
  }

  static void gatedTanh(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, i);
      VectorMath.sigmoid(v).mul(VectorMath.tanh(v.add(1f))).intoArray(y, i);
    }
  }

  static void exp(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.exp(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void expm1(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.expm1(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void log(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.log(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void log1p(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.log1p(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void tanh(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.tanh(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void sigmoid(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.sigmoid(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void erf(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.erf(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void sin(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.sin(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void cos(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.cos(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void rsqrt(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.rsqrt(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void floor(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.floor(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }

  static void sign(float[] x, float[] y) {
    for (int i = 0; i < SPECIES.loopBound(x.length); i += SPECIES.length()) {
      VectorMath.sign(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
  }
}
