package nnc.cli.data;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import nnc.data.DataException;
import nnc.data.TextLines;
import nnc.runtime.Quoted;
import nnc.runtime.text.Vocabulary;

/** Lines of two fields with a tab between them. */
public final class FieldLines implements AutoCloseable {
  private static final char TAB = '\t';

  private final TextLines lines;
  private final boolean parted;

  /** @param parted whether an empty line ends a sequence; otherwise it says nothing */
  public FieldLines(Path file, boolean parted) {
    this.lines = new TextLines(file);
    this.parted = parted;
  }

  /**
   * The fields of the next line; none of them where a sequence ends; empty at the end.
   *
   * @throws DataException if a line has not two fields with something in them
   */
  public Optional<List<String>> next() {
    while (lines.hasNext()) {
      String line = lines.next();
      if (!line.isBlank() || line.indexOf(TAB) >= 0) {
        return Optional.of(fields(line));
      }
      if (parted) {
        return Optional.of(List.of());
      }
    }
    return Optional.empty();
  }

  private List<String> fields(String line) {
    int tab = line.indexOf(TAB);
    if (tab < 0 || line.indexOf(TAB, tab + 1) >= 0) {
      throw new DataException(
          lines.source(),
          lines.line(),
          "expected two fields with a tab between them, found "
              + (line.chars().filter(character -> character == TAB).count() + 1),
          "write each pair on a line of its own: source, tab, target");
    }
    List<String> fields = List.of(line.substring(0, tab), line.substring(tab + 1));
    fields.forEach(this::requireSymbols);
    return fields;
  }

  private void requireSymbols(String field) {
    if (field.isBlank()) {
      throw new DataException(
          lines.source(),
          lines.line(),
          "expected two fields with a tab between them, found an empty one",
          "fill it in, or remove the line");
    }
    if (parted && Vocabulary.isSpecial(field.toLowerCase(Locale.ROOT))) {
      throw new DataException(
          lines.source(),
          lines.line(),
          "expected a word or a tag, found "
              + Quoted.text(field)
              + ", as one of the ids that all vocabularies have is spelled",
          "spell it in another way");
    }
  }

  /** One of the fields, line after line. */
  Iterator<String> field(int number) {
    return new Iterator<>() {
      private Optional<List<String>> ahead = filled();

      private Optional<List<String>> filled() {
        Optional<List<String>> found = FieldLines.this.next();
        while (found.isPresent() && found.get().isEmpty()) {
          found = FieldLines.this.next();
        }
        return found;
      }

      @Override
      public boolean hasNext() {
        return ahead.isPresent();
      }

      @Override
      public String next() {
        String value = ahead.orElseThrow(NoSuchElementException::new).get(number);
        ahead = filled();
        return value;
      }
    };
  }

  @Override
  public void close() {
    lines.close();
  }
}
