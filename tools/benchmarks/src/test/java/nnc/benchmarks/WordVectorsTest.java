package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nnc.compiler.ir.Optimizations;
import nnc.runtime.CompiledModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordVectorsTest {
  private static final Path MODEL =
      Path.of(System.getProperty("nnc.root"), "tools/benchmarks/workloads/w10.nn");

  /** Forty words that always follow each other in the same order. */
  private static final Corpus CORPUS =
      Corpus.of(
          IntStream.range(0, 40)
              .mapToObj(i -> "w" + i + " ")
              .collect(Collectors.joining())
              .repeat(300));

  @TempDir private Path directory;

  @Test
  void anEpochLearnsWhatStandsNearWhat() throws IOException {
    try (WordVectors vectors = new WordVectors(CORPUS, model(40), 1)) {
      assertThat(vectors.epoch(1000)).isPositive();
      double once = loss(vectors);
      assertThat(once).isLessThan(3);
      vectors.epoch(1000);
      assertThat(loss(vectors))
          .as("trained from the start, not on")
          .isBetween(0.9 * once, 1.1 * once);
    }
  }

  @Test
  void aCorpusOfAnotherVocabularyIsRefused() throws IOException {
    CompiledModel model = model(41);
    assertThatThrownBy(() -> new WordVectors(CORPUS, model, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("40", "41");
  }

  private double loss(WordVectors vectors) {
    Path file = directory.resolve("tables");
    vectors.write(file);
    return PairLoss.of(CORPUS, WordTables.read(file, CORPUS, 100));
  }

  private CompiledModel model(int words) throws IOException {
    Path file = directory.resolve("small.nn");
    Files.writeString(file, Files.readString(MODEL).replace("V = 5918", "V = " + words));
    return Workload.compile(file, Optimizations.ALL);
  }
}
