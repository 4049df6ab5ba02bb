package nnc.compiler.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import nnc.compiler.source.Diagnostic;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * Reports brackets without a partner and mends them, so that the parser, which sees only balanced brackets, can go on to
 * the other errors of the file.
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
   * @param complete whether brackets that are open at the end of the file are to be reported
   */
  static List<CommonToken> balance(SyntaxErrors errors, List<CommonToken> tokens, boolean complete) {
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
      closeAll();
      balanced.add(insertedBefore(index, NnParser.NEWLINE));
    } else if (type == Token.EOF) {
      closeAll();
    } else if (type == NnParser.LEFT_BRACE || (type == NnParser.NEWLINE && startsAnew(index))) {
      closeUnclosedParentheses(index);
    } else if (TokenClasses.closes(type)) {
      if (pairs.partner(index) == BracketPairs.NONE) {
        reportStray(token);
        return;
      }
      while (open.peek() != pairs.partner(index)) {
        closeUnclosed(index);
      }
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
    int next = newline + 1;
    while (tokens.get(next).getType() == NnParser.NEWLINE) {
      next++;
    }
    int before = newline == 0 ? NnParser.NEWLINE : tokens.get(newline - 1).getType();
    int after = tokens.get(next).getType();
    boolean operand =
        after == NnParser.IDENT || after == NnParser.NUMBER || after == NnParser.TEXT || TokenClasses.beginsStatement(after);
    return TokenClasses.endsOperand(before) && operand;
  }

  private void closeUnclosedParentheses(int index) {
    while (!open.isEmpty()
        && pairs.partner(open.peek()) == BracketPairs.NONE
        && tokens.get(open.peek()).getType() != NnParser.LEFT_BRACE) {
      closeUnclosed(index);
    }
  }

  private void closeAll() {
    boolean reportBraces = complete;
    while (!open.isEmpty()) {
      int opener = open.peek();
      boolean brace = tokens.get(opener).getType() == NnParser.LEFT_BRACE;
      if (!brace || reportBraces) {
        reportUnclosed(opener);
      }
      // One missing '}' leaves one brace open; that several are missing at one place is told by the innermost.
      reportBraces &= !brace;
      insertCloser(tokens.size() - 1);
    }
  }

  private void closeUnclosed(int before) {
    reportUnclosed(open.peek());
    insertCloser(before);
  }

  private void insertCloser(int before) {
    balanced.add(insertedBefore(before, TokenClasses.closerOf(tokens.get(open.pop()).getType())));
  }

  private CommonToken insertedBefore(int index, int type) {
    int at = balanced.isEmpty() ? tokens.get(index).getStartIndex() : balanced.getLast().getStopIndex() + 1;
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
                .label(errors.span(closer), "this '}' closes it, but is indented like a line further out"));
        return;
      }
    }
    errors.reportDamage(unclosed(token));
  }

  private Diagnostic unclosed(CommonToken opener) {
    return Diagnostic.at(errors.span(opener), "syntax", "this '" + opener.getText() + "' is never closed");
  }

  private void reportMismatch(CommonToken opener, CommonToken closer) {
    String message = "'" + closer.getText() + "' does not close '" + opener.getText() + "'";
    errors.reportDamage(
        Diagnostic.at(errors.span(closer), "syntax", message).label(errors.span(opener), "opened here"));
  }

  private void reportStray(CommonToken token) {
    errors.reportDamage(
        Diagnostic.at(errors.span(token), "syntax", "'" + token.getText() + "' closes nothing")
            .note("every bracket that was opened before it is already closed"));
  }
}
