package nnc.compiler.syntax;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.source.Diagnostic;
import nnc.grammar.NnLexer;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a source into tokens. What comes out is: words, numbers, texts, signs and line ends, closed by an EOF; comments
 * are gone, malformed tokens are reported and replaced by what they were meant to be.
 */
final class Scanner {
  private final SyntaxErrors errors;
  private final List<CommonToken> tokens = new ArrayList<>();
  private final Map<Token, String> docs = new IdentityHashMap<>();
  private final StringBuilder pendingDoc = new StringBuilder();
  private final Set<Integer> unknownInLine = new HashSet<>();
  private boolean complete = true;

  /** Behind a '#', which is reported: the rest of the line is meant for people. */
  private boolean inForeignComment;

  Scanner(SyntaxErrors errors) {
    this.errors = errors;
  }

  /** The text of the {@code ///} lines above a token, by the token. */
  Map<Token, String> docs() {
    return docs;
  }

  /** False if the end of the file is lost in a comment that is not closed. */
  boolean isComplete() {
    return complete;
  }

  List<CommonToken> scan() {
    NnLexer lexer = new NnLexer(new SourceStream(errors.source()));
    lexer.removeErrorListeners();
    @Nullable CommonToken previous = null;
    for (CommonToken token = next(lexer); token.getType() != Token.EOF; token = next(lexer)) {
      accept(token, previous);
      previous = token;
    }
    CommonToken end = new CommonToken(Token.EOF, "");
    int length = errors.source().text().length();
    end.setStartIndex(length);
    end.setStopIndex(length - 1);
    tokens.add(end);
    return tokens;
  }

  private static CommonToken next(NnLexer lexer) {
    return (CommonToken) lexer.nextToken();
  }

  private void accept(CommonToken token, @Nullable CommonToken previous) {
    if (inForeignComment && token.getType() != NnLexer.NEWLINE) {
      return;
    }
    switch (token.getType()) {
      case NnLexer.DOC -> acceptDoc(token);
      case NnLexer.BLOCK_COMMENT -> checkComment(token);
      case NnLexer.NEWLINE -> {
        unknownInLine.clear();
        inForeignComment = false;
        tokens.add(token);
      }
      case NnLexer.UNKNOWN -> reportUnknown(token, previous);
      case NnLexer.UNCLOSED_TEXT -> {
        errors.reportDamage(
            Diagnostic.at(errors.span(token), "syntax", "this text is not closed")
                .help("a text ends with '\"' on the line where it begins"));
        token.setType(NnLexer.TEXT);
        add(token);
      }
      case NnLexer.MALFORMED_NUMBER -> {
        errors.reportDamage(
            Diagnostic.at(
                    errors.span(token),
                    "syntax",
                    "'" + shortened(token.getText()) + "' is neither a number nor a name")
                .help("a name begins with a letter, and a product is written with '*': 2 * x"));
        token.setType(NnLexer.IDENT);
        add(token);
      }
      default -> add(token);
    }
  }

  private void add(CommonToken token) {
    if (!pendingDoc.isEmpty()) {
      docs.put(token, pendingDoc.toString());
      pendingDoc.setLength(0);
    }
    tokens.add(token);
  }

  /** A doc line has its line to itself; behind code it is an ordinary comment, not the doc of the line below. */
  private void acceptDoc(CommonToken token) {
    boolean alone = tokens.isEmpty() || tokens.getLast().getType() == NnLexer.NEWLINE;
    if (alone) {
      String line = token.getText().substring("///".length()).strip();
      pendingDoc.append(pendingDoc.isEmpty() ? "" : "\n").append(line);
    }
  }

  private void checkComment(CommonToken token) {
    String text = token.getText();
    if (text.length() < "/**/".length() || !text.endsWith("*/")) {
      complete = false;
      token.setStopIndex(token.getStartIndex() + 1);
      errors.reportDamage(
          Diagnostic.at(errors.span(token), "syntax", "this comment is not closed")
              .note("everything after it is taken for a comment")
              .help("a comment over several lines ends with '*/'"));
    }
  }

  private void reportUnknown(CommonToken token, @Nullable CommonToken previous) {
    int codePoint = errors.source().text().codePointAt(token.getStartIndex());
    inForeignComment = codePoint == '#';
    boolean byteOrderMark = codePoint == 0xFEFF && token.getStartIndex() == 0;
    boolean goesOn =
        previous != null
            && previous.getType() == NnLexer.UNKNOWN
            && previous.getStopIndex() + 1 == token.getStartIndex();
    boolean knownByNow = !unknownInLine.add(codePoint);
    if (byteOrderMark || goesOn || knownByNow) {
      return;
    }
    errors.reportDamage(UnknownCharacters.describe(codePoint, errors.span(token)));
  }

  static String shortened(String text) {
    int limit = 40;
    return text.length() <= limit
        ? text
        : text.substring(0, text.offsetByCodePoints(0, limit / 2)) + "…";
  }
}
