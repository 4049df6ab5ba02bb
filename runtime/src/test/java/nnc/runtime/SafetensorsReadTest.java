package nnc.runtime;

import static nnc.runtime.SafetensorsFile.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the format allows, read from bytes that are written out here. */
class SafetensorsReadTest {
  static Stream<Arguments> everyDtypeBecomesNumbers() {
    return Stream.of(
        Arguments.of("F64", bytes(16).putDouble(0.1).putDouble(-2), new double[] {0.1, -2}),
        Arguments.of("F32", bytes(8).putFloat(0.5f).putFloat(-3), new double[] {0.5, -3}),
        Arguments.of(
            "F16",
            bytes(4).putShort((short) 0x3c00).putShort((short) 0xc500),
            new double[] {1, -5}),
        Arguments.of(
            "BF16",
            bytes(4).putShort((short) 0x3f80).putShort((short) 0xc0a0),
            new double[] {1, -5}),
        Arguments.of("I64", bytes(16).putLong(7).putLong(-1), new double[] {7, -1}),
        Arguments.of(
            "I32",
            bytes(8).putInt(Integer.MIN_VALUE).putInt(9),
            new double[] {Integer.MIN_VALUE, 9}),
        Arguments.of(
            "I16", bytes(4).putShort((short) 300).putShort((short) -300), new double[] {300, -300}),
        Arguments.of("I8", bytes(2).put((byte) -128).put((byte) 127), new double[] {-128, 127}),
        Arguments.of("U8", bytes(2).put((byte) 0).put((byte) 255), new double[] {0, 255}),
        Arguments.of("BOOL", bytes(2).put((byte) 0).put((byte) 1), new double[] {0, 1}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void everyDtypeBecomesNumbers(String dtype, ByteBuffer data, double[] numbers) {
    Safetensors file = read(SafetensorsFile.tensor(dtype, "[2]", data.array()));

    assertThat(file.tensor("x")).isEqualTo(new Safetensors.Tensor("x", dtype, new int[] {2}));
    assertThat(file.doubles("x")).containsExactly(numbers);
    assertThat(file.floats("x")).containsExactly((float) numbers[0], (float) numbers[1]);
  }

  @Test
  void integersComeFromAnyDtypeThatHoldsThem() {
    byte[] data = bytes(16).putDouble(-4).putDouble(2147483647).array();
    assertThat(read(SafetensorsFile.tensor("F64", "[2]", data)).ints("x"))
        .containsExactly(-4, 2147483647);
  }

  @Test
  void notANumberAndInfinitiesAreReadAsTheyAre() {
    byte[] data = bytes(16).putDouble(Double.NaN).putDouble(Double.NEGATIVE_INFINITY).array();
    assertThat(read(SafetensorsFile.tensor("F64", "[2]", data)).floats("x"))
        .containsExactly(Float.NaN, Float.NEGATIVE_INFINITY);
  }

  @Test
  void tensorsMayLieInAnotherOrderThanTheHeaderNamesThem() {
    Safetensors file =
        read(
            SafetensorsFile.of(
                """
                {"b": {"data_offsets": [1, 3], "shape": [1, 2], "dtype": "U8"},
                 "a": {"dtype": "U8", "shape": [], "data_offsets": [0, 1]}}\
                """,
                new byte[] {1, 2, 3}));

    assertThat(List.copyOf(file.names())).containsExactly("b", "a");
    assertThat(file.ints("a")).containsExactly(1);
    assertThat(file.ints("b")).containsExactly(2, 3);
    assertThat(file.tensor("a").shape()).isEmpty();
    assertThat(file.tensor("b")).hasToString("b: U8[1, 2]");
  }

  @Test
  void emptyTensorsTakeNoBytes() {
    Safetensors file =
        read(
            SafetensorsFile.of(
                """
                {"none": {"dtype": "F32", "shape": [3, 0], "data_offsets": [1, 1]},
                 "one": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},
                 "nothing": {"dtype": "F64", "shape": [0], "data_offsets": [0, 0]}}\
                """,
                new byte[] {5}));

    assertThat(file.floats("none")).isEmpty();
    assertThat(file.doubles("nothing")).isEmpty();
    assertThat(file.tensor("none").elements()).isZero();
  }

  @Test
  void aFileMayHoldNoTensorAtAll() {
    assertThat(read(SafetensorsFile.of("{}", new byte[0])).names()).isEmpty();
  }

  @Test
  void metadataKeepsItsOrderAndItsEscapes() {
    Safetensors file =
        read(
            SafetensorsFile.of(
                "{\"__metadata__\":{\"z\":\"a\\n\\u00e9\\ud83d\\ude00\\/\",\"a\":\"\\\"\"}}",
                new byte[0]));

    assertThat(file.metadata()).containsExactly(Map.entry("z", "a\né😀/"), Map.entry("a", "\""));
    assertThat(file.has("__metadata__")).isFalse();
  }

  @Test
  void aTensorsShapeCannotBeChangedFromOutside() {
    Safetensors file = read(SafetensorsFile.tensor("U8", "[2]", new byte[2]));
    file.tensor("x").shape()[0] = 99;
    assertThat(file.tensor("x").shape()).containsExactly(2);
  }

  private static Safetensors read(byte[] content) {
    return Safetensors.read(content, "x.safetensors");
  }
}
