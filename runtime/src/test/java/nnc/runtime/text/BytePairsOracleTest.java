package nnc.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The same merges give the same ids in Hugging Face's tokenizers, which has the byte level of GPT-2. */
@DisabledOnOs(
    value = OS.MAC,
    architectures = "x86_64",
    disabledReason = "the library has no native code for it")
final class BytePairsOracleTest {
  /** Where the library lays its native code, and that it is to fetch nothing; the default is the home directory, and the network. */
  private static final Map<String, String> SETTINGS =
      Map.of("ENGINE_CACHE_DIR", "target/tokenizers", "ai.djl.offline", "true");

  private static BytePairs learned;
  private static HuggingFaceTokenizer oracle;

  @BeforeAll
  static void learn() throws IOException {
    SETTINGS.forEach(System::setProperty);
    String mixed = RandomTexts.mixed(new Random(1), 20_000);
    learned = BytePairs.learn(List.of(austen(), mixed), 3_000);
    InputStream json = new ByteArrayInputStream(json(learned).getBytes(StandardCharsets.UTF_8));
    oracle = HuggingFaceTokenizer.newInstance(json, Map.of("truncation", "false"));
  }

  @AfterAll
  static void close() {
    oracle.close();
    SETTINGS.keySet().forEach(System::clearProperty);
  }

  /** The first 400,000 characters of Emma. */
  private static String austen() throws IOException {
    try (InputStream file = Files.newInputStream(Path.of("../models/data/austen.txt.gz"));
        InputStream text = new GZIPInputStream(file)) {
      return new String(text.readNBytes(400_000), StandardCharsets.US_ASCII);
    }
  }

  /** The vocabulary as a file of that library. */
  private static String json(BytePairs pairs) {
    String vocabulary =
        IntStream.range(0, pairs.size())
            .mapToObj(id -> quoted(pairs.token(id)) + ":" + id)
            .collect(Collectors.joining(","));
    String merges =
        pairs.merges().stream()
            .map(pair ->
                "["
                    + quoted(pairs.token(pair.left()))
                    + ","
                    + quoted(pairs.token(pair.right()))
                    + "]")
            .collect(Collectors.joining(","));
    return """
    {"version": "1.0",
     "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
     "model": {"type": "BPE", "vocab": {%s}, "merges": [%s]}}
    """
        .formatted(vocabulary, merges);
  }

  private static String quoted(String token) {
    return "\"" + token.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static int[] expected(String text) {
    return Arrays.stream(oracle.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  @Test
  void anEnglishNovelHasTheSameIds() throws IOException {
    for (String chapter : austen().split("(?=CHAPTER)")) {
      assertThat(learned.encode(chapter)).isEqualTo(expected(chapter));
    }
  }

  @Test
  void randomTextsHaveTheSameIds() {
    Random random = new Random(2);
    for (int i = 0; i < 2_000; i++) {
      String text = RandomTexts.mixed(random, random.nextInt(60));
      assertThat(learned.encode(text)).as(text).isEqualTo(expected(text));
    }
  }
}
