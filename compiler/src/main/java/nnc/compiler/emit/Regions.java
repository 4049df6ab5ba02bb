package nnc.compiler.emit;

import com.palantir.javapoet.CodeBlock;

/** Writes regions of work: pieces that the threads share, and the barrier behind them. */
final class Regions {
  private final CodeBlock.Builder code;

  Regions(CodeBlock.Builder code) {
    this.code = code;
  }

  /**
   * The body is written once, for the piece from {@code w.from} to {@code w.to}.
   *
   * @param count how much there is, in Java
   * @param grain how much of it a piece has
   */
  void over(String count, int grain, Runnable body) {
    code.beginControlFlow("for (w.rows($L, $L); w.next(); )", count, grain);
    body.run();
    code.endControlFlow();
    code.addStatement("w.join()");
  }

  /** What one thread does while the others wait. */
  void alone(Runnable body) {
    over("1", 1, body);
  }
}
