package nnc.runtime.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.runtime.Quoted;

/**
 * A vocabulary as a text. The first line is {@code nnc-vocabulary 1 FORM SIZE}, where the form is {@code chars}, {@code words}
 * or {@code words-lower}, and the size counts all ids. Then the tokens follow from id 4, one in a line; a backslash, white
 * space, control and format characters are written <code>&#92;u{HEX}</code>. Lines end with a line feed.
 */
final class VocabularyFormat {
  private static final String FORMS =
      String.join(", ", Characters.FORM, Words.AS_WRITTEN, Words.LOWER);
  private static final Pattern HEADER = Pattern.compile("nnc-vocabulary 1 ([a-z-]+) (\\d{1,9})");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(?:u\\{([0-9a-f]{1,6})})?");

  private VocabularyFormat() {}

  static String write(Vocabulary vocabulary) {
    String header = "nnc-vocabulary 1 " + vocabulary.form() + " " + vocabulary.size();
    return Stream.concat(Stream.of(header), lines(vocabulary))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private static Stream<String> lines(Vocabulary vocabulary) {
    return vocabulary.symbols().stream().map(VocabularyFormat::escaped);
  }

  static Vocabulary parse(String written) {
    List<String> lines = written.lines().toList();
    String first = lines.isEmpty() ? "" : lines.getFirst();
    Matcher header = HEADER.matcher(first);
    if (!header.matches()) {
      throw damaged(1, "nnc-vocabulary 1 FORM SIZE", Quoted.text(first));
    }
    String form = header.group(1);
    int size = Vocabulary.FIRST + lines.size() - 1;
    if (size != Integer.parseInt(header.group(2))) {
      throw damaged(
          1,
          header.group(2) + " ids",
          size + ", of which " + (lines.size() - 1) + " stand in lines of their own");
    }
    return switch (form) {
      case Characters.FORM -> new Characters(tokens(lines, true));
      case Words.AS_WRITTEN -> new Words(tokens(lines, false), false);
      case Words.LOWER -> new Words(tokens(lines, false), true);
      default -> throw damaged(1, "one of the forms " + FORMS, Quoted.text(form));
    };
  }

  private static List<String> tokens(List<String> lines, boolean characters) {
    Set<String> tokens = new LinkedHashSet<>(Vocabulary.SPECIAL);
    for (int line = 2; line <= lines.size(); line++) {
      String token = unescaped(lines.get(line - 1), line);
      if (token.isEmpty() || characters && token.codePointCount(0, token.length()) > 1) {
        throw damaged(line, characters ? "one character" : "a word", Quoted.text(token));
      }
      if (!tokens.add(token)) {
        throw damaged(line, "a token that has not stood before", Quoted.text(token));
      }
    }
    return tokens.stream().skip(Vocabulary.FIRST).toList();
  }

  private static String escaped(String token) {
    return token
        .codePoints()
        .mapToObj(each ->
            each != '\\' && Unicode.isVisible(each)
                ? Character.toString(each)
                : String.format(Locale.ROOT, "\\u{%x}", each))
        .collect(Collectors.joining());
  }

  private static String unescaped(String text, int line) {
    return ESCAPED
        .matcher(text)
        .replaceAll(escape -> {
          int codePoint = escape.group(1) == null ? -1 : Integer.parseInt(escape.group(1), 16);
          if (!Character.isValidCodePoint(codePoint)) {
            throw damaged(line, "\\u{HEX} after each backslash", Quoted.text(text));
          }
          return Matcher.quoteReplacement(Character.toString(codePoint));
        });
  }

  private static IllegalArgumentException damaged(int line, String expected, String found) {
    return new IllegalArgumentException(
        "damaged vocabulary, line " + line + ": expected " + expected + ", found " + found);
  }
}
