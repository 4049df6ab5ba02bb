package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What can be done with a trained model: evaluate it, let it predict, hand it to Java. */
class TrainedDigitsTest {
  private static final Path DATA = Path.of("data/digits.csv");
  private static final int PIXELS = 64;
  private static final int SHOWN = 200;

  @TempDir private static Path directory;

  private static String run;
  private static List<Integer> digits;
  private static List<Integer> guesses;

  @BeforeAll
  static void trainAndPredict() throws IOException {
    run = directory.resolve("run").toString();
    Nnc.done("train", "digits.nn", "--epochs", "4", "--out", run);
    digits = rows().map(row -> Integer.valueOf(row.substring(row.lastIndexOf(',') + 1))).toList();
    guesses = guesses(Files.readString(DATA));
  }

  private static Stream<String> rows() throws IOException {
    return Files.readAllLines(DATA).stream().skip(1);
  }

  private static List<Integer> guesses(String csv) {
    return Nnc.doneWith(csv, "predict", run).stream()
        .map(line -> Metrics.json(line).path("guess").intValue())
        .toList();
  }

  @Test
  void predictionsAreAsGoodAsTheEvaluationSays() {
    JsonNode evaluation = Metrics.json(Nnc.done("eval", run, "--data", DATA.toString()).getFirst());
    assertThat(evaluation.path("rows").intValue()).isEqualTo(digits.size());
    long right =
        IntStream.range(0, digits.size()).filter(i -> guesses.get(i).equals(digits.get(i))).count();
    assertThat(evaluation.path("accuracy").doubleValue())
        .isEqualTo((double) right / digits.size())
        .isGreaterThan(0.85);
  }

  @Test
  void predictionsNeedNoLabels() throws IOException {
    String unlabelled =
        Stream.concat(
                Stream.of(
                    IntStream.range(0, PIXELS)
                        .mapToObj(pixel -> "p" + pixel)
                        .collect(Collectors.joining(","))),
                rows().limit(SHOWN).map(row -> row.substring(0, row.lastIndexOf(','))))
            .collect(Collectors.joining("\n"));
    assertThat(guesses(unlabelled)).isEqualTo(guesses.subList(0, SHOWN));
  }

  @Test
  void generatedSourcesNeedTheRuntimeAlone() throws IOException, InterruptedException {
    Path sources = directory.resolve("sources");
    Nnc.done("compile", "digits.nn", "-o", sources.toString(), "--package", "org.example");
    Path classes =
        JavaProgram.compile(
            directory.resolve("from-sources"), program(), OtherJvm.runtime().toString(), sources);
    String checkpoint = Path.of(run, "checkpoint.safetensors").toString();
    assertThat(
            printed(
                classes + File.pathSeparator + OtherJvm.runtime(),
                OtherJvm.VECTORS,
                "org.example.ReadDigits",
                DATA.toString(),
                checkpoint))
        .isEqualTo(guesses.subList(0, SHOWN));
  }

  @Test
  void aJarBringsItsParametersAlong() throws IOException, InterruptedException {
    Path jar = directory.resolve("digits.jar");
    Nnc.done(
        "compile",
        "digits.nn",
        "--jar",
        jar.toString(),
        "--parameters",
        run,
        "--package",
        "org.example");
    String classPath = jar + File.pathSeparator + OtherJvm.runtime();
    Path classes = JavaProgram.compile(directory.resolve("with-jar"), program(), classPath);
    assertThat(
            printed(
                classes + File.pathSeparator + classPath,
                OtherJvm.VECTORS,
                "org.example.ReadDigits",
                DATA.toString()))
        .isEqualTo(guesses.subList(0, SHOWN));
    assertThat(
            printed(
                classes + File.pathSeparator + classPath,
                "org.example.ReadDigits",
                DATA.toString()))
        .as("without the vector module")
        .isEqualTo(guesses.subList(0, SHOWN));
  }

  private static List<Integer> printed(String classPath, String... words)
      throws IOException, InterruptedException {
    return OtherJvm.run(classPath, words).stream().map(Integer::valueOf).toList();
  }

  /** Reads digits row by row, in several sessions at once. */
  private static JavaProgram program() {
    return new JavaProgram(
        "org.example.ReadDigits",
        """
        package org.example;

        import java.nio.file.Files;
        import java.nio.file.Path;
        import java.util.stream.Stream;

        public class ReadDigits {
          public static void main(String[] arguments) throws Exception {
            Digits model = arguments.length > 1 ? Digits.load(Path.of(arguments[1])) : Digits.trained();
            Files.readAllLines(Path.of(arguments[0])).stream().skip(1).limit(200).parallel()
                .map(row -> guess(model, row))
                .forEachOrdered(System.out::println);
          }

          static int guess(Digits model, String row) {
            String[] columns = row.split(",");
            float[] pixels = new float[64];
            for (int i = 0; i < 64; i++) {
              pixels[i] = Float.parseFloat(columns[i]);
            }
            try (var session = model.session()) {
              session.image(pixels);
              session.run();
              return session.guess()[0];
            }
          }
        }
        """);
  }
}
