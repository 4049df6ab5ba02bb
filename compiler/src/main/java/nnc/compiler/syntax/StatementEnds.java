package nnc.compiler.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * Decides which line ends end a statement. A line end counts except inside round and square brackets, after
 * a sign that something must follow, and before '|>' or '{'. Inside braces it counts again, whatever is
 * around them. The parser sees an END for each that counts, one for each ';', and one before each '}' and
 * at the end of the file: never an empty one.
 */
final class StatementEnds {
  private final List<CommonToken> out;
  private final Deque<Integer> brackets = new ArrayDeque<>();
  private boolean inPattern;

  private StatementEnds(int size) {
    out = new ArrayList<>(size + 16);
  }

  /** @param tokens with line ends and balanced brackets, closed by an EOF */
  static List<CommonToken> find(List<CommonToken> tokens) {
    StatementEnds ends = new StatementEnds(tokens.size());
    boolean lineEnded = false;
    for (CommonToken token : tokens) {
      if (token.getType() == NnParser.NEWLINE) {
        lineEnded = true;
      } else {
        ends.accept(token, lineEnded);
        lineEnded = false;
      }
    }
    return ends.out;
  }

  private void accept(CommonToken token, boolean lineEnded) {
    int type = token.getType();
    if (lineEnded && lineEndCounts(type)) {
      int at = out.isEmpty() ? 0 : out.getLast().getStopIndex() + 1;
      end("\n", at, at - 1);
    }
    if (type == NnParser.SEMICOLON && !inParentheses()) {
      end(";", token.getStartIndex(), token.getStopIndex());
      return;
    }
    if (type == NnParser.RIGHT_BRACE || type == Token.EOF) {
      end(type == Token.EOF ? "" : "}", token.getStartIndex(), token.getStopIndex());
    }
    if (TokenClasses.opens(type)) {
      brackets.push(type);
    } else if (TokenClasses.closes(type)) {
      brackets.pop();
    }
    inPattern |= type == NnParser.FREEZE && statementBegins() || type == NnParser.FOR;
    out.add(token);
  }

  private boolean inParentheses() {
    return !brackets.isEmpty() && brackets.peek() != NnParser.LEFT_BRACE;
  }

  private boolean lineEndCounts(int nextType) {
    if (inParentheses() || nextType == NnParser.PIPE || nextType == NnParser.LEFT_BRACE) {
      return false;
    }
    // 'freeze embed.*' is complete: its '*' is no product.
    return inPattern || !TokenClasses.continuesLine(lastType());
  }

  private void end(String endedBy, int start, int stop) {
    inPattern = false;
    if (statementBegins()) {
      return;
    }
    CommonToken end = new CommonToken(NnParser.END, endedBy);
    end.setStartIndex(start);
    end.setStopIndex(stop);
    out.add(end);
  }

  private boolean statementBegins() {
    return lastType() == NnParser.END || lastType() == NnParser.LEFT_BRACE;
  }

  private int lastType() {
    return out.isEmpty() ? NnParser.END : out.getLast().getType();
  }
}
