package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/api.md that pronounces words, with a jar of a model that was trained for a moment. */
class TextJarTest {
  private static final Path DATA = Path.of("data");
  private static final int WORDS = 2_500;

  @TempDir private static Path directory;

  @Test
  void aJarBringsItsVocabulariesAlong() throws IOException, InterruptedException {
    Path model = directory.resolve("g2p-attention.nn");
    Files.copy(Path.of("g2p-attention.nn"), model);
    beginning("cmudict-train.tsv.gz", WORDS);
    beginning("cmudict-test.tsv.gz", 100);
    String run = directory.resolve("run").toString();
    Nnc.done("train", model.toString(), "--epochs", "2", "--out", run);
    String jar = directory.resolve("g2p.jar").toString();
    Nnc.done("compile", model.toString(), "--jar", jar, "--parameters", run);
    String classPath = jar + File.pathSeparator + OtherJvm.runtime();
    Path classes = JavaProgram.compile(directory.resolve("program"), program(), classPath);
    List<String> sounds =
        OtherJvm.run(
            classes + File.pathSeparator + classPath,
            OtherJvm.VECTORS,
            "Pronounce",
            "jane",
            "emma",
            "bennet");
    assertThat(sounds).isEqualTo(Nnc.done("translate", run, "j a n e", "e m m a", "b e n n e t"));
    assertThat(sounds).hasSize(3).noneMatch(String::isBlank);
  }

  /** The first lines of a file, gzipped too, where the copy of the model reads it. */
  private static void beginning(String name, int lines) throws IOException {
    Path copy = directory.resolve("data").resolve(name);
    Files.createDirectories(copy.getParent());
    try (BufferedReader all =
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(DATA.resolve(name))),
                    StandardCharsets.UTF_8));
        Writer some =
            new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(copy)), StandardCharsets.UTF_8)) {
      for (int i = 0; i < lines; i++) {
        some.write(all.readLine() + "\n");
      }
    }
  }

  private static JavaProgram program() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "api.md"));
    Matcher block =
        Pattern.compile(
                "^```java\n(import nn.G2pAttention;.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(page);
    assertThat(block.find()).isTrue();
    return new JavaProgram("Pronounce", block.group(1));
  }
}
