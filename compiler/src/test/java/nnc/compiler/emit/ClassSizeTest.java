package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.source.Source;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Code is written for any step and any turn: it does not grow with their number. */
class ClassSizeTest {
  private static final Percentage ALIKE = Percentage.withPercentage(2);

  @Test
  void stepsAreNotUnrolled() {
    assertThat(recurrence(2000)).isCloseTo(recurrence(20), ALIKE);
  }

  @Test
  void turnsAreNotCopied() {
    assertThat(transformer(48)).isCloseTo(transformer(4), ALIKE);
    assertThat(residual(48)).isCloseTo(residual(4), ALIKE);
  }

  private static long recurrence(int steps) {
    return bytes(
        """
        layer Cell(d)(x: [B, T, in]) {
          param W, Wg: [d, d]
          param U, Ug: [in, d]
          recur t over T {
            start h: [B, d] = 0
            g = sigmoid(h[t-1] @ Wg + x[t] @ Ug)
            h[t] = g * h[t-1] + (1 - g) * tanh(h[t-1] @ W + x[t] @ U)
          }
          h
        }
        model M {
          dim B = 4
          input x: f32[B, %d, 8]
          input y: i32[B]
          loss = cross_entropy((x |> Cell(16)).last |> Dense(3), y)
        }
        train M { optimizer Adam(lr = 0.001) }
        """
            .formatted(steps));
  }

  private static long transformer(int turns) {
    return bytes(
        """
        model M {
          dim B = 4
          input x: i32[B, 10]
          input y: i32[B, 10]
          h = x |> Embedding(30, 16) |> PositionalEncoding
          repeat %d {
            block = EncoderLayer(4, 32, rate = 0.1)
            h = block(h, causal(10))
          }
          loss = cross_entropy(h |> Dense(30), y)
        }
        train M {
          optimizer Adam(lr = 0.001)
          clip norm 1
        }
        """
            .formatted(turns));
  }

  /** With buffers, and a number to which every turn adds. */
  private static long residual(int turns) {
    return bytes(
        """
        model M {
          dim B = 4
          input x: f32[B, 3, 8, 8]
          h = x |> Conv2d(4, 3, pad = "same")
          s = 0
          repeat %d {
            h = relu(h + (h |> Conv2d(4, 3, pad = "same") |> BatchNorm))
            s = s + mean(h^2)
          }
          loss = s
        }
        train M { optimizer Adam(lr = 0.001) }
        """
            .formatted(turns));
  }

  private static long bytes(String text) {
    var compilation =
        Compiler.compile(
            Project.of(new Source("size.nn", text), Optional.empty()), Compiler.Options.DEFAULT);
    return InMemoryCompiler.compile(compilation.java()).bytes().values().stream()
        .mapToLong(bytes -> bytes.length)
        .sum();
  }
}
