package nnc.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import nnc.runtime.text.Vocabulary;

/**
 * A text as ids of its words, the most frequent one 0. Rare words are left out, and windows reach across them, as in word2vec.
 *
 * @param words of each id
 * @param counts of each id, falling
 * @param text the ids, one after the other
 */
record Corpus(List<String> words, int[] counts, int[] text) {
  /** Words that stand less often are left out. */
  private static final int LEAST = 5;

  /** Negatives are drawn by counts to this power (Mikolov et al. 2013). */
  private static final double POWER = 0.75;

  static Corpus read(Path file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cut into words in lower case, and marks, as by {@code words(…, lower = true)}. */
  static Corpus of(String text) {
    Vocabulary all = Vocabulary.words(List.of(text), Integer.MAX_VALUE, true);
    int[] ids = Arrays.stream(all.encode(text)).map(id -> id - Vocabulary.FIRST).toArray();
    int[] counts = new int[all.size() - Vocabulary.FIRST];
    for (int id : ids) {
      counts[id]++;
    }
    int kept = (int) Arrays.stream(counts).filter(count -> count >= LEAST).count();
    List<String> words =
        IntStream.range(0, kept).mapToObj(id -> all.token(id + Vocabulary.FIRST)).toList();
    return new Corpus(
        words, Arrays.copyOf(counts, kept), Arrays.stream(ids).filter(id -> id < kept).toArray());
  }

  /** How probable each word is as a negative. */
  double[] negatives() {
    double[] weights = Arrays.stream(counts).mapToDouble(count -> Math.pow(count, POWER)).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }

  /** Its words with spaces between them, without line ends: one stream, as for us. */
  void write(Path file) {
    try {
      Files.writeString(
          file, Arrays.stream(text).mapToObj(words::get).collect(Collectors.joining(" ")) + " ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
