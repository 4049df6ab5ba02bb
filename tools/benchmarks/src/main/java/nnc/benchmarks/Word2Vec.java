package nnc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The workload W10 beside the original word2vec: the text that both read, and the tables that both leave, in a directory. */
final class Word2Vec implements AutoCloseable {
  /** Where the original program is to be had. */
  static final String SOURCE =
      "word2vec.c (Apache License 2.0) is to be had from https://code.google.com/archive/p/word2vec"
          + " and https://github.com/tmikolov/word2vec";

  private static final List<String> FLAGS =
      List.of("-O3", "-march=native", "-pthread", "-funroll-loops", "-w");

  /** So much of what the C compiler says is passed on. */
  private static final int SAID_LINES = 6;

  private static final String TEXT = "text";
  private static final String OUR_TABLES = "nnc";
  private static final String THEIR_TABLES = "word2vec";
  private static final int WIDTH = 100;

  private final Path corpusFile;
  private final Corpus corpus;
  private final Path directory;

  Word2Vec(Path corpusFile) {
    this.corpusFile = corpusFile;
    this.corpus = Corpus.read(corpusFile);
    try {
      this.directory = Files.createTempDirectory("nnc-word2vec");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    corpus.write(directory.resolve(TEXT));
  }

  /** What {@link ServeWords} is given behind the model and the threads. */
  List<String> ours() {
    return List.of(corpusFile.toString(), directory.resolve(OUR_TABLES).toString());
  }

  /**
   * Compiles the original program into a peer, with the flags of its own makefile.
   *
   * @param peer our source that includes it
   * @throws Peer.Gone with what the compiler says, if it cannot
   */
  List<String> theirs(Path peer, Path source, int threads) {
    Path program = directory.resolve("peer");
    List<String> compile = new ArrayList<>(List.of("cc"));
    compile.addAll(FLAGS);
    compile.addAll(
        List.of(
            "-DWORD2VEC=\"" + source.toAbsolutePath() + "\"",
            peer.toString(),
            "-o",
            program.toString(),
            "-lm"));
    try {
      Process process = new ProcessBuilder(compile).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .limit(SAID_LINES)
              .collect(Collectors.joining("\n"));
      if (process.waitFor() != 0) {
        throw new Peer.Gone("cc cannot compile " + source + ":\n" + said + "\n…");
      }
    } catch (IOException e) {
      throw new Peer.Gone("there is no C compiler cc");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Peer.Gone("interrupted");
    }
    return List.of(
        program.toString(),
        String.valueOf(threads),
        directory.resolve(TEXT).toString(),
        directory.resolve(THEIR_TABLES).toString());
  }

  /** The result with the losses of the tables that were left last. */
  Result judged(Result result) {
    return result.with(
        new Result.Words(
            perSecond(result.oursMs()),
            result.peerMs() == null ? null : perSecond(result.peerMs()),
            loss(OUR_TABLES),
            result.peerMs() == null ? null : loss(THEIR_TABLES)));
  }

  private static double perSecond(double milliseconds) {
    return ServeWords.WORDS * 1e3 / milliseconds;
  }

  private double loss(String tables) {
    return PairLoss.of(corpus, WordTables.read(directory.resolve(tables), corpus, WIDTH));
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
