package nnc.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import nnc.compiler.source.Source;
import nnc.runtime.Safetensors;
import nnc.runtime.SafetensorsWriter;
import nnc.runtime.TensorFileException;
import nnc.runtime.text.Vocabulary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckpointTest {
  private static final CheckpointMetadata METADATA =
      new CheckpointMetadata(
          "0.1.0",
          List.of(new Source("a.nn", "model A { \"\\\u0001 … }"), new Source("b.nn", "")),
          "A",
          Optional.of("momentum"),
          Map.of("B", 7),
          Map.of("letters", Vocabulary.characters(List.of("a\\n\n\"é"), 9)),
          Long.MIN_VALUE,
          9,
          OptionalInt.of(4),
          Optional.of(new EpochLayout(43, 32, 7, 2, List.of("T <= 5", "T <= 9"))),
          new RunPosition(
              2,
              3,
              1L << 40,
              Map.of("loss#0", new double[] {0.1, Double.POSITIVE_INFINITY}),
              new RunPosition.Interval(2.25, 14, Map.of("loss#0", new double[] {0.3})),
              Optional.of(new RunPosition.Best(2, 0.1))));

  @TempDir Path directory;

  private Path file(Map<String, String> metadata) {
    SafetensorsWriter writer = Safetensors.writer();
    metadata.forEach(writer::metadata);
    Path file = directory.resolve(Checkpoint.FILE);
    writer.write(file);
    return file;
  }

  @Test
  void whatIsWrittenIsReadBackToTheBit() {
    file(METADATA.texts());
    CheckpointMetadata read = Checkpoint.read(directory).metadata();
    assertThat(read.texts()).isEqualTo(METADATA.texts());
    assertThat(read.patience()).hasValue(4);
    assertThat(read.position().best()).contains(new RunPosition.Best(2, 0.1));
    assertThat(read.layout()).isEqualTo(METADATA.layout());
    assertThat(read.version()).isEqualTo("0.1.0");
    assertThat(read.position().steps()).isEqualTo(1L << 40);
    assertThat(read.position().totals().get("loss#0"))
        .containsExactly(0.1, Double.POSITIVE_INFINITY);
    assertThat(read.position().interval().since()).isEqualTo(2.25);
    assertThat(read.position().interval().rows()).isEqualTo(14);
    assertThat(read.position().interval().totals().get("loss#0")).containsExactly(0.3);
    assertThat(read.sources().getFirst().text()).isEqualTo("model A { \"\\\u0001 … }");
  }

  @Test
  void aFileOfTensorsAloneIsNoCheckpoint() {
    Path file = file(Map.of());
    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(TensorFileException.class)
        .hasMessageContaining("without the model's text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nnc.format   | 2                             | format 2
          nnc.sources  | [{"name":"a.nn"}]             | damaged
          nnc.sources  | []                            | damaged
          nnc.sources  | {                             | damaged
          nnc.settings | {"B":"many"}                  | damaged
          nnc.run      | {"seed":1,"epochs":2}         | damaged
          nnc.run      | {"seed":1,"epochs":2,"epoch":-1,"batch":0,"step":0,"totals":{}} | damaged
          nnc.run      | {"seed":1,"epochs":2,"epoch":1,"batch":0,"step":0,"totals":{"loss#0":["x"]}} | damaged
          """)
  void metadataThatLiesIsRefused(String key, String text, String told) {
    Map<String, String> metadata = METADATA.texts();
    metadata.put(key, text);
    Path file = file(metadata);
    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(TensorFileException.class)
        .hasMessageContaining(told);
  }
}
