package nnc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The two tables of a skip-gram model: of each word the vector of where it stands in the middle, and that of where it stands near
 * another. As a file: of each word its UTF-8 bytes, a line feed, and the two vectors, as floats of the machine's byte order.
 */
record WordTables(float[][] middle, float[][] near) {

  static void write(Path file, Corpus corpus, float[] middle, float[] near) {
    int width = middle.length / corpus.words().size();
    int names = corpus.words().stream().mapToInt(word -> bytes(word).length + 1).sum();
    ByteBuffer out =
        ByteBuffer.allocate(names + Float.BYTES * (middle.length + near.length))
            .order(ByteOrder.nativeOrder());
    for (int word = 0; word < corpus.words().size(); word++) {
      out.put(bytes(corpus.words().get(word))).put((byte) '\n');
      for (int i = 0; i < width; i++) {
        out.putFloat(middle[word * width + i]);
      }
      for (int i = 0; i < width; i++) {
        out.putFloat(near[word * width + i]);
      }
    }
    try {
      Files.write(file, out.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The tables in the order of the corpus' ids; words that it does not have are passed over.
   *
   * @throws IllegalArgumentException if a word of the corpus is missing
   */
  static WordTables read(Path file, Corpus corpus, int width) {
    Map<String, Integer> ids =
        IntStream.range(0, corpus.words().size())
            .boxed()
            .collect(Collectors.toMap(corpus.words()::get, id -> id));
    WordTables tables = new WordTables(new float[ids.size()][], new float[ids.size()][]);
    try {
      ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
      while (in.hasRemaining()) {
        Integer id = ids.get(name(in));
        float[] middle = vector(in, width);
        float[] near = vector(in, width);
        if (id != null) {
          tables.middle[id] = middle;
          tables.near[id] = near;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int id = 0; id < ids.size(); id++) {
      if (tables.middle[id] == null) {
        throw new IllegalArgumentException(
            "expected a vector of '" + corpus.words().get(id) + "', found none in " + file);
      }
    }
    return tables;
  }

  private static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.UTF_8);
  }

  private static String name(ByteBuffer in) {
    int begin = in.position();
    while (in.get() != '\n') {}
    return new String(in.array(), begin, in.position() - 1 - begin, StandardCharsets.UTF_8);
  }

  private static float[] vector(ByteBuffer in, int width) {
    float[] vector = new float[width];
    for (int i = 0; i < width; i++) {
      vector[i] = in.getFloat();
    }
    return vector;
  }
}
