package nnc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class IdxTest {
  private static final String DAMAGED =
      "\n  = help: the file is damaged or no IDX file: fetch it again";

  @TempDir private Path dir;

  @ParameterizedTest
  @CsvSource({
    "08, 00ff, 0, 255",
    "09, 80ff, -128, -1",
    "0B, 0100fffe, 256, -2",
    "0C, 0000000180000000, 1, -2147483648",
    "0D, 3f800000c0a00000, 1, -5",
    "0E, 3ff80000000000000000000000000000, 1.5, 0"
  })
  void everyTypeBecomesFloats(String type, String data, float first, float second)
      throws IOException {
    IdxArray array = Idx.read(file("x.idx", "0000" + type + "01 00000002 " + data));
    assertThat(array.shape()).containsExactly(2);
    assertThat(values(array)).containsExactly(first, second);
  }

  private static float[] values(IdxArray array) {
    float[] values = new float[(int) array.elements().count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.elements().get(i);
    }
    return values;
  }

  @Test
  void theFirstAxisCountsTheRows() throws IOException {
    IdxArray array = Idx.read(file("x.idx3", "00000803 00000002 00000001 00000003 010203040506"));
    assertThat(array.shape()).containsExactly(2, 1, 3);
    assertThat(values(array)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void aGzippedFileIsUnpacked() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(HexFormat.of().parseHex("000008010000000107"));
    }
    Path file = Files.write(dir.resolve("labels.idx1.gz"), packed.toByteArray());
    assertThat(values(Idx.read(file))).containsExactly(7);
  }

  @Test
  void filesLargerThanAChunkAreReadWhole() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 8 * 100_000).putInt(0x00000E01).putInt(100_000);
    for (int i = 0; i < 100_000; i++) {
      bytes.putDouble(i);
    }
    float[] values = values(Idx.read(Files.write(dir.resolve("x.idx"), bytes.array())));
    assertThat(values).hasSize(100_000);
    assertThat(values[99_999]).isEqualTo(99_999);
    assertThat(values[8192]).isEqualTo(8192);
  }

  @Test
  void theRealDataIsRead() {
    IdxArray images = Idx.read(Path.of("../../models/data/fashion-test-images.idx3.gz"));
    IdxArray labels = Idx.read(Path.of("../../models/data/fashion-test-labels.idx1.gz"));
    assertThat(images.shape()).containsExactly(2000, 28, 28);
    assertThat(labels.shape()).containsExactly(2000);
    int[] counts = new int[10];
    for (float label : values(labels)) {
      counts[(int) label]++;
    }
    assertThat(IntStream.of(counts)).allMatch(count -> count > 150 && count < 250);
  }

  static Stream<Arguments> aLyingFileIsRefused() {
    String start = "expected an IDX file, four bytes of which the first two are zero, found ";
    String gzipped = DAMAGED + ", or end its name in .gz if it is gzipped";
    String split =
        "\n  = help: check that the file is whole, split it, or give Java more memory (-Xmx)";
    return Stream.of(
        Arguments.of("", start + "an empty file" + gzipped),
        Arguments.of("000008", start + "00 00 08" + gzipped),
        Arguments.of("1f8b0800", start + "1f 8b 08 00" + gzipped),
        Arguments.of(
            "00000a01 00000001 00",
            "expected an element type of 0x08 0x09 0x0b 0x0c 0x0d 0x0e, found 0x0a" + DAMAGED),
        Arguments.of("00000800", "expected at least one axis, found 0 axes" + DAMAGED),
        Arguments.of(
            "00000802 00000001", "expected the sizes of 2 axes, found the file's end" + DAMAGED),
        Arguments.of(
            "000008ff 00000001", "expected the sizes of 255 axes, found the file's end" + DAMAGED),
        Arguments.of(
            "00000801 00000000",
            "expected sizes of 1 to 2147483647, found size 0 of axis 0" + DAMAGED),
        Arguments.of(
            "00000802 00000001 ffffffff",
            "expected sizes of 1 to 2147483647, found size 4294967295 of axis 1" + DAMAGED),
        Arguments.of(
            "00000803 7fffffff 7fffffff 7fffffff",
            "expected elements that fit in memory, found shape [2147483647, 2147483647, 2147483647]"
                + split),
        Arguments.of(
            "00000801 00000003 0102",
            "expected 3 bytes of U8 for shape [3], found 2 bytes" + DAMAGED),
        Arguments.of(
            "00000801 05f5e100 01",
            "expected 100000000 bytes of U8 for shape [100000000], found 1 bytes" + DAMAGED),
        Arguments.of(
            "00000c02 00000001 00000002 00000001",
            "expected 8 bytes of I32 for shape [1, 2], found 4 bytes" + DAMAGED),
        Arguments.of(
            "00000801 00000002 010203",
            "expected the file's end after 2 elements of shape [2], found more bytes" + DAMAGED),
        Arguments.of(
            "00000d02 00000001 00000002 00000000 7fc00000",
            "expected finite numbers, found NaN at element 1 of row 0\n"
                + "  = help: write the file again without it (elements and rows are counted from 0)"),
        Arguments.of(
            "00000e02 00000002 00000001 0000000000000000 ffefffffffffffff",
            "expected finite numbers, found -Infinity at element 0 of row 1\n"
                + "  = help: write the file again without it (elements and rows are counted from 0)"));
  }

  @ParameterizedTest(name = "[{0}]")
  @MethodSource
  void aLyingFileIsRefused(String hex, String message) throws IOException {
    Path file = file("x.idx", hex);
    assertThatThrownBy(() -> Idx.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void aMissingFileIsRefused() {
    Path missing = dir.resolve("missing.idx");
    assertThatThrownBy(() -> Idx.read(missing))
        .hasMessage(
            missing + ": expected a file of data, found no such file\n  = help: check the path");
  }

  @Test
  void aDamagedFileIsReadOrRefused() {
    byte[] whole =
        HexFormat.of().parseHex("00000d03000000020000000100000003" + "3f800000".repeat(6));
    Random random = new Random(20260102);
    int[] outcomes = new int[2];

    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          for (int i = 0; i < 10_000; i++) {
            byte[] damaged =
                Arrays.copyOf(
                    whole,
                    random.nextInt(4) == 0 ? random.nextInt(whole.length + 8) : whole.length);
            for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
              int within = random.nextBoolean() ? Math.min(16, damaged.length) : damaged.length;
              damaged[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
              Idx.read(new ByteArrayInputStream(damaged), "damaged");
              outcomes[0]++;
            } catch (DataException refused) {
              assertThat(refused.getMessage())
                  .startsWith("damaged: expected ")
                  .contains("\n  = help: ");
              outcomes[1]++;
            }
          }
        });

    assertThat(outcomes[0])
        .as("files in which the damage hit a value, or nothing")
        .isGreaterThan(1000);
    assertThat(outcomes[1]).as("files that were refused").isGreaterThan(4000);
  }

  private Path file(String name, String hex) throws IOException {
    return Files.write(dir.resolve(name), HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}
