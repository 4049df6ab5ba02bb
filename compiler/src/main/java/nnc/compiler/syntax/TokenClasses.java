package nnc.compiler.syntax;

import nnc.grammar.NnParser;

/** What kinds of tokens there are, as far as line ends and brackets ask. */
final class TokenClasses {
  private TokenClasses() {}

  /** Words that are never names. */
  static boolean isReserved(int type) {
    return switch (type) {
      case NnParser.MODEL,
          NnParser.LAYER,
          NnParser.FN,
          NnParser.OPTIMIZER,
          NnParser.TRAIN,
          NnParser.IMPORT,
          NnParser.OVER,
          NnParser.AND,
          NnParser.OR,
          NnParser.NOT ->
          true;
      default -> false;
    };
  }

  /** Words that begin a statement when something other than the rest of an expression follows them. */
  static boolean beginsStatement(int type) {
    return switch (type) {
      case NnParser.GENERATE,
          NnParser.DIM,
          NnParser.INPUT,
          NnParser.OUTPUT,
          NnParser.METRIC,
          NnParser.PARAM,
          NnParser.BUFFER,
          NnParser.UPDATE,
          NnParser.STATE,
          NnParser.START,
          NnParser.TRUNCATE,
          NnParser.REPEAT,
          NnParser.RECUR,
          NnParser.DATA,
          NnParser.EVAL,
          NnParser.HOLD,
          NnParser.FREEZE,
          NnParser.CLIP,
          NnParser.FEED ->
          true;
      default -> false;
    };
  }

  /** Words that join two parts of a statement: a value stands before them. */
  static boolean joins(int type) {
    return switch (type) {
      case NnParser.FOR, NnParser.FROM, NnParser.AS, NnParser.IF, NnParser.WHERE, NnParser.OUT ->
          true;
      default -> false;
    };
  }

  /** A name, or a word that may be one. */
  static boolean mayBeName(int type) {
    return type == NnParser.IDENT || type == NnParser.HEADS || beginsStatement(type) || joins(type);
  }

  /** An expression may end with it, so that a sign after it stands between two operands. */
  static boolean endsOperand(int type) {
    return mayBeName(type)
        || switch (type) {
          case NnParser.NUMBER,
              NnParser.TEXT,
              NnParser.PERCENT,
              NnParser.RIGHT_PAREN,
              NnParser.RIGHT_BRACKET,
              NnParser.RIGHT_BRACE ->
              true;
          default -> false;
        };
  }

  /**
   * It stands between two operands, or before one: what follows it, even on the next line, goes on with
   * the statement.
   */
  static boolean continuesLine(int type) {
    return isOperator(type)
        || switch (type) {
          case NnParser.NOT,
              NnParser.OVER,
              NnParser.ASSIGN,
              NnParser.TILDE,
              NnParser.ARROW,
              NnParser.COMMA,
              NnParser.COLON,
              NnParser.DOT ->
              true;
          default -> false;
        };
  }

  /** Operators that take a left operand. */
  static boolean isOperator(int type) {
    return switch (type) {
      case NnParser.PIPE,
          NnParser.OR,
          NnParser.AND,
          NnParser.EQUAL,
          NnParser.UNEQUAL,
          NnParser.AT_MOST,
          NnParser.AT_LEAST,
          NnParser.LESS,
          NnParser.GREATER,
          NnParser.PLUS,
          NnParser.MINUS,
          NnParser.TIMES,
          NnParser.DIVIDE,
          NnParser.MATMUL,
          NnParser.POWER ->
          true;
      default -> false;
    };
  }

  static boolean opens(int type) {
    return type == NnParser.LEFT_PAREN
        || type == NnParser.LEFT_BRACKET
        || type == NnParser.LEFT_BRACE;
  }

  static boolean closes(int type) {
    return type == NnParser.RIGHT_PAREN
        || type == NnParser.RIGHT_BRACKET
        || type == NnParser.RIGHT_BRACE;
  }

  static int closerOf(int opener) {
    return switch (opener) {
      case NnParser.LEFT_PAREN -> NnParser.RIGHT_PAREN;
      case NnParser.LEFT_BRACKET -> NnParser.RIGHT_BRACKET;
      case NnParser.LEFT_BRACE -> NnParser.RIGHT_BRACE;
      default -> throw new IllegalArgumentException("token type " + opener + " opens nothing");
    };
  }
}
