package nnc.compiler.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;
import nnc.compiler.source.Diagnostic;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * Reports brackets without a partner and mends them, so that the parser, which sees only balanced brackets,
 * can go on to the other errors of the file.
 */
final class Brackets {
  private final SyntaxErrors errors;
  private final List<CommonToken> tokens;
  private final BracketPairs pairs;
  private final Deque<Integer> open = new ArrayDeque<>();
  private final List<CommonToken> balanced;

  private final boolean complete;

  private Brackets(SyntaxErrors errors, List<CommonToken> tokens, boolean complete) {
    this.complete = complete;
    this.errors = errors;
    this.tokens = tokens;
    this.pairs = new BracketPairs(errors.source(), tokens);
    this.balanced = new ArrayList<>(tokens.size() + 16);
  }

  /**
   * The tokens with every bracket paired.
   *
   * @param complete whether braces that are open at the end of the file are to be reported
   */
  static List<CommonToken> balance(
      SyntaxErrors errors, List<CommonToken> tokens, boolean complete) {
    Brackets brackets = new Brackets(errors, tokens, complete);
    for (int i = 0; i < tokens.size(); i++) {
      brackets.accept(i);
    }
    return brackets.balanced;
  }

  private void accept(int index) {
    CommonToken token = tokens.get(index);
    int type = token.getType();
    if (pairs.restartsAt(index)) {
      closeUnclosedParentheses();
      closeWhile(_ -> true, true);
      balanced.add(inserted(NnParser.NEWLINE));
    } else if (type == Token.EOF) {
      closeUnclosedParentheses();
      closeWhile(_ -> true, complete);
    } else if (type == NnParser.LEFT_BRACE || (type == NnParser.NEWLINE && startsAnew(index))) {
      closeUnclosedParentheses();
    } else if (TokenClasses.closes(type)) {
      if (pairs.partner(index) == BracketPairs.NONE) {
        reportStray(token);
        return;
      }
      closeWhile(opener -> opener != pairs.partner(index), true);
      int opener = open.pop();
      if (pairs.isMismatched(index)) {
        reportMismatch(tokens.get(opener), token);
        token.setType(TokenClasses.closerOf(tokens.get(opener).getType()));
      }
    }
    if (TokenClasses.opens(type)) {
      open.push(index);
    }
    balanced.add(token);
  }

  /** Whether the lines before and after a line end cannot belong to one expression. */
  private boolean startsAnew(int newline) {
    if (newline == 0 || !TokenClasses.endsOperand(tokens.get(newline - 1).getType())) {
      return false;
    }
    int next = newline + 1;
    while (tokens.get(next).getType() == NnParser.NEWLINE) {
      next++;
    }
    int after = tokens.get(next).getType();
    return after == NnParser.IDENT
        || after == NnParser.NUMBER
        || after == NnParser.TEXT
        || TokenClasses.beginsStatement(after);
  }

  private void closeUnclosedParentheses() {
    closeWhile(
        opener ->
            pairs.partner(opener) == BracketPairs.NONE
                && tokens.get(opener).getType() != NnParser.LEFT_BRACE,
        true);
  }

  /** Closes what is open, from the inside out; of several that end at one place the outermost is reported. */
  private void closeWhile(IntPredicate unclosed, boolean report) {
    int outermost = BracketPairs.NONE;
    while (!open.isEmpty() && unclosed.test(open.peek())) {
      outermost = open.pop();
      balanced.add(inserted(TokenClasses.closerOf(tokens.get(outermost).getType())));
    }
    if (report && outermost != BracketPairs.NONE) {
      reportUnclosed(outermost);
    }
  }

  private CommonToken inserted(int type) {
    int at = balanced.getLast().getStopIndex() + 1;
    CommonToken inserted = new CommonToken(type, NnParser.VOCABULARY.getLiteralName(type));
    inserted.setStartIndex(at);
    inserted.setStopIndex(at - 1);
    return inserted;
  }

  private void reportUnclosed(int opener) {
    CommonToken token = tokens.get(opener);
    if (token.getType() == NnParser.LEFT_BRACE) {
      int suspect = pairs.misindented(opener);
      if (suspect != BracketPairs.NONE) {
        CommonToken closer = tokens.get(pairs.partner(suspect));
        errors.reportDamage(
            unclosed(tokens.get(suspect))
                .label(
                    errors.span(closer),
                    "this '}' closes it, but is indented like a line further out"));
        return;
      }
    }
    errors.reportDamage(unclosed(token));
  }

  private Diagnostic unclosed(CommonToken opener) {
    return Diagnostic.at(
        errors.span(opener), "syntax", "this '" + opener.getText() + "' is never closed");
  }

  private void reportMismatch(CommonToken opener, CommonToken closer) {
    String message = "'" + closer.getText() + "' does not close '" + opener.getText() + "'";
    errors.reportDamage(
        Diagnostic.at(errors.span(closer), "syntax", message)
            .label(errors.span(opener), "opened here"));
  }

  private void reportStray(CommonToken token) {
    errors.reportDamage(
        Diagnostic.at(errors.span(token), "syntax", "'" + token.getText() + "' closes nothing")
            .help(
                "is a '"
                    + openerOf(token)
                    + "' missing above, or this '"
                    + token.getText()
                    + "' one too many?"));
  }

  private static String openerOf(CommonToken closer) {
    return switch (closer.getType()) {
      case NnParser.RIGHT_PAREN -> "(";
      case NnParser.RIGHT_BRACKET -> "[";
      default -> "{";
    };
  }
}
