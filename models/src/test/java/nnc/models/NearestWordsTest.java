package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words that are used alike get vectors that lie near each other: after little training already, on one novel. */
class NearestWordsTest {
  private static final Path TEXT = Path.of("data/austen.txt.gz");
  private static final int NOVEL = 900_000;
  private static final Pattern FOUND =
      Pattern.compile("all +(\\d+) of (\\d+) within the first 10 .*");

  @TempDir private Path directory;

  /** By chance, ten of 8,000 words would be one in 800 of those that are expected. */
  @Test
  void manyExpectedNeighboursAreFound() throws IOException {
    Path model = Files.copy(Path.of("skipgram.nn"), directory.resolve("skipgram.nn"));
    cutText(directory.resolve(TEXT));
    String run = directory.resolve("run").toString();
    Nnc.done("train", model.toString(), "--epochs", "4", "--set", "d=32", "--out", run);

    String all =
        Nnc.done("nearest", run, "--pairs", "data/neighbours.tsv", "--table", "E").getLast();
    Matcher found = FOUND.matcher(all);
    assertThat(found.matches()).as(all).isTrue();
    assertThat(Integer.parseInt(found.group(1)))
        .as(all)
        .isGreaterThan(Integer.parseInt(found.group(2)) / 20);
  }

  private static void cutText(Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try (InputStream in = new GZIPInputStream(Files.newInputStream(TEXT));
        OutputStream out = new GZIPOutputStream(Files.newOutputStream(to))) {
      out.write(in.readNBytes(NOVEL));
    }
  }
}
