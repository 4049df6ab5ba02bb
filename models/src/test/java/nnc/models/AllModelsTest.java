package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every model, or for all that are small enough. */
class AllModelsTest {
  static List<Path> models() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(""))) {
      return files.filter(file -> file.toString().endsWith(".nn")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theirTypesAreRight(Path model) {
    Nnc.done("check", model.toString());
  }

  @ParameterizedTest
  @MethodSource("models")
  void theReadmeListsThem(Path model) throws IOException {
    assertThat(Files.readString(Path.of("README.md"))).contains("[" + model + "](" + model + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"neuron.nn", "logistic.nn", "digits.nn"})
  void theirGradientsAreThoseOfFiniteDifferences(String model) {
    assertThat(Nnc.done("gradcheck", model).getLast()).isEqualTo("the gradients agree");
  }

  @Test
  void gradientsAreThoseOfFiniteDifferencesWithoutAnyOptimization() {
    assertThat(Nnc.done("gradcheck", "digits.nn", "--without", "all").getLast())
        .isEqualTo("the gradients agree");
  }
}
