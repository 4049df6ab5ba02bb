package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import nnc.compiler.Project;
import nnc.compiler.ir.Known;
import nnc.compiler.source.Source;
import nnc.compiler.syntax.Ast;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The gradient of every layer of the library, by its inputs and its parameters, on shapes that are drawn. */
class LayerGradientsTest {
  private static final int SHAPES = 4;

  /** B rows, T steps, d = n k features, u units, and images of H by W; what is drawn for them stands where <X> stands. */
  static final List<String> LAYERS =
      List.of(
          "x |> Dense(<u>, tanh)",
          "id |> Embedding(<d>, <u>)",
          "x |> LayerNorm",
          "x |> BatchNorm",
          "x |> Dropout(0)",
          "x |> FeedForward(<u>, gelu)",
          "s |> PositionalEncoding",
          "s |> RNN(<u>)",
          "h, c = LSTM(<u>)(s, keep); h * c",
          "PeepholeLSTM(<u>)(s, keep)",
          "GRU(<u>)(s, keep)",
          "Bidirectional(GRU(<u>), RNN(<u>))(s)",
          "AdditiveAttention(<u>)(x, s, keep)",
          "SelfAttention(<n>)(s, causal(<T>))",
          "MultiHeadAttention(<n>)(s, 2 * s)",
          "EncoderLayer(<n>, <u>, 0)(s)",
          "DecoderLayer(<n>, <u>, 0)(s, s + 1)",
          "image |> Conv2d(<u>, 2, tanh, width = 1, pad = 1)",
          "permute(s, (0, 2, 1)) |> Conv1d(<u>, 1, sigmoid)",
          "image |> MaxPool2d(2)",
          "image |> AvgPool2d(2, 1)",
          "permute(s, (0, 2, 1)) |> MaxPool1d(1)",
          "permute(s, (0, 2, 1)) |> AvgPool1d(2, 1, 1)");

  @ParameterizedTest
  @FieldSource("LAYERS")
  void agreesWithFiniteDifferences(String layer) {
    Random random = new Random(layer.hashCode());
    for (int i = 0; i < SHAPES; i++) {
      Map<String, Integer> sizes = new HashMap<>();
      List.of("B", "T", "n", "k", "u").forEach(name -> sizes.put(name, 1 + random.nextInt(4)));
      List.of("H", "W").forEach(name -> sizes.put(name, 2 + random.nextInt(4)));
      sizes.put("d", Known.in(sizes, "n") * Known.in(sizes, "k"));
      Equation equation = new Equation(filled(inputs(layer), sizes), filled(layer, sizes));
      Equation checked = layer.contains("BatchNorm") ? equation.inTraining() : equation;
      assertThat(checked.disagreement(values(equation, sizes, random)))
          .as(layer + " with " + sizes)
          .isEmpty();
    }
  }

  /** Those that the layer reads. */
  private static String inputs(String layer) {
    List<String> words = Arrays.asList(layer.split("\\W+"));
    return Map.of(
            "x", "input x: f32[<B>, <d>]",
            "s", "input s: f32[<B>, <T>, <d>]",
            "id", "input id: i32[<B>, <T>]",
            "keep", "input keep: bool[<B>, <T>]",
            "image", "input image: f32[<B>, <n>, <H>, <W>]")
        .entrySet()
        .stream()
        .filter(input -> words.contains(input.getKey()))
        .map(Map.Entry::getValue)
        .sorted()
        .reduce((one, other) -> one + "; " + other)
        .orElseThrow();
  }

  private static String filled(String text, Map<String, Integer> sizes) {
    String filled = text;
    for (Map.Entry<String, Integer> size : sizes.entrySet()) {
      filled = filled.replace("<" + size.getKey() + ">", String.valueOf(size.getValue()));
    }
    return filled;
  }

  private static Map<String, double[]> values(
      Equation equation, Map<String, Integer> sizes, Random random) {
    Map<String, double[]> values = new HashMap<>();
    for (TypedModel.Input input : equation.model().inputs()) {
      int elements = input.type().shape().elements().constant();
      values.put(
          input.name(),
          switch (input.type().element()) {
            case F32 -> random.doubles(elements, -1, 1).toArray();
            case I32 -> random.ints(elements, 0, Known.in(sizes, "d")).asDoubleStream().toArray();
            case BOOL -> random.ints(elements, 0, 2).asDoubleStream().toArray();
          });
    }
    for (TypedModel.Parameter parameter : equation.model().parameters()) {
      double from = parameter.buffer() ? 0.5 : -1; // a variance
      values.put(
          parameter.path(),
          random.doubles(parameter.shape().elements().constant(), from, 1).toArray());
    }
    return values;
  }

  @Test
  void noLayerIsLeftOut() {
    for (Ast.File file : Project.of(new Source("empty.nn", ""), Optional.empty()).library()) {
      for (Ast.Declaration declaration : file.declarations()) {
        if (declaration instanceof Ast.LayerDeclaration) {
          assertThat(LAYERS)
              .as("the gradient of %s", declaration.name())
              .anyMatch(
                  layer -> Arrays.asList(layer.split("\\W")).contains(declaration.name().text()));
        }
      }
    }
  }
}
