package nnc.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CooccurrencesTest {
  private static final int WORDS = 900;
  private static final int UNKNOWN = 3;

  /** Each two places of the text that are near enough, straight from the definition. */
  private static Map<List<Integer>, Double> byDefinition(int[] text, int window) {
    Map<List<Integer>, Double> counts =
        new TreeMap<>(
            (a, b) -> a.get(0).equals(b.get(0)) ? a.get(1) - b.get(1) : a.get(0) - b.get(0));
    for (int i = 0; i < text.length; i++) {
      for (int j = 0; j < text.length; j++) {
        boolean near = i != j && Math.abs(i - j) <= window;
        if (near && text[i] > UNKNOWN && text[j] > UNKNOWN) {
          counts.merge(List.of(text[i], text[j]), 1.0 / Math.abs(i - j), Double::sum);
        }
      }
    }
    return counts;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 5000})
  void countsAreThoseOfTheDefinition(int window) {
    int[] text =
        new Random(window)
            .ints(3000, UNKNOWN, WORDS)
            .toArray(); // more pairs than the first table holds
    Cooccurrences counts = new Cooccurrences(window, id -> id > UNKNOWN);
    for (int id : text) {
      counts.add(id);
    }
    Map<List<Integer>, Double> expected = byDefinition(text, window);
    List<List<Integer>> pairs = new ArrayList<>();
    counts.forEach((word, context, count) -> {
      pairs.add(List.of(word, context));
      assertThat(count).isCloseTo(expected.get(List.of(word, context)), within(1e-9));
    });
    assertThat(pairs).containsExactlyElementsOf(expected.keySet());
    assertThat(counts.size()).isEqualTo(expected.size());
  }
}
