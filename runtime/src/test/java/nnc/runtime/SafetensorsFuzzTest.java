package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ten thousand damaged files: each is read or refused, and nothing else ever happens. */
class SafetensorsFuzzTest {
  private static final String[] WORDS = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\u",
    "\\",
    "-1",
    "0",
    "9223372036854775807",
    "4294967296",
    "1e5",
    "null",
    "\"dtype\"",
    "\"shape\"",
    "\"data_offsets\"",
    "\"F16\"",
    "\"__metadata__\"",
    "\0",
    "\u00e9",
    "[[[["
  };

  @Test
  void aDamagedFileIsReadOrRefused() {
    byte[] whole =
        SafetensorsFile.of(
            """
            {"__metadata__":{"step":"12","note":"\\u00e9"},"W":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
            "b":{"dtype":"I16","shape":[3],"data_offsets":[24,30]},"k":{"dtype":"BOOL","shape":[],"data_offsets":[30,31]}}\
            """,
            new byte[31]);
    Random random = new Random(20260101);
    int[] outcomes = new int[2];

    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          for (int i = 0; i < 10_000; i++) {
            byte[] damaged = damage(whole, random);
            try {
              Safetensors file = Safetensors.read(damaged, "damaged");
              file.names().forEach(file::floats);
              outcomes[0]++;
            } catch (TensorFileException refused) {
              assertThat(refused)
                  .hasMessageStartingWith("damaged: ")
                  .hasMessageContaining("\n  = help: ");
              outcomes[1]++;
            }
          }
        });

    assertThat(outcomes[0])
        .as("files in which the damage hit a value or a name")
        .isGreaterThan(100);
    assertThat(outcomes[1]).as("files that were refused").isGreaterThan(5000);
  }

  /**
   * One to three edits; half of the files then get a header length that fits, so that damage
   * reaches the parser.
   */
  private static byte[] damage(byte[] whole, Random random) {
    byte[] bytes = whole;
    int dataLength = 31;
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> {
          bytes = bytes.clone();
          bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        case 1 ->
            bytes = replace(bytes, at, Math.min(bytes.length, at + random.nextInt(8)), new byte[0]);
        case 2 -> bytes = replace(bytes, at, at, word(random));
        default ->
            bytes =
                replace(
                    bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(4)), word(random));
      }
    }
    if (random.nextBoolean() && bytes.length > 8 + dataLength) {
      byte[] header = Arrays.copyOfRange(bytes, 8, bytes.length - dataLength);
      return SafetensorsFile.of(
          header.length,
          header,
          Arrays.copyOfRange(bytes, bytes.length - dataLength, bytes.length));
    }
    return bytes;
  }

  private static byte[] word(Random random) {
    return WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] replace(byte[] bytes, int from, int to, byte[] by) {
    byte[] replaced = Arrays.copyOf(bytes, bytes.length - (to - from) + by.length);
    System.arraycopy(by, 0, replaced, from, by.length);
    System.arraycopy(bytes, to, replaced, from + by.length, bytes.length - to);
    return replaced;
  }
}
