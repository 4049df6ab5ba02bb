package nnc.runtime;

import static nnc.runtime.SafetensorsFile.bytes;
import static nnc.runtime.SafetensorsFile.of;
import static nnc.runtime.SafetensorsFile.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a file can lie, and the line that the user reads then. */
class SafetensorsErrorsTest {
  private static final String DAMAGED =
      "\n  = help: the file is damaged or no safetensors file: write or fetch it again";
  private static final byte[] NONE = {};

  private static Arguments lie(String problem, byte[] content) {
    return Arguments.of("f: " + problem, content);
  }

  private static Arguments malformed(String problem, String header) {
    return lie(problem, of(header, NONE));
  }

  /** A tensor x with eight bytes of data behind the header. */
  private static Arguments wrong(String problem, String fields) {
    return lie("tensor 'x': " + problem, of("{\"x\":{" + fields + "}}", new byte[8]));
  }

  static Stream<Arguments> lyingLengths() {
    return Stream.of(
        lie("expected at least 8 bytes, the header's length, found 0 bytes", NONE),
        lie("expected at least 8 bytes, the header's length, found 7 bytes", new byte[7]),
        lie("expected a header of at most 0 bytes, found a length of 1", of(1, NONE, NONE)),
        lie(
            "expected a header of at most 2 bytes, found a length of 3",
            of(3, "{}".getBytes(StandardCharsets.UTF_8), NONE)),
        lie(
            "expected a header of at most 2 bytes, found a length of 18446744073709551615",
            of(-1, new byte[2], NONE)),
        lie(
            "expected a header of at most 0 bytes, found a length of 9223372036854775807",
            of(Long.MAX_VALUE, NONE, NONE)),
        lie("expected a header that starts with '{', found an empty one", of(0, NONE, NONE)),
        lie("expected a header that starts with '{', found '\\u0080'", of("\u0080", NONE)),
        lie(
            "expected a header in UTF-8, found bytes that are none",
            of(2, new byte[] {'{', (byte) 0xff}, NONE)),
        lie("expected 0 bytes of data, as the header says, found 1 bytes", of("{}", new byte[1])));
  }

  static Stream<Arguments> malformedHeaders() {
    return Stream.of(
        malformed("expected a header that starts with '{', found '['", "[]"),
        malformed("expected a header that starts with '{', found ' '", " {}"),
        malformed("expected a string at character 1 of the header, found the header's end", "{"),
        malformed("expected a string at character 1 of the header, found '1'", "{1:2}"),
        malformed("expected ':' at character 4 of the header, found '}'", "{\"a\"}"),
        malformed("expected '\"' at character 3 of the header, found the header's end", "{\"a"),
        malformed("expected '{' at character 5 of the header, found '5'", "{\"a\":5}"),
        malformed(
            "expected a string at character 24 of the header, found '}'",
            "{\"__metadata__\":{\"a\":\"\",}}"),
        malformed(
            "expected '}' at character 24 of the header, found '\"'",
            "{\"__metadata__\":{\"a\":\"\" \"b\":\"\"}}"),
        malformed(
            "expected a string at character 21 of the header, found '{'",
            "{\"__metadata__\":{\"a\":{}}}"),
        malformed(
            "expected nothing but spaces after the last '}' at character 2 of the header, found '{'",
            "{}{}"),
        malformed(
            "expected nothing but spaces after the last '}' at character 2 of the header, found '\\u0000'",
            "{}\0"),
        malformed(
            "expected an escape of JSON at character 2 of the header, found '\\x41\":'",
            "{\"\\x41\":{}}"),
        malformed(
            "expected an escape of JSON at character 2 of the header, found '\\u00g0'",
            "{\"\\u00g0\":{}}"),
        malformed(
            "expected an escape of JSON at character 2 of the header, found '\\u12'", "{\"\\u12"),
        malformed(
            "expected an escape of JSON at character 8 of the header, found '\":{}}'",
            "{\"\\ud800\":{}}"),
        malformed(
            "expected the second half of a surrogate pair at character 8 of the header, found '\\'",
            "{\"\\ud800\\u0041\":{}}"),
        malformed(
            "expected the first half of a surrogate pair at character 2 of the header, found '\\'",
            "{\"\\udc00\":{}}"),
        malformed(
            "expected control characters in a string to be escaped at character 2 of the header, found '\\u000a'",
            "{\"\n\":{}}"),
        malformed(
            "expected each name once at character 25 of the header, found a second 'a'",
            "{\"__metadata__\":{\"a\":\"\", \"a\":\"\"}}"),
        lie(
            "expected each name once at character 54 of the header, found a second 'x'",
            of(
                "{'x':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}, 'x':{}}".replace('\'', '"'),
                new byte[1])));
  }

  static Stream<Arguments> lyingTensors() {
    String fields = "expected the fields dtype, shape and data_offsets, found ";
    return Stream.of(
        wrong(fields + "no dtype", "'shape':[2],'data_offsets':[0,8]".replace('\'', '"')),
        wrong(fields + "no shape", "'dtype':'F32','data_offsets':[0,8]".replace('\'', '"')),
        wrong(fields + "no data_offsets", "'dtype':'F32','shape':[2]".replace('\'', '"')),
        wrong(fields + "'scale'", "'scale':2".replace('\'', '"')),
        wrong(
            "expected sizes of 0 to 2147483647, found shape [-2]", fields("F32", "[-2]", "[0,8]")),
        wrong(
            "expected sizes of 0 to 2147483647, found shape [4294967298]",
            fields("F32", "[4294967298]", "[0,8]")),
        wrong(
            "expected a shape of less than 2^63 bytes, found shape [2147483647, 2147483647, 2147483647]",
            fields("F32", "[2147483647,2147483647,2147483647]", "[0,8]")),
        wrong(
            "expected 12 bytes for F32[3], found 8 (data_offsets 0 to 8)",
            fields("F32", "[3]", "[0,8]")),
        wrong(
            "expected 4 bytes for F32[], found 8 (data_offsets 0 to 8)",
            fields("F32", "[]", "[0,8]")),
        wrong(
            "expected data_offsets inside the file's 8 bytes of data, found 0 to 12",
            fields("F32", "[3]", "[0,12]")),
        wrong(
            "expected data_offsets inside the file's 8 bytes of data, found 8 to 0",
            fields("F32", "[2]", "[8,0]")),
        wrong(
            "expected data_offsets inside the file's 8 bytes of data, found -8 to 0",
            fields("F32", "[2]", "[-8,0]")),
        wrong("expected two data_offsets, found 1", fields("F32", "[2]", "[8]")),
        wrong("expected two data_offsets, found more", fields("F32", "[2]", "[0,4,8]")),
        wrong(
            "expected at most 64 axes, found more",
            fields("F32", "[1" + ",1".repeat(64) + "]", "[0,4]")),
        wrong(
            "expected data_offsets from 0, found from 4 (a hole between tensors)",
            fields("F32", "[1]", "[4,8]")),
        lie(
            "tensor 'b': expected data_offsets that overlap no other tensor's, found 2 to 6, which overlap 0 to 4 of tensor 'a'",
            of(
                "{\"a\":{%s},\"b\":{%s}}"
                    .formatted(fields("U8", "[4]", "[0,4]"), fields("U8", "[4]", "[2,6]")),
                new byte[6])),
        lie(
            "tensor 'b': expected data_offsets that overlap no other tensor's, found 4 to 8, which overlap 4 to 8 of tensor 'a'",
            of(
                "{\"a\":{%s},\"b\":{%s}}"
                    .formatted(fields("U8", "[4]", "[4,8]"), fields("U8", "[4]", "[4,8]")),
                new byte[8])),
        lie(
            "expected 4 bytes of data, as the header says, found 6 bytes",
            of("{\"a\":{%s}}".formatted(fields("U8", "[4]", "[0,4]")), new byte[6])));
  }

  static Stream<Arguments> wrongNumbers() {
    return Stream.of(
        malformed(
            "expected a whole number at character 28 of the header, found '2.0'", number("2.0")),
        malformed(
            "expected a whole number at character 28 of the header, found '1e9'", number("1e9")),
        malformed(
            "expected a whole number at character 28 of the header, found '02'", number("02")),
        malformed(
            "expected a whole number at character 28 of the header, found '+2'", number("+2")),
        malformed("expected a whole number at character 28 of the header, found '-'", number("-")),
        malformed("expected a whole number at character 28 of the header, found '['", number("[")),
        malformed(
            "expected a whole number at character 28 of the header, found 'N'", number("NaN")),
        malformed(
            "expected a whole number below 2^63 at character 28 of the header, found '9223372036854775808'",
            number("9223372036854775808")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"lyingLengths", "malformedHeaders", "lyingTensors", "wrongNumbers"})
  void aLyingFileIsRefused(String message, byte[] content) {
    assertThatThrownBy(() -> Safetensors.read(content, "f"))
        .isInstanceOf(TensorFileException.class)
        .hasMessage(message + DAMAGED);
  }

  @Test
  void anUnknownDtypeIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Safetensors.read(tensor("F8_E4M3", "[1]", new byte[1]), "f"))
        .hasMessage(
            """
            f: tensor 'x': expected a dtype of F64 F32 F16 BF16 I64 I32 I16 I8 U8 BOOL, found 'F8_E4M3'
              = help: convert the tensor to one of these, F32 for example\
            """);
  }

  @Test
  void nestingDoesNotExhaustTheStack() {
    assertThatThrownBy(
            () -> Safetensors.read(of("{\"__metadata__\":".repeat(1_000_000), NONE), "f"))
        .isInstanceOf(TensorFileException.class);
    assertThatThrownBy(
            () -> Safetensors.read(of("{\"x\":{\"shape\":" + "[".repeat(1_000_000), NONE), "f"))
        .isInstanceOf(TensorFileException.class);
  }

  static Stream<Arguments> wrongUses() {
    Consumer<Safetensors> floats = file -> file.floats("x");
    Consumer<Safetensors> ints = file -> file.ints("x");
    String remedy = "\n  = help: write the tensor again with values in range";
    return Stream.of(
        Arguments.of(
            "f: tensor 'y': expected a tensor of this name, found 'x'\n  = help: check the name",
            tensor("U8", "[1]", new byte[1]),
            (Consumer<Safetensors>) file -> file.tensor("y")),
        Arguments.of(
            "f: tensor 'enc.W': expected a tensor of this name, found nothing\n  = help: check the name",
            of("{}", NONE),
            (Consumer<Safetensors>) file -> file.doubles("enc.W")),
        Arguments.of(
            "f: tensor 'x': expected numbers that a float can hold, found 1.0E39 at element 1 of F64[2]"
                + remedy,
            tensor("F64", "[2]", bytes(16).putDouble(1).putDouble(1e39).array()),
            floats),
        Arguments.of(
            "f: tensor 'x': expected whole numbers of 32 bits, found 0.5 at element 0 of F32[1]"
                + remedy,
            tensor("F32", "[1]", bytes(4).putFloat(0.5f).array()),
            ints),
        Arguments.of(
            "f: tensor 'x': expected whole numbers of 32 bits, found NaN at element 0 of F32[1]"
                + remedy,
            tensor("F32", "[1]", bytes(4).putFloat(Float.NaN).array()),
            ints),
        Arguments.of(
            "f: tensor 'x': expected whole numbers of 32 bits, found 2.147483648E9 at element 0 of I64[1, 1]"
                + remedy,
            tensor("I64", "[1,1]", bytes(8).putLong(1L << 31).array()),
            ints),
        Arguments.of(
            "f: tensor 'x': expected 0 or 1 for BOOL, found 2.0 at element 0 of BOOL[1]" + remedy,
            tensor("BOOL", "[1]", new byte[] {2}),
            ints));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void wrongUses(String message, byte[] content, Consumer<Safetensors> use) {
    Safetensors file = Safetensors.read(content, "f");
    assertThatThrownBy(() -> use.accept(file))
        .isInstanceOf(TensorFileException.class)
        .hasMessage(message);
  }

  @Test
  void aMissingNameIsComparedWithTheFilesNames() {
    String entries =
        IntStream.rangeClosed(1, 10)
            .mapToObj(i -> "\"dense%d.W\":{%s}".formatted(i, fields("U8", "[0]", "[0,0]")))
            .collect(Collectors.joining(","));
    assertThatThrownBy(() -> Safetensors.read(of("{" + entries + "}", NONE), "f").floats("dense3W"))
        .hasMessage(
            """
            f: tensor 'dense3W': expected a tensor of this name, found 'dense1.W', 'dense2.W', 'dense3.W', 'dense4.W', \
            'dense5.W', 'dense6.W', 'dense7.W', 'dense8.W' and 2 more
              = help: did you mean 'dense3.W'?\
            """);
  }

  @Test
  void aNameOutOfAFileCannotWriteToTheTerminal() {
    String name = "\\u001b[2J" + "a".repeat(100);
    assertThatThrownBy(() -> Safetensors.read(of("{\"" + name + "\":{}}", NONE), "f"))
        .hasMessageStartingWith(
            "f: tensor '\\u001b[2J" + "a".repeat(56) + "…': expected the fields");
  }

  @Test
  void whatIsNoFileIsRefused(@TempDir Path dir) {
    Path missing = dir.resolve("missing.safetensors");
    assertThatThrownBy(() -> Safetensors.read(missing))
        .hasMessage(
            missing
                + ": expected a safetensors file, found no such file\n  = help: check the path");
    assertThatThrownBy(() -> Safetensors.read(dir))
        .hasMessage(
            dir + ": expected a safetensors file, found a directory\n  = help: check the path");
  }

  @Test
  void aHeaderOverAHundredMillionBytesIsRefusedBeforeItIsRead(@TempDir Path dir)
      throws IOException {
    Path file = sparse(dir, of(100_000_001, NONE, NONE), 200_000_000);
    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessageContaining(
            "expected a header of at most 100000000 bytes, found a length of 100000001");
  }

  @Test
  void aTensorThatNoArrayHoldsIsRefusedBeforeItIsRead(@TempDir Path dir) throws IOException {
    byte[] start =
        of("{\"x\":{%s}}".formatted(fields("U8", "[2,2147483647]", "[0,4294967294]")), NONE);
    Path file = sparse(dir, start, start.length + 4294967294L);
    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessage(
            file
                + ": tensor 'x': expected at most 2147483639 bytes a tensor, found 4294967294 bytes\n"
                + "  = help: split the tensor into smaller ones");
  }

  @Test
  void moreDataThanMemoryIsRefusedBeforeItIsRead(@TempDir Path dir) throws IOException {
    long tensors = Runtime.getRuntime().maxMemory() / (1L << 30) + 1;
    String entries =
        Stream.iterate(0L, i -> i + 1)
            .limit(tensors)
            .map(i ->
                "\"x%d\":{%s}"
                    .formatted(
                        i,
                        fields("U8", "[1073741824]", "[" + (i << 30) + "," + (i + 1 << 30) + "]")))
            .collect(Collectors.joining(","));
    byte[] start = of("{" + entries + "}", NONE);
    Path file = sparse(dir, start, start.length + (tensors << 30));
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(TensorFileException.class)
        .hasMessageEndingWith(
            "found " + (tensors << 30) + " bytes\n  = help: give Java more memory (-Xmx)");
  }

  @Test
  void theExceptionSaysItsPartsToo() {
    TensorFileException e = new TensorFileException("f", "W", "[2, 3]", "[3, 2]", "transpose it");
    assertThat(e.problem()).isEqualTo("f: tensor 'W': expected [2, 3], found [3, 2]");
    assertThat(e).hasMessage(e.problem() + "\n  = help: " + e.help());
    assertThat(e.file() + e.tensor() + e.expected() + e.found()).isEqualTo("fW[2, 3][3, 2]");
  }

  /** A file of that length of which only the start takes room on the disk. */
  private static Path sparse(Path dir, byte[] start, long length) throws IOException {
    Path path = dir.resolve("sparse.safetensors");
    Files.write(path, start);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length);
    }
    return path;
  }

  private static String fields(String dtype, String shape, String offsets) {
    return "\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s".formatted(dtype, shape, offsets);
  }

  private static String number(String number) {
    return "{\"x\":{\"dtype\":\"U8\",\"shape\":[" + number + "]}}";
  }
}
