package nnc.compiler.syntax;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import nnc.compiler.source.Source;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * Which bracket closes which. A '}' closes the nearest '{' whatever round and square brackets are still
 * open in between; ')' and ']' never reach out of a '{'; and a declaration that is indented no deeper than
 * what is still open shows that a '}' is missing before it.
 */
final class BracketPairs {
  static final int NONE = -1;

  private final Source source;
  private final List<CommonToken> tokens;
  private final int[] partner;
  private final BitSet restarts = new BitSet();
  private final BitSet mismatched = new BitSet();

  BracketPairs(Source source, List<CommonToken> tokens) {
    this.source = source;
    this.tokens = tokens;
    this.partner = new int[tokens.size()];
    Arrays.fill(partner, NONE);
    if (match(false)) {
      Arrays.fill(partner, NONE);
      restarts.clear();
      mismatched.clear();
      match(true);
    }
  }

  /** The index of the bracket that belongs to the one at an index, or {@link #NONE}. */
  int partner(int index) {
    return partner[index];
  }

  /** Whether the closing bracket at an index has a partner of the other kind: {@code [1, 2)}. */
  boolean isMismatched(int closer) {
    return mismatched.get(closer);
  }

  /** Whether the declaration that begins at an index shows that everything open before it should have been closed. */
  boolean restartsAt(int index) {
    return restarts.get(index);
  }

  /**
   * Pairs the brackets, and tells whether a '}' is left over.
   *
   * @param byIndent whether a '}' that is indented deeper than the line of the '{' it would close is left
   *     out, because it belongs to a '{' that is missing
   */
  private boolean match(boolean byIndent) {
    Deque<Integer> open = new ArrayDeque<>();
    boolean stray = false;
    for (int i = 0; i < tokens.size(); i++) {
      int type = tokens.get(i).getType();
      if (TokenClasses.opens(type)) {
        open.push(i);
      } else if (TokenClasses.closes(type)) {
        close(i, open, byIndent);
        stray |= type == NnParser.RIGHT_BRACE && partner[i] == NONE;
      } else if (!open.isEmpty() && beginsDeclaration(i) && indent(i) <= indent(open.peekLast())) {
        restarts.set(i);
        open.clear();
      }
    }
    return stray;
  }

  private void close(int closer, Deque<Integer> open, boolean byIndent) {
    int type = tokens.get(closer).getType();
    int passed = 0;
    for (int opener : open) {
      int openerType = tokens.get(opener).getType();
      if (TokenClasses.closerOf(openerType) == type) {
        if (byIndent && beginsLine(closer) && indent(closer) > indent(opener)) {
          return;
        }
        for (int i = 0; i <= passed; i++) {
          open.pop();
        }
        join(opener, closer);
        return;
      }
      // What is nested deeper than the limit is refused anyway, and need not be searched.
      if (openerType == NnParser.LEFT_BRACE || passed > NestingLimit.NESTED) {
        break;
      }
      passed++;
    }
    if (passed > 0) {
      join(open.pop(), closer);
      mismatched.set(closer);
    }
  }

  private void join(int opener, int closer) {
    partner[opener] = closer;
    partner[closer] = opener;
  }

  private boolean beginsDeclaration(int index) {
    if (!beginsLine(index)) {
      return false;
    }
    int next = typeAt(index + 1);
    return switch (typeAt(index)) {
      case NnParser.MODEL, NnParser.LAYER, NnParser.FN, NnParser.TRAIN, NnParser.GENERATE ->
          TokenClasses.mayBeName(next);
      case NnParser.IMPORT -> next == NnParser.TEXT;
      case NnParser.OPTIMIZER -> TokenClasses.mayBeName(next) && blockFollowsParentheses(index + 2);
      default -> false;
    };
  }

  /** Tells the declaration {@code optimizer X(…) {} from the item {@code optimizer X(…)} of a train block. */
  private boolean blockFollowsParentheses(int index) {
    int depth = 0;
    for (int i = index; i < tokens.size(); i++) {
      int type = typeAt(i);
      if (type == NnParser.LEFT_BRACE || type == NnParser.RIGHT_BRACE) {
        return type == NnParser.LEFT_BRACE;
      }
      depth += type == NnParser.LEFT_PAREN ? 1 : type == NnParser.RIGHT_PAREN ? -1 : 0;
      if (type == NnParser.OPTIMIZER) {
        return false;
      }
      if (type == NnParser.NEWLINE && depth <= 0) {
        return typeAt(i + 1) == NnParser.LEFT_BRACE;
      }
    }
    return false;
  }

  private boolean beginsLine(int index) {
    return index == 0 || typeAt(index - 1) == NnParser.NEWLINE;
  }

  private int typeAt(int index) {
    return index < tokens.size() ? tokens.get(index).getType() : Token.EOF;
  }

  /**
   * An opening brace inside the one at {@code unclosed} that is closed by a '}' which, by its indentation,
   * was meant for a line further out: there the missing '}' belongs. {@link #NONE} if the indentation tells
   * nothing.
   */
  int misindented(int unclosed) {
    for (int i = unclosed + 1; i < tokens.size() && !restarts.get(i); i++) {
      boolean closesBlock =
          typeAt(i) == NnParser.RIGHT_BRACE && partner[i] != NONE && beginsLine(i);
      if (closesBlock && partner[i] > unclosed && indent(i) < indent(partner[i])) {
        return partner[i];
      }
    }
    return NONE;
  }

  private int indent(int index) {
    String line = source.lineText(source.line(tokens.get(index).getStartIndex()));
    return line.length() - line.stripLeading().length();
  }
}
