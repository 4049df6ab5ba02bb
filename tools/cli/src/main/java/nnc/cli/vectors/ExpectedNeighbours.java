package nnc.cli.vectors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import nnc.data.DataException;
import nnc.data.TextLines;

/**
 * A word and those that should be near to it: a line of a file, {@code WORD<TAB>WORD WORD …}.
 *
 * @param neighbours in any order
 */
public record ExpectedNeighbours(String word, List<String> neighbours) {
  public ExpectedNeighbours {
    neighbours = List.copyOf(neighbours);
  }

  /** @throws DataException if a line is of another form, or there is none */
  public static List<ExpectedNeighbours> read(Path file) {
    List<ExpectedNeighbours> all = new ArrayList<>();
    try (TextLines lines = new TextLines(file)) {
      while (lines.hasNext()) {
        String line = lines.next();
        if (line.isBlank()) {
          continue;
        }
        int tab = line.indexOf('\t');
        if (tab < 1 || line.substring(tab).isBlank()) {
          throw new DataException(
              lines.source(),
              lines.line(),
              "expected a word, a tab and its neighbours, found "
                  + (tab < 0 ? "no tab" : tab < 1 ? "no word" : "no neighbours"),
              "write neighbours with a space between each two");
        }
        all.add(
            new ExpectedNeighbours(
                line.substring(0, tab).strip(),
                List.of(line.substring(tab).strip().split("\\s+"))));
      }
    }
    if (all.isEmpty()) {
      throw new DataException(
          file.toString(), "expected words and their neighbours, found none", "check the file");
    }
    return all;
  }

  /** Those that are among the nearest so many; a word that is not known is none of them, and has none. */
  public List<String> found(WordVectors vectors, int most) {
    if (!vectors.knows(word)) {
      return List.of();
    }
    Set<String> nearest =
        vectors.nearest(word, most).stream()
            .map(WordVectors.Neighbour::word)
            .collect(Collectors.toSet());
    return neighbours.stream()
        .filter(each -> vectors.knows(each) && nearest.contains(vectors.spelling(each)))
        .toList();
  }
}
