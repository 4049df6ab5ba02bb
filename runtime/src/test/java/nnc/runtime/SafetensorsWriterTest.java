package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir private Path dir;

  @Test
  void whatIsWrittenIsReadAgain() {
    Path file = dir.resolve("model.safetensors");
    float[] arena = {9, 1, 2, 3, 4, 5, Float.NaN, 9};
    Safetensors.writer()
        .metadata("model", "Digits")
        .metadata("quote", "\"\\\n é😀")
        .add("dense1.W", new int[] {2, 3}, arena, 1)
        .add("loss", new int[] {}, new double[] {0.1})
        .add("step", new int[] {1}, new int[] {-12})
        .add("none", new int[] {5, 0}, new float[0], 0)
        .write(file);

    Safetensors read = Safetensors.read(file);
    assertThat(read.metadata())
        .containsExactly(Map.entry("model", "Digits"), Map.entry("quote", "\"\\\n é😀"));
    assertThat(read.names().stream().map(name -> read.tensor(name).toString()))
        .containsExactly("dense1.W: F32[2, 3]", "loss: F64[]", "step: I32[1]", "none: F32[5, 0]");
    assertThat(read.floats("dense1.W")).containsExactly(1, 2, 3, 4, 5, Float.NaN);
    assertThat(read.doubles("loss")).containsExactly(0.1);
    assertThat(read.ints("step")).containsExactly(-12);
  }

  @Test
  void tensorsLargerThanTheBufferAreWrittenWhole() {
    Path file = dir.resolve("large.safetensors");
    float[] floats = new float[100_000];
    double[] doubles = new double[30_000];
    int[] ints = new int[50_001];
    Arrays.setAll(ints, i -> i * 7);
    Arrays.setAll(doubles, i -> i / 3.0);
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i / 7f;
    }
    Safetensors.writer()
        .add("floats", new int[] {100, 1000}, floats, 0)
        .add("doubles", new int[] {30_000}, doubles)
        .add("ints", new int[] {50_001}, ints)
        .write(file);

    Safetensors read = Safetensors.read(file);
    assertThat(read.floats("floats")).isEqualTo(floats);
    assertThat(read.doubles("doubles")).isEqualTo(doubles);
    assertThat(read.ints("ints")).isEqualTo(ints);
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    Path file = dir.resolve("bytes.safetensors");
    Safetensors.writer().add("a", new int[] {1}, new int[] {258}).write(file);

    String header = "{\"a\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}}  ";
    assertThat(Files.readAllBytes(file))
        .isEqualTo(SafetensorsFile.of(header, new byte[] {2, 1, 0, 0}));
    assertThat(header.length() % 8).isZero();
  }

  @Test
  void wideElementsComeFirstSoThatAllAreAligned() throws IOException {
    Path file = dir.resolve("aligned.safetensors");
    Safetensors.writer()
        .add("float", new int[] {1}, new float[] {1}, 0)
        .add("double", new int[] {1}, new double[] {2})
        .write(file);

    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .contains(
            "{\"float\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},\"double\":{");
  }

  @Test
  void aNewFileReplacesTheOldOneAndLeavesNothingElse() throws IOException {
    Path file = dir.resolve("model.safetensors");
    one(1).write(file);
    one(2).write(file);
    assertThat(Safetensors.read(file).ints("x")).containsExactly(2);
    assertThat(names()).containsExactly("model.safetensors");
  }

  @Test
  void aSymbolicLinkKeepsPointingToTheFile() throws IOException {
    Path file = dir.resolve("epoch3.safetensors");
    Path link = dir.resolve("last.safetensors");
    one(1).write(file);
    Files.createSymbolicLink(link, file.getFileName());
    one(2).write(link);
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Safetensors.read(file).ints("x")).containsExactly(2);
  }

  @Test
  void anInterruptedThreadStillWritesItsCheckpoint() {
    Path file = dir.resolve("model.safetensors");
    Thread.currentThread().interrupt();
    one(3).write(file);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Safetensors.read(file).ints("x")).containsExactly(3);
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = dir.resolve("model.safetensors");
    one(1).write(file);
    float[] tooShort = new float[4];
    SafetensorsWriter writer = Safetensors.writer().add("x", new int[] {4}, tooShort, 0);
    SafetensorsWriter beyond = Safetensors.writer().add("x", new int[] {4}, tooShort, -1);

    writer.write(file);
    assertThatThrownBy(() -> beyond.write(file)).isInstanceOf(IndexOutOfBoundsException.class);

    assertThat(Safetensors.read(file).floats("x")).hasSize(4);
    assertThat(names()).containsExactly("model.safetensors");
  }

  /**
   * A second process whose files may not grow beyond a few blocks: a disk that is full in the
   * middle of the tensor.
   */
  @Test
  void aDiskThatFillsUpLeavesTheOldFileAndNothingElse() throws Exception {
    assumeThat(Path.of("/bin/sh")).exists();
    Path file = dir.resolve("model.safetensors");
    one(1).write(file);
    Process process =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "ulimit -f 64; exec \"$0\" -XX:-UsePerfData -XX:TieredStopAtLevel=1 -cp \"$1\" \"$2\" \"$3\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                WritesMuch.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isEqualTo(3);
    assertThat(output).startsWith(file + ": expected a directory that can be written, found ");
    assertThat(Safetensors.read(file).ints("x")).containsExactly(1);
    assertThat(names()).containsExactly("model.safetensors");
  }

  /** Exits with 3 and prints the message if the file cannot be written. */
  static final class WritesMuch {
    private WritesMuch() {}

    public static void main(String[] arguments) {
      try {
        Safetensors.writer()
            .add("x", new int[] {1 << 20}, new float[1 << 20], 0)
            .write(Path.of(arguments[0]));
      } catch (TensorFileException e) {
        System.out.println(e.getMessage());
        System.exit(3);
      }
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenIsAnErrorOfTheUser() throws IOException {
    String help =
        "\n  = help: check that the directory exists, its permissions and the space that is left, or choose another";
    Path missing = dir.resolve("missing/model.safetensors");
    assertThatThrownBy(() -> one(1).write(missing))
        .isInstanceOf(TensorFileException.class)
        .hasMessage(
            missing + ": expected a directory that can be written, found no such directory" + help);

    Path plain = Files.createFile(dir.resolve("plain"));
    Path inside = plain.resolve("model.safetensors");
    assertThatThrownBy(() -> one(1).write(inside))
        .hasMessage(
            inside + ": expected a directory that can be written, found Not a directory" + help);

    assertThatThrownBy(() -> one(1).write(dir))
        .hasMessage(
            dir
                + ": expected the name of a file, found a directory\n  = help: choose another name");
  }

  @Test
  void shapesAndNamesThatContradictThemselvesAreBugs() {
    SafetensorsWriter writer = Safetensors.writer().add("x", new int[] {2, 0}, new int[0]);
    assertThatThrownBy(() -> writer.add("x", new int[] {}, new int[1]))
        .hasMessage("two entries named x in a safetensors file");
    assertThatThrownBy(() -> writer.add("__metadata__", new int[] {}, new int[1]))
        .hasMessage("two entries named __metadata__ in a safetensors file");
    for (int[] shape :
        List.of(new int[] {3}, new int[] {-2, -1}, new int[] {65536, 65536, 65536, 65536, 0, 2})) {
      assertThatThrownBy(() -> writer.add("y", shape, new int[2]))
          .hasMessage("tensor y: shape " + Arrays.toString(shape) + " does not fit 2 elements");
    }
    assertThatThrownBy(() -> writer.add("y", new int[] {2, 2}, new float[5], 2))
        .hasMessage("tensor y: shape [2, 2] does not fit 3 elements");
  }

  private static SafetensorsWriter one(int value) {
    return Safetensors.writer().add("x", new int[] {}, new int[] {value});
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
