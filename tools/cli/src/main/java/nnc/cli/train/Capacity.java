package nnc.cli.train;

import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.model.Program;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;

/** Compiles what may be too large to be planned at all. */
public final class Capacity {
  private Capacity() {}

  /**
   * Compiles a model.
   *
   * @throws CompileException if it is wrong, or if its values together are more than an array can hold
   */
  public static Compilation compile(Program program, Compiler.Options options) {
    try {
      return Compiler.compile(program, options);
    } catch (
        ArithmeticException
            overflow) { // offsets in the arena are whole numbers of 32 bits, computed exactly
      throw new CompileException(
          Diagnostic.of(
                  "memory",
                  "the values of a training step are more than an array can hold: 2^31 floats, 8 GB")
              .help("make the batch smaller (--set), or the sizes of the model"));
    }
  }
}
