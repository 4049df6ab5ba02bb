package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A seed gives the same bytes, however many threads there are, and however often the run is interrupted. */
class ReproducibilityTest {
  private static final String EPOCHS = "10";

  @TempDir private static Path directory;

  private static Path model;
  private static byte[] expected;

  /** A step that depends on its number, on the number of all steps, and on random numbers. */
  @BeforeAll
  static void trainInOneGo() throws IOException {
    model = directory.resolve("noisy.nn");
    Files.writeString(
        model,
        Files.readString(Path.of("digits.nn"))
            .replace("data/digits.csv", "digits.csv")
            .replace("Dense(64, relu)", "Dropout(0.1) |> Dense(64, relu)")
            .replaceAll("Adam\\(.*\\)", "NAdam(lr = 2e-3 * (1 - k / steps))"));
    Files.copy(Path.of("data/digits.csv"), directory.resolve("digits.csv"));
    expected = train("whole", "--threads", "1", "--epochs", EPOCHS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void threadsChangeNothing(String threads) throws IOException {
    assertThat(train("threads" + threads, "--threads", threads, "--epochs", EPOCHS))
        .isEqualTo(expected);
  }

  /** A convolution, running means, a recurrence, attention and a repeat: kernels of every kind. */
  @Test
  void threadsChangeNothingInAnyLayer() throws IOException {
    Path mixed = directory.resolve("mixed.nn");
    Files.writeString(
        mixed,
        """
        model Mixed {
          dim B = 50
          dim T = 8
          input image: f32[B, 64]
          input digit: i32[B]
          rows   = reshape(image, (B, T, 8))
          seen   = reshape(image, (B, 1, 8, 8)) |> Conv2d(4, 3, relu, pad = "same") |> BatchNorm |> MaxPool2d(2)
          read   = rows |> Dropout(0.1) |> LSTM(12)
          look   = read |> SelfAttention(3)
          h      = concat(flatten(seen), look.last)
          repeat 3 { h = h + (h |> LayerNorm |> Dense(76, gelu)) }
          logits = h |> Dense(10)
          loss   = cross_entropy(logits, digit)
        }

        train Mixed {
          data csv("digits.csv") { image = columns(0..63) / 16; digit = column(64); hold out 20% }
          optimizer AdamW(lr = 1e-3)
          clip norm 1
          epochs 1
        }
        """);
    byte[] alone = train(mixed, "mixed1", "--threads", "1");
    for (String threads : List.of("2", "3", "5")) {
      assertThat(train(mixed, "mixed" + threads, "--threads", threads)).isEqualTo(alone);
    }
  }

  @Test
  void anotherSeedGivesAnotherModel() throws IOException {
    assertThat(train("seed", "--seed", "2", "--threads", "1", "--epochs", EPOCHS))
        .isNotEqualTo(expected);
  }

  @Test
  void aRunThatWasStoppedGoesOnBitForBit() throws IOException, InterruptedException {
    String out = directory.resolve("stopped").toString();
    Process training =
        new ProcessBuilder(
                OtherJvm.command(
                    System.getProperty("java.class.path"),
                    OtherJvm.VECTORS,
                    "nnc.cli.Main",
                    "train",
                    model.toString(),
                    "--out",
                    out,
                    "--epochs",
                    EPOCHS,
                    "--threads",
                    "1"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = training.inputReader()) {
      assertThat(lines.lines().filter(line -> line.startsWith("epoch")).findFirst()).isPresent();
      training.toHandle().destroy(); // as Ctrl-C does
      assertThat(lines.lines().anyMatch(line -> line.startsWith("stopped after step")))
          .as("was stopped on its way")
          .isTrue();
    }
    training.waitFor();
    assertThat(train("stopped", "--resume", "--threads", "1")).isEqualTo(expected);
  }

  /** The bytes of the checkpoint. */
  private static byte[] train(String out, String... options) throws IOException {
    return train(model, out, options);
  }

  private static byte[] train(Path trained, String out, String... options) throws IOException {
    String[] arguments = new String[options.length + 4];
    arguments[0] = "train";
    arguments[1] = trained.toString();
    arguments[2] = "--out";
    arguments[3] = directory.resolve(out).toString();
    System.arraycopy(options, 0, arguments, 4, options.length);
    Nnc.done(arguments);
    return Files.readAllBytes(directory.resolve(out).resolve("checkpoint.safetensors"));
  }
}
