package nnc.cli.train;

import java.util.Locale;
import nnc.compiler.Compilation;
import nnc.compiler.plan.Plan;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;

/** Says that a model is too large before any memory is taken for it. */
public final class Capacity {
  private static final double GIGABYTE = 1 << 30;

  private Capacity() {}

  /**
   * @param threads each has memory of its own
   * @throws CompileException if a session that trains would need more memory than Java was given
   */
  public static void require(Compilation compilation, int threads) {
    Plan plan = compilation.plan();
    long floats = (long) plan.parameterElements() + plan.stateElements() + plan.trainingMemory() + (long) plan.scratch() * threads;
    long needed = floats * Float.BYTES;
    long given = Runtime.getRuntime().maxMemory();
    if (needed > given) {
      throw new CompileException(
          Diagnostic.at(compilation.model().span(), "memory", String.format(
                  Locale.ROOT, "'%s' needs %.1f GB, and Java was given %.1f GB", compilation.model().name(), needed / GIGABYTE, given / GIGABYTE))
              .note(String.format(Locale.ROOT, "%,d floats of parameters, %,d of optimizer state, %,d for a batch of %s",
                  plan.parameterElements(), plan.stateElements(), plan.trainingMemory(), compilation.model().batch().map(dim -> String.valueOf(dim.maximum())).orElse("1")))
              .help("make the batch smaller (--set), or give Java more: NNC_JAVA_OPTIONS=-Xmx" + (long) Math.ceil(needed * 1.5 / GIGABYTE) + "g"));
    }
  }
}
