package nnc.compiler.syntax;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import nnc.compiler.source.Diagnostic;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.CommonToken;

/**
 * Refuses what would need a deep stack, before anything recurses over it: the parser goes one step down for
 * each bracket, each '-' or 'not' in front of an operand, and each '^'; and each operation makes the syntax
 * tree one level deeper.
 */
final class NestingLimit {
  static final int NESTED = 200;
  static final int DEPTH = 500;

  /** What one pair of brackets has seen so far. */
  private static final class Level {
    /** '-' and '^' whose right operand has not ended yet. */
    int openSigns;

    /** 'not's whose operand has not ended yet: they reach further than signs. */
    int openNots;

    int operations;
    int deepestBracket;
    int deepest;

    void endExpression() {
      deepest = Math.max(deepest, operations + deepestBracket);
      openSigns = 0;
      openNots = 0;
      operations = 0;
      deepestBracket = 0;
    }
  }

  private final SyntaxErrors errors;
  private final Deque<Level> levels = new ArrayDeque<>();
  private int nested;

  private NestingLimit(SyntaxErrors errors) {
    this.errors = errors;
    levels.push(new Level());
  }

  /** Throws what has been reported so far and the error, if the limit is passed. Brackets must be balanced. */
  static void check(SyntaxErrors errors, List<CommonToken> tokens) {
    NestingLimit limit = new NestingLimit(errors);
    int previous = NnParser.END;
    for (CommonToken token : tokens) {
      limit.accept(token, TokenClasses.endsOperand(previous));
      previous = token.getType();
    }
  }

  private void accept(CommonToken token, boolean afterOperand) {
    Level level = levels.peek();
    int type = token.getType();
    if (TokenClasses.opens(type)) {
      level.operations += afterOperand ? 1 : 0;
      nested++;
      levels.push(new Level());
    } else if (TokenClasses.closes(type)) {
      close();
    } else if (type == NnParser.NOT) {
      level.openNots++;
      level.operations++;
      nested++;
    } else if (type == NnParser.POWER || (type == NnParser.MINUS && !afterOperand)) {
      level.openSigns++;
      level.operations++;
      nested++;
    } else if (TokenClasses.isOperator(type)) {
      boolean endsNots = type == NnParser.AND || type == NnParser.OR || type == NnParser.PIPE;
      nested -= level.openSigns + (endsNots ? level.openNots : 0);
      level.openSigns = 0;
      level.openNots = endsNots ? 0 : level.openNots;
      level.operations++;
    } else if (type == NnParser.DOT) {
      level.operations++;
    } else if (separates(type)) {
      nested -= level.openSigns + level.openNots;
      level.endExpression();
    }
    check(token, levels.peek());
  }

  private void close() {
    Level closed = levels.pop();
    nested -= 1 + closed.openSigns + closed.openNots;
    closed.endExpression();
    Level outer = levels.peek();
    outer.deepestBracket = Math.max(outer.deepestBracket, closed.deepest + 1);
  }

  private static boolean separates(int type) {
    return switch (type) {
      case NnParser.END,
          NnParser.COMMA,
          NnParser.ASSIGN,
          NnParser.COLON,
          NnParser.TILDE,
          NnParser.RANGE,
          NnParser.OVER,
          NnParser.WHERE,
          NnParser.IF ->
          true;
      default -> false;
    };
  }

  private void check(CommonToken token, Level level) {
    if (nested > NESTED) {
      fail(token, "nested deeper than " + NESTED + " levels");
    }
    if (level.operations + level.deepestBracket > DEPTH) {
      fail(
          token,
          "this expression has more than " + DEPTH + " operations that depend on each other");
    }
  }

  private void fail(CommonToken token, String message) {
    errors.reportDamage(
        Diagnostic.at(errors.span(token), "nesting", message)
            .help("give a part of it a name of its own, or write it as a function"));
    errors.throwIfAny();
  }
}
