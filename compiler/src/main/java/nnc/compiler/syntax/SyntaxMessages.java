package nnc.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/** Says what was expected and what was found in the words of the language, not of the grammar. */
final class SyntaxMessages {
  private final SyntaxErrors errors;
  private final List<CommonToken> tokens;

  /** @param tokens what the parser reads */
  SyntaxMessages(SyntaxErrors errors, List<CommonToken> tokens) {
    this.errors = errors;
    this.tokens = tokens;
  }

  /** Whether what is wrong at a token follows from damage at its line, or to the statement that it belongs to. */
  boolean followsDamage(Token found) {
    return errors.isDamaged(found) || errors.isDamaged(firstOfStatement(found));
  }

  /** @param context the rule that could not go on @param expected the tokens it could have gone on with */
  Diagnostic describe(Token found, RuleContext context, IntervalSet expected) {
    Situation situation = situation(found, context, expected);
    Diagnostic diagnostic = Diagnostic.at(errors.span(found), "syntax", message(situation));
    if (expected.size() == 1 && context instanceof ParserRuleContext rule) {
      int closer = expected.getMinElement();
      if (closer == NnParser.RIGHT_PAREN || closer == NnParser.RIGHT_BRACKET) {
        diagnostic = withOpener(diagnostic, rule.getStart(), found);
      }
    }
    for (String remedy : Remedies.of(situation)) {
      diagnostic = diagnostic.help(remedy);
    }
    return diagnostic;
  }

  private Diagnostic withOpener(Diagnostic diagnostic, Token opener, Token found) {
    Span span = errors.span(opener);
    boolean visible = span.line() != errors.span(found).line();
    return visible ? diagnostic.label(span, "opened here") : diagnostic;
  }

  private Situation situation(Token found, RuleContext context, IntervalSet expected) {
    int index = found.getTokenIndex();
    Token first = firstOfStatement(found);
    Token previous = found == first ? null : tokens.get(index - 1);
    Token next = tokens.get(Math.min(index + 1, tokens.size() - 1));
    return new Situation(found, previous, next, first, context, expected);
  }

  private Token firstOfStatement(Token token) {
    int first = token.getTokenIndex();
    while (first > 0 && !beginsAfter(tokens.get(first - 1).getType())) {
      first--;
    }
    return tokens.get(first);
  }

  private static boolean beginsAfter(int type) {
    return type == NnParser.END || type == NnParser.LEFT_BRACE;
  }

  private static String message(Situation situation) {
    Token found = situation.found();
    if (situation.isReservedWordAsName()) {
      return "'" + found.getText() + "' is a reserved word, it cannot be a name";
    }
    if (situation.isNestedDeclaration()) {
      return switch (found.getType()) {
        case NnParser.IMPORT -> "an import stands at the top of a file, not inside a block";
        case NnParser.OPTIMIZER ->
            "an optimizer is chosen in a train block, and declared outside of any block";
        default -> "'" + found.getText() + "' declares something: it stands outside of any block";
      };
    }
    String after = situation.previous() == null ? "" : " after " + quoted(situation.previous());
    return "expected " + expectation(situation) + after + ", found " + found(found);
  }

  private static String found(Token token) {
    return switch (token.getType()) {
      case NnParser.END ->
          switch (token.getText()) {
            case "\n" -> "the end of the line";
            case "" -> "the end of the file";
            default -> "'" + token.getText() + "'";
          };
      case Token.EOF -> "the end of the file";
      default ->
          token.getStopIndex() < token.getStartIndex() ? "the end of the line" : quoted(token);
    };
  }

  private static String quoted(Token token) {
    String text = Scanner.shortened(token.getText());
    return token.getType() == NnParser.TEXT ? "the text " + text : "'" + text + "'";
  }

  private static String expectation(Situation situation) {
    IntervalSet expected = situation.expected();
    boolean value = situation.expectsValue();
    return switch (situation.rule()) {
      case NnParser.RULE_file ->
          "a declaration (model, layer, fn, optimizer, train, generate) or an import";
      case NnParser.RULE_line ->
          situation.isAfterBlock() ? "the end of the line" : "an operator or the end of the line";
      case NnParser.RULE_item,
          NnParser.RULE_trainLine,
          NnParser.RULE_dataLine,
          NnParser.RULE_generateLine ->
          "the end of the line";
      case NnParser.RULE_block -> value ? "a statement" : "'{'";
      case NnParser.RULE_trainBlock ->
          expected.contains(NnParser.IDENT) ? "a setting such as 'epochs 20'" : "'{'";
      case NnParser.RULE_generateBlock ->
          expected.contains(NnParser.IDENT) ? "a setting such as 'limit 60'" : "'{'";
      case NnParser.RULE_feedItem -> "'from' and the name of a value";
      case NnParser.RULE_dataBlock ->
          expected.contains(NnParser.IDENT) ? "a column such as 'image = columns(0..63)'" : "'{'";
      case NnParser.RULE_name ->
          situation.previousIs(NnParser.CLIP) ? "'norm' or 'value'" : "a name";
      case NnParser.RULE_dimStatement -> value ? "a value" : "'=' or '<='";
      case NnParser.RULE_importItem -> "a path in quotes";
      case NnParser.RULE_pattern -> "the path of a parameter, such as 'embed.*'";
      case NnParser.RULE_type -> shape(situation);
      case NnParser.RULE_layerDeclaration, NnParser.RULE_functionDeclaration ->
          expected.contains(NnParser.ASSIGN) ? "'=' or '{'" : literals(expected);
      case NnParser.RULE_parameterList ->
          expected.contains(NnParser.LEFT_PAREN) ? "'(' and the names of the inputs" : "',' or ')'";
      case NnParser.RULE_inputStatement,
          NnParser.RULE_paramStatement,
          NnParser.RULE_bufferStatement ->
          expected.contains(NnParser.COLON) ? "':' and a shape" : literals(expected);
      case NnParser.RULE_callSuffix, NnParser.RULE_parenthesised ->
          value ? "a value" : "',' or ')'";
      case NnParser.RULE_indexSuffix -> "',' or ']'";
      case NnParser.RULE_axes, NnParser.RULE_axisName ->
          expected.contains(NnParser.NUMBER) ? "the name or the number of an axis" : "',' or ')'";
      case NnParser.RULE_recurStatement -> "'over' and the name of an axis";
      case NnParser.RULE_headsExpression -> "'as' and a name for the size of a head";
      case NnParser.RULE_holdOut -> "a number of rows, or a percentage";
      default -> value ? "a value" : literals(expected);
    };
  }

  private static String shape(Situation situation) {
    if (!situation.expected().contains(NnParser.RIGHT_BRACKET)) {
      return "a shape such as '[B, 64]'";
    }
    return situation.previousIs(NnParser.LEFT_BRACKET) ? "a size, '...' or ']'" : "',' or ']'";
  }

  private static String literals(IntervalSet expected) {
    List<String> words = new ArrayList<>();
    for (int type : expected.toList()) {
      switch (type) {
        case NnParser.IDENT -> words.add("a name");
        case NnParser.NUMBER -> words.add("a number");
        case NnParser.TEXT -> words.add("a text");
        case NnParser.END, Token.EPSILON, Token.EOF -> {
          // The rules around this one go on with these: they are not what is missing.
        }
        default -> words.add(NnParser.VOCABULARY.getLiteralName(type));
      }
    }
    return words.isEmpty() ? "the end of the statement" : String.join(" or ", words);
  }
}
