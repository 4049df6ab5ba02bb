package nnc.compiler.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticPrinterTest {
  @Test
  void labelsInsideTheOffendingPartAreUnderlinedInItsStead() {
    Source source = new Source("models/mlp.nn", "\n".repeat(11) + "  y = x @ W2 + b\n");
    Diagnostic diagnostic =
        Diagnostic.at(find(source, "x @ W2"), "shape", "the inner sizes of '@' differ")
            .label(find(source, "x"), "[B, 256]")
            .label(find(source, "W2"), "[512, 10], declared at line 9")
            .note("256 (axis 'in' of x) is not 512 (axis 0 of W2)")
            .help("did you mean 'W1': [256, 10]?");
    assertThat(print(diagnostic))
        .isEqualTo(
            """
            error[shape]: the inner sizes of '@' differ
              --> models/mlp.nn:12:7
               |
            12 |   y = x @ W2 + b
               |       ^   ^^ [512, 10], declared at line 9
               |       [B, 256]
               = 256 (axis 'in' of x) is not 512 (axis 0 of W2)
               = help: did you mean 'W1': [256, 10]?
            """);
  }

  @Test
  void barsLeadToTheRemarksThatAreStillToCome() {
    Source source = new Source("a.nn", "f(a, b, c)");
    Diagnostic diagnostic =
        Diagnostic.at(find(source, "f(a, b, c)"), "shape", "three")
            .label(find(source, "a"), "first")
            .label(find(source, "b"), "second")
            .label(find(source, "c"), "third");
    assertThat(print(diagnostic))
        .isEqualTo(
            """
            error[shape]: three
             --> a.nn:1:1
              |
            1 | f(a, b, c)
              |   ^  ^  ^ third
              |   |  second
              |   first
            """);
  }

  @Test
  void labelsElsewhereShowTheirOwnLines() {
    Source source = new Source("a.nn", "dim B = 1\n\nx\ndim B = 2\n");
    Source other = new Source("b.nn", "\ndim B = 3");
    Diagnostic diagnostic =
        Diagnostic.at(new Span(source, 16, 17), "name", "'B' stands twice")
            .label(new Span(source, 4, 5), "first here")
            .label(new Span(other, 5, 6), "and here");
    assertThat(print(diagnostic))
        .isEqualTo(
            """
            error[name]: 'B' stands twice
             --> a.nn:4:4
              |
            1 | dim B = 1
              |     ^ first here
            ...
            4 | dim B = 2
              |    ^
             ::: b.nn:2:5
              |
            2 | dim B = 3
              |     ^ and here
            """);
  }

  @Test
  void tabsWideCharactersAndCombiningMarksKeepTheUnderlineInPlace() {
    assertThat(underlined("\tx\ty", "y")).isEqualTo("    x   y|        ^");
    assertThat(underlined("变量 + y", "y")).isEqualTo("变量 + y|       ^");
    assertThat(underlined("e\u0301 + y", "y")).isEqualTo("e\u0301 + y|    ^");
    assertThat(underlined("变量 + y", "变量")).isEqualTo("变量 + y|^^^^");
  }

  @Test
  void whatATerminalCouldObeyIsShownAsAPicture() {
    assertThat(underlined("a\u001B[31m\u202Eb", "b")).isEqualTo("a␛[31m\uFFFDb|       ^");
    assertThat(print(Diagnostic.of("io", "no file '\u001B[2J'")))
        .isEqualTo("error[io]: no file '␛[2J'\n");
  }

  @Test
  void aPartOverSeveralLinesIsUnderlinedOnItsFirst() {
    Source source = new Source("a.nn", "y = f(\r\n  x\r\n)\r\n");
    assertThat(print(Diagnostic.at(new Span(source, 4, 14), "shape", "no")))
        .isEqualTo(
            """
            error[shape]: no
             --> a.nn:1:5
              |
            1 | y = f(
              |     ^^
            """);
  }

  @Test
  void anEmptyPartHasOneCaretAlsoAtTheEndOfTheText() {
    assertThat(underlined("abc", "")).isEqualTo("abc|^");
    Source source = new Source("a.nn", "abc\n");
    assertThat(print(Diagnostic.at(new Span(source, 4, 4), "syntax", "no")))
        .endsWith("2 |\n  | ^\n");
  }

  @Test
  void longLinesAreCutAroundTheOffendingPart() {
    String line = "x + ".repeat(1_000_000) + "y" + " + x".repeat(1_000_000);
    String[] shown = underlined(line, "y").split("\\|");
    assertThat(shown[0]).hasSizeLessThan(130).startsWith("…").endsWith("…");
    assertThat(shown[0].charAt(shown[1].indexOf('^'))).isEqualTo('y');
  }

  @Test
  void placesFarApartInALongLineAreShownOneByOne() {
    String line = "a" + " ".repeat(500) + "b";
    Source source = new Source("a.nn", line);
    Diagnostic diagnostic =
        Diagnostic.at(new Span(source, 0, line.length()), "name", "two")
            .label(new Span(source, 0, 1), "one")
            .label(new Span(source, line.length() - 1, line.length()), "other");
    assertThat(print(diagnostic)).contains("^ one\n1 | …").endsWith("^ other\n");
  }

  @Test
  void notesOfSeveralLinesStayInTheirColumn() {
    assertThat(print(Diagnostic.of("data", "bad").note("first\nsecond").help("do")))
        .isEqualTo("error[data]: bad\n  = first\n    second\n  = help: do\n");
  }

  @Test
  void coloursChangeNothingButTheColour() {
    Source source = new Source("a.nn", "x = y");
    List<Diagnostic> diagnostics =
        List.of(
            Diagnostic.at(new Span(source, 4, 5), "name", "unknown").help("do"),
            Diagnostic.of("io", "gone"));
    String coloured = new DiagnosticPrinter(true).print(diagnostics);
    assertThat(coloured).contains("\u001B[1;31m");
    assertThat(coloured.replaceAll("\u001B\\[[0-9;]*m", ""))
        .isEqualTo(new DiagnosticPrinter(false).print(diagnostics));
  }

  /** The source line and the row of carets, with a bar between them. */
  private static String underlined(String line, String part) {
    Source source = new Source("a.nn", line);
    String[] rows = print(Diagnostic.at(find(source, part), "test", "test")).split("\n");
    return rows[3].substring("1 | ".length()) + "|" + rows[4].substring("  | ".length());
  }

  private static Span find(Source source, String part) {
    int from = source.text().indexOf(part);
    return new Span(source, from, from + part.length());
  }

  private static String print(Diagnostic diagnostic) {
    return new DiagnosticPrinter(false).print(diagnostic);
  }
}
