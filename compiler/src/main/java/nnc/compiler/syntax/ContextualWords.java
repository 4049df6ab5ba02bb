package nnc.compiler.syntax;

import java.util.List;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.CommonToken;

/**
 * Makes names of the words that are not reserved, wherever they are not used as words: {@code state m, v = 0} declares,
 * {@code state = cell(x)} assigns.
 */
final class ContextualWords {
  private ContextualWords() {}

  /** Changes the types of the tokens in the list; the last of them is the EOF. */
  static void resolve(List<CommonToken> tokens) {
    int previous = NnParser.END;
    for (int i = 0; i < tokens.size() - 1; i++) {
      CommonToken token = tokens.get(i);
      int type = token.getType();
      if (TokenClasses.mayBeName(type) && !isWord(type, previous, tokens, i + 1)) {
        token.setType(NnParser.IDENT);
      }
      previous = token.getType();
    }
  }

  private static boolean isWord(int type, int previous, List<CommonToken> tokens, int next) {
    int nextType = tokens.get(next).getType();
    // The word before has been resolved: if it is still one, it is no operand.
    boolean afterOperand =
        TokenClasses.endsOperand(previous)
            && (previous == NnParser.IDENT || !TokenClasses.mayBeName(previous));
    boolean begins = previous == NnParser.END || previous == NnParser.LEFT_BRACE;
    return switch (type) {
      case NnParser.OUT -> previous == NnParser.HOLD;
      case NnParser.FOR, NnParser.FROM, NnParser.AS, NnParser.IF -> afterOperand;
      case NnParser.WHERE -> afterOperand || previous == NnParser.OVER;
      case NnParser.HEADS ->
          nextType == NnParser.NUMBER
              || TokenClasses.mayBeName(nextType) && !TokenClasses.joins(nextType);
      case NnParser.HOLD -> begins && nextType == NnParser.OUT;
      case NnParser.FREEZE -> begins && (nextType == NnParser.TIMES || !goesOnAfterName(nextType));
      case NnParser.REPEAT ->
          begins && (blockFollowsParentheses(tokens, next) || !goesOnAfterName(nextType));
      default -> begins && !goesOnAfterName(nextType);
    };
  }

  /** A name before it would be the beginning of an expression, of a call, or of the left side of an assignment. */
  private static boolean goesOnAfterName(int type) {
    return TokenClasses.isOperator(type)
        || TokenClasses.closes(type)
        || switch (type) {
          case NnParser.ASSIGN,
              NnParser.COMMA,
              NnParser.DOT,
              NnParser.LEFT_PAREN,
              NnParser.LEFT_BRACKET,
              NnParser.END ->
              true;
          default -> false;
        };
  }

  /** {@code repeat (n + 1) { … }} is no call. */
  private static boolean blockFollowsParentheses(List<CommonToken> tokens, int index) {
    if (tokens.get(index).getType() != NnParser.LEFT_PAREN) {
      return false;
    }
    int depth = 0;
    int i = index;
    do {
      int type = tokens.get(i).getType();
      depth += TokenClasses.opens(type) ? 1 : TokenClasses.closes(type) ? -1 : 0;
      i++;
    } while (depth > 0);
    return tokens.get(i).getType() == NnParser.LEFT_BRACE;
  }
}
