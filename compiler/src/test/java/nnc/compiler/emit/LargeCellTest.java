package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

/** A cell of so many lines that what a step keeps is more than a Java method has parameters. */
class LargeCellTest {
  private static final int LINES = 260;

  @Test
  void isCutIntoKernelsThatJavaAccepts() {
    StringBuilder cell = new StringBuilder("a0 = tanh(h[t-1] + x[t])\n");
    for (int line = 1; line < LINES; line++) {
      cell.append("    a%d = tanh(a%d + x[t])\n".formatted(line, line - 1));
    }
    String text =
        """
        model Large {
          dim B = 2
          dim T = 3
          input x: f32[B, T, 4]
          recur t over T {
            start h: [B, 4] = 0
            %s    h[t] = tanh(a%d)
          }
          loss = mean(h^2)
        }
        train Large { optimizer SGD }
        """
            .formatted(cell, LINES - 1);
    Compilation compilation =
        Compiler.compile(
            Project.of(new Source("large.nn", text), Optional.empty()), Compiler.Options.DEFAULT);
    assertThatCode(compilation::load).doesNotThrowAnyException();
  }
}
