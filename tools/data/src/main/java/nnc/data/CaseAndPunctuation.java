package nnc.data;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Makes a tagged text of a plain one: each word in lower case, and as its tag what was lost by that: {@code a} or {@code A} for
 * a small or capital first letter, and the punctuation mark behind the word. Paragraphs are sequences.
 *
 * <p>{@code java nnc.data.CaseAndPunctuation austen.txt.gz austen-tagged.tsv.gz} has made the file that comes with the models.
 */
public final class CaseAndPunctuation {
  private static final Pattern WORD =
      Pattern.compile("(\\p{L}[\\p{L}\\p{M}]*(?:['’]\\p{L}+)*)([^\\p{L}]*)");
  private static final String MARKS = ",.;:!?";

  private CaseAndPunctuation() {}

  public static void main(String[] files) throws IOException {
    if (files.length != 2) {
      System.err.println("usage: CaseAndPunctuation TEXT.txt.gz TAGGED.tsv.gz");
      System.exit(2);
    }
    try (TextLines lines = new TextLines(Path.of(files[0]));
        Writer out =
            new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(Path.of(files[1]))),
                StandardCharsets.UTF_8)) {
      tag(
          lines,
          line -> {
            try {
              out.write(line + "\n");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /** Whoever takes the lines of the tagged text. */
  interface Output {
    void line(String line);
  }

  /** Tags all paragraphs: a line for each word, and an empty one behind each paragraph. */
  static void tag(TextLines lines, Output out) {
    List<String> paragraph = new ArrayList<>();
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.isBlank()) {
        write(paragraph, out);
        paragraph.clear();
      } else {
        paragraph.add(line.strip());
      }
    }
    write(paragraph, out);
  }

  private static void write(List<String> paragraph, Output out) {
    Matcher word = WORD.matcher(String.join(" ", paragraph));
    boolean any = false;
    while (word.find()) {
      String written = word.group(1);
      String mark =
          word.group(2)
              .chars()
              .filter(character -> MARKS.indexOf(character) >= 0)
              .mapToObj(Character::toString)
              .findFirst()
              .orElse("");
      String first = Character.isUpperCase(written.codePointAt(0)) ? "A" : "a";
      out.line(written.toLowerCase(Locale.ROOT) + "\t" + first + mark);
      any = true;
    }
    if (any) {
      out.line("");
    }
  }
}
