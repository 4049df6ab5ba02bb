package nnc.compiler.syntax;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.Token;

/** How a syntax error is mended, for the mistakes that people make. */
final class Remedies {
  /** What the words of other languages are here. */
  private static final Map<String, String> FOREIGN =
      Map.ofEntries(
          Map.entry(
              "return", "the last expression of a layer is its value: write it without 'return'"),
          Map.entry("let", "a value needs no keyword: x = …"),
          Map.entry("var", "a value needs no keyword: x = …"),
          Map.entry("val", "a value needs no keyword: x = …"),
          Map.entry("const", "a value needs no keyword: x = …"),
          Map.entry("if", "a choice is written where(condition, a, b)"),
          Map.entry("for", "'repeat 6 { … }' stacks layers, 'recur t over T { … }' runs over time"),
          Map.entry(
              "while", "'repeat 6 { … }' stacks layers, 'recur t over T { … }' runs over time"),
          Map.entry("def", "a function is written fn f(x) = …"),
          Map.entry("function", "a function is written fn f(x) = …"),
          Map.entry("func", "a function is written fn f(x) = …"),
          Map.entry("class", "a layer is written layer Name(inputs) { … }"),
          Map.entry("module", "a layer is written layer Name(inputs) { … }"),
          Map.entry("struct", "a layer is written layer Name(inputs) { … }"),
          Map.entry("network", "a network is written model Name { … }"),
          Map.entry("parameter", "a parameter is written param W: [in, units] ~ glorot_uniform"),
          Map.entry("weight", "a parameter is written param W: [in, units] ~ glorot_uniform"),
          Map.entry("lambda", "a function is written fn f(x) = …"));

  /** In order: the first that has something to say is heard. */
  private static final List<Function<Situation, Optional<String>>> RULES =
      List.of(
          Remedies::reservedWord,
          Remedies::foreignWord,
          Remedies::operatorOfAnotherLanguage,
          Remedies::initialiser,
          Remedies::colonOrAssign,
          Remedies::comparison,
          Remedies::lineBegin,
          Remedies::range,
          Remedies::setting,
          Remedies::number,
          Remedies::outside,
          Remedies::missingOperator);

  private Remedies() {}

  static List<String> of(Situation situation) {
    return RULES.stream().flatMap(rule -> rule.apply(situation).stream()).limit(1).toList();
  }

  private static Optional<String> reservedWord(Situation s) {
    return when(
        s.isReservedWordAsName(),
        "reserved are: model layer fn optimizer train import over and or not");
  }

  private static Optional<String> foreignWord(Situation s) {
    boolean twoWords = s.previous() == s.first() || s.found() == s.first();
    return twoWords && (s.isComplete() || s.rule() == NnParser.RULE_file)
        ? Optional.ofNullable(FOREIGN.get(s.first().getText()))
        : Optional.empty();
  }

  private static Optional<String> operatorOfAnotherLanguage(Situation s) {
    Token previous = s.previous();
    if (previous == null || previous.getStopIndex() + 1 != s.found().getStartIndex()) {
      return Optional.empty();
    }
    return switch (previous.getText() + s.found().getText()) {
      case "**" -> Optional.of("a power is written '^'");
      case "+=", "-=", "*=", "/=" ->
          Optional.of("write the whole equation: x = x " + previous.getText() + " …");
      case ":=", "<-" -> Optional.of("a value is bound with '=': x = …");
      case "=>" -> Optional.of("'at least' is written '>='");
      case "=<" -> Optional.of("'at most' is written '<='");
      case "<>" -> Optional.of("'not equal' is written '!='");
      case "++", "//" -> Optional.of("write one '" + previous.getText() + "'");
      default -> Optional.empty();
    };
  }

  private static Optional<String> initialiser(Situation s) {
    if (!s.firstIs(NnParser.PARAM) || !s.previousIs(NnParser.RIGHT_BRACKET)) {
      return Optional.empty();
    }
    if (s.foundIs(NnParser.ASSIGN)) {
      return Optional.of("an initialiser follows '~': ~ zeros, ~ constant(0.5)");
    }
    return when(s.foundIs(NnParser.IDENT), "an initialiser follows '~': ~ " + s.found().getText());
  }

  private static Optional<String> colonOrAssign(Situation s) {
    boolean shapeWanted =
        s.expected().contains(NnParser.COLON) && !s.expected().contains(NnParser.ASSIGN);
    if (s.foundIs(NnParser.ASSIGN) && shapeWanted) {
      return Optional.of("a shape follows ':', as in " + s.first().getText() + " name: [B, 64]");
    }
    if (s.foundIs(NnParser.COLON)) {
      return s.isComplete()
          ? Optional.of("the shape of a value follows from its equation: write 'x = …' without one")
          : Optional.of("a value follows '=', a shape follows ':'");
    }
    return when(
        s.foundIs(NnParser.EQUAL) && s.expected().contains(NnParser.ASSIGN),
        "'==' compares; a value is bound with '='");
  }

  private static Optional<String> comparison(Situation s) {
    boolean completesValue =
        s.rule() == NnParser.RULE_line
            || s.rule() == NnParser.RULE_parenthesised
            || s.rule() == NnParser.RULE_callSuffix;
    return when(s.foundIs(NnParser.ASSIGN) && completesValue, "to compare, write '=='");
  }

  private static Optional<String> lineBegin(Situation s) {
    return when(
        s.previous() == null && TokenClasses.isOperator(s.found().getType()),
        "to go on with the line above, end it with the operator");
  }

  private static Optional<String> range(Situation s) {
    if (s.foundIs(NnParser.RANGE) && s.context().getParent() != null) {
      return Optional.of(
          "leading axes are written '...'; a range a..b stands in an index or an argument");
    }
    return when(
        s.foundIs(NnParser.LEADING) && s.previousIs(NnParser.NUMBER),
        "a range is written with two points: 0..63");
  }

  private static Optional<String> setting(Situation s) {
    if (s.foundIs(NnParser.ASSIGN) && s.expectsValue() && s.previous() == s.first()) {
      return Optional.of(
          "a setting is written without '=': " + s.first().getText() + " " + s.next().getText());
    }
    return when(
        s.rule() == NnParser.RULE_columnMapping && s.first().getText().equals("hold"),
        "rows are held out with 'hold out 20%'");
  }

  private static Optional<String> number(Situation s) {
    return when(
        s.foundIs(NnParser.DOT) && s.nextIs(NnParser.NUMBER),
        "a number begins with a digit: 0." + s.next().getText());
  }

  private static Optional<String> outside(Situation s) {
    return when(
        s.rule() == NnParser.RULE_file && s.foundIs(NnParser.IDENT),
        "statements stand inside the braces of a model, layer, fn or optimizer");
  }

  private static Optional<String> missingOperator(Situation s) {
    boolean operand =
        s.foundIs(NnParser.IDENT) || s.foundIs(NnParser.NUMBER) || s.foundIs(NnParser.LEFT_PAREN);
    boolean afterOperand = s.previous() != null && TokenClasses.endsOperand(s.previous().getType());
    boolean expectsMore =
        s.rule() == NnParser.RULE_line
            || s.expected().contains(NnParser.RIGHT_PAREN)
            || s.expected().contains(NnParser.RIGHT_BRACKET);
    return when(
        operand && afterOperand && expectsMore && !s.isAfterBlock(),
        "is an operator or a ',' missing between them?");
  }

  private static Optional<String> when(boolean condition, String remedy) {
    return condition ? Optional.of(remedy) : Optional.empty();
  }
}
