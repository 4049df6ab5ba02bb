package nnc.runtime.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.runtime.Quoted;

/**
 * A vocabulary as a text. The first line is {@code nnc-vocabulary 1 FORM SIZE}, where the form is {@code chars}, {@code words},
 * {@code words-lower} or {@code bpe}, and the size counts all ids. Each line that follows is a token, the first of them that
 * of id 4. In {@code chars} and {@code words}, a backslash, white space, control and format characters are written
 * <code>&#92;u{HEX}</code>; in {@code bpe} the 256 bytes are left out, and a token is the two that were merged, with a space
 * between. Lines end with a line feed.
 */
final class VocabularyFormat {
  private static final String FORMS =
      String.join(", ", Characters.FORM, Words.AS_WRITTEN, Words.LOWER, BytePairs.FORM);
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
    return switch (vocabulary) {
      case Characters characters -> characters.symbols().stream().map(VocabularyFormat::escaped);
      case Words words -> words.symbols().stream().map(VocabularyFormat::escaped);
      case BytePairs pairs ->
          pairs.merges().stream()
              .map(pair -> pairs.token(pair.left()) + " " + pairs.token(pair.right()));
    };
  }

  static Vocabulary parse(String written) {
    List<String> lines = written.lines().toList();
    String first = lines.isEmpty() ? "" : lines.getFirst();
    Matcher header = HEADER.matcher(first);
    if (!header.matches()) {
      throw damaged(1, "nnc-vocabulary 1 FORM SIZE", Quoted.text(first));
    }
    String form = header.group(1);
    Vocabulary vocabulary =
        switch (form) {
          case Characters.FORM -> new Characters(tokens(lines, true));
          case Words.AS_WRITTEN -> new Words(tokens(lines, false), false);
          case Words.LOWER -> new Words(tokens(lines, false), true);
          case BytePairs.FORM -> new BytePairs(merges(lines));
          default -> throw damaged(1, "one of the forms " + FORMS, Quoted.text(form));
        };
    if (vocabulary.size() != Integer.parseInt(header.group(2))) {
      throw damaged(
          lines.size(), "lines for " + header.group(2) + " ids", "lines for " + vocabulary.size());
    }
    return vocabulary;
  }

  private static List<Pair> merges(List<String> lines) {
    Map<String, Integer> ids = new HashMap<>();
    ByteLevel.alphabet().forEach(token -> ids.put(token, Vocabulary.FIRST + ids.size()));
    List<Pair> merges = new ArrayList<>();
    for (int line = 2; line <= lines.size(); line++) {
      String text = lines.get(line - 1);
      String[] parts = text.split(" ", -1);
      if (parts.length != 2 || !ids.keySet().containsAll(List.of(parts))) {
        throw damaged(line, "two tokens from above with a space between", Quoted.text(text));
      }
      merges.add(new Pair(ids.get(parts[0]), ids.get(parts[1])));
      if (ids.putIfAbsent(parts[0] + parts[1], Vocabulary.FIRST + ids.size()) != null) {
        throw damaged(line, "a token that has not stood before", Quoted.text(text));
      }
    }
    return merges;
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
