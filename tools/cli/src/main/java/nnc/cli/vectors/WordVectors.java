package nnc.cli.vectors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.Nearest;
import nnc.runtime.Quoted;
import nnc.runtime.text.Vocabulary;

/** A vector for each word, all brought to unit length, and the words that are near to a vector by cosine. */
public final class WordVectors {
  private final Vocabulary vocabulary;
  private final int width;

  /** One column of the table after the other: the cosines of all words are sums of whole columns. */
  private final float[] columns;

  /** A word, and the cosine of the angle to what was asked for. */
  public record Neighbour(String word, float cosine) {}

  /** @param table rows of {@code width} numbers, at least one for each id of the vocabulary */
  public WordVectors(Vocabulary vocabulary, float[] table, int width) {
    this.vocabulary = vocabulary;
    this.width = width;
    this.columns = new float[vocabulary.size() * width];
    for (int id = 0; id < vocabulary.size(); id++) {
      double squares = 0;
      for (int k = 0; k < width; k++) {
        squares += (double) table[id * width + k] * table[id * width + k];
      }
      double length = Math.sqrt(squares);
      if (length > 0 && Double.isFinite(length)) { // else there is no direction: near to nothing
        for (int k = 0; k < width; k++) {
          columns[k * vocabulary.size() + id] = (float) (table[id * width + k] / length);
        }
      }
    }
  }

  /** Whether there is a vector for a word, as it is written or as the vocabulary writes it. */
  public boolean knows(String word) {
    return id(word).isPresent();
  }

  /**
   * The nearest words, the nearest one first; without the word itself.
   *
   * @throws CompileException if the word is not known
   */
  public List<Neighbour> nearest(String word, int most) {
    int id = known(word);
    return nearest(vector(id), Set.of(id), most);
  }

  /**
   * The words that are to c what b is to a: those that are nearest to b - a + c, without these three (3CosAdd; Mikolov, Yih, Zweig
   * 2013).
   *
   * @throws CompileException if a word is not known
   */
  public List<Neighbour> analogy(String a, String b, String c, int most) {
    List<Integer> ids = List.of(known(a), known(b), known(c));
    float[] wanted = vector(ids.get(1));
    float[] less = vector(ids.get(0));
    float[] more = vector(ids.get(2));
    for (int k = 0; k < width; k++) {
      wanted[k] += more[k] - less[k];
    }
    return nearest(wanted, Set.copyOf(ids), most);
  }

  /** The word as the vocabulary writes it. */
  public String spelling(String word) {
    return vocabulary.token(known(word));
  }

  private int known(String word) {
    return id(word)
        .orElseThrow(() -> {
          List<String> words = words();
          Optional<String> near = Nearest.to(word, words);
          return new CompileException(
              Diagnostic.of("word", "the vocabulary does not have " + Quoted.text(word))
                  .help(
                      near.map(each -> "did you mean " + Quoted.text(each) + "?")
                              .orElse("it has " + Quoted.list(words))
                          + (vocabulary.isBytePairs()
                              ? "; of byte pairs a word has a vector if it is a single one, with the space before it: "
                                  + Quoted.text(" " + word)
                              : "")));
        });
  }

  private OptionalInt id(String word) {
    OptionalInt asWritten = vocabulary.id(word);
    int[] encoded =
        asWritten.isPresent() ? new int[] {asWritten.getAsInt()} : vocabulary.encode(word);
    return encoded.length == 1 && encoded[0] >= Vocabulary.FIRST
        ? OptionalInt.of(encoded[0])
        : OptionalInt.empty();
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    for (int id = Vocabulary.FIRST; id < vocabulary.size(); id++) {
      words.add(vocabulary.token(id));
    }
    return words;
  }

  private float[] vector(int id) {
    float[] vector = new float[width];
    for (int k = 0; k < width; k++) {
      vector[k] = columns[k * vocabulary.size() + id];
    }
    return vector;
  }

  /** Of words that are equally near, the one with the smaller id is nearer. */
  private List<Neighbour> nearest(float[] wanted, Set<Integer> leftOut, int most) {
    float[] cosines = cosines(wanted);
    PriorityQueue<Integer> nearest =
        new PriorityQueue<>(
            Comparator.<Integer>comparingDouble(id -> cosines[id])
                .thenComparing(Comparator.reverseOrder()));
    for (int id = Vocabulary.FIRST; id < cosines.length; id++) {
      if (nearest.size() < most || cosines[id] > cosines[nearest.element()]) {
        if (!leftOut.contains(id)) {
          nearest.add(id);
        }
        if (nearest.size() > most) {
          nearest.remove();
        }
      }
    }
    List<Neighbour> sorted = new ArrayList<>();
    while (!nearest.isEmpty()) {
      int id = nearest.remove();
      sorted.addFirst(new Neighbour(vocabulary.token(id), cosines[id]));
    }
    return sorted;
  }

  private float[] cosines(float[] wanted) {
    int size = vocabulary.size();
    double squares = 0;
    for (float each : wanted) {
      squares += (double) each * each;
    }
    float[] cosines = new float[size];
    for (int k = 0; k < width; k++) {
      float factor = squares == 0 ? 0 : (float) (wanted[k] / Math.sqrt(squares));
      for (int id = 0; id < size; id++) {
        cosines[id] += factor * columns[k * size + id];
      }
    }
    return cosines;
  }
}
