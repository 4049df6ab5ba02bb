package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.InterpretedTraining;
import nnc.compiler.Project;
import nnc.compiler.ir.Tensor;
import nnc.data.Order;
import nnc.runtime.CompiledModel;
import nnc.runtime.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 65 rows in batches of 64: the last batch has one row, and is trained like the others. */
class LastBatchTest {
  private static final int ROWS = 65;
  private static final int BATCH = 64;
  private static final long SEED = 3;

  @TempDir private Path directory;

  @Test
  void anEpochOfAdamAgreesWithTheSameDoneByHand() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("data/digits.csv")).subList(0, ROWS + 1);
    Files.write(directory.resolve("few.csv"), lines);
    Path model = directory.resolve("few.nn");
    Files.writeString(
        model,
        Files.readString(Path.of("digits.nn"))
            .replace("data/digits.csv", "few.csv")
            .replaceAll("; *hold out \\d+%", "")
            .replaceAll("epochs +\\d+", "epochs 1"));
    Path out = directory.resolve("out");
    Nnc.done(
        "train",
        model.toString(),
        "--out",
        out.toString(),
        "--seed",
        String.valueOf(SEED),
        "--set",
        "B=" + BATCH);

    InterpretedTraining byHand = byHand(model, lines);

    Safetensors trained = Safetensors.read(out.resolve("checkpoint.safetensors"));
    for (String path : List.of("dense1.W", "dense1.b", "dense2.W", "dense3.W", "dense3.b")) {
      double[] expected = byHand.parameter(path).values();
      float[] found = trained.floats(path);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) found[i])
            .as(path + "[" + i + "]")
            .isCloseTo(
                expected[i],
                org.assertj.core.data.Offset.offset(5e-6 + 5e-5 * Math.abs(expected[i])));
      }
    }
  }

  private static InterpretedTraining byHand(Path model, List<String> lines) {
    Compilation compilation =
        Compiler.compile(
            Project.read(model, Optional.empty()),
            Compiler.Options.DEFAULT.with(Map.of("B", BATCH)));
    CompiledModel first = compilation.load();
    first.initialise(SEED);
    InterpretedTraining training = new InterpretedTraining(compilation);
    training.copyParameters(first);
    training.at(1, 1, 2, SEED);
    int[] order = Order.shuffled(ROWS, SEED, 1);
    for (int from = 0; from < ROWS; from += BATCH) {
      training.step(batch(lines, Arrays.copyOfRange(order, from, Math.min(ROWS, from + BATCH))));
    }
    return training;
  }

  private static Map<String, Tensor> batch(List<String> lines, int[] rows) {
    double[] images = new double[rows.length * 64];
    double[] digits = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double[] values =
          Arrays.stream(lines.get(rows[i] + 1).split(","))
              .mapToDouble(Double::parseDouble)
              .toArray();
      for (int pixel = 0; pixel < 64; pixel++) {
        images[i * 64 + pixel] = values[pixel] / 16;
      }
      digits[i] = values[64];
    }
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("image", new Tensor(new int[] {rows.length, 64}, images));
    inputs.put("digit", new Tensor(new int[] {rows.length}, digits));
    return inputs;
  }
}
