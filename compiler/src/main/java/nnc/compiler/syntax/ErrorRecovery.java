package nnc.compiler.syntax;

import java.util.Optional;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/**
 * What the parser does about an error: it reports it once, gives up the statement it stands in, but not the block that
 * this statement opens, and goes on behind the statement's END.
 */
final class ErrorRecovery extends DefaultErrorStrategy {
  /** The first token of a statement that stands outside of any declaration, whatever it is. */
  private static final int STRAY = Token.INVALID_TYPE;

  private final SyntaxErrors errors;
  private final SyntaxMessages messages;

  /** The first token of a declaration that ended before its '{', if that is what was parsed last. */
  private Optional<Token> unopened = Optional.empty();

  ErrorRecovery(SyntaxErrors errors, SyntaxMessages messages) {
    this.errors = errors;
    this.messages = messages;
  }

  @Override
  public void reportError(Parser parser, RecognitionException e) {
    if (!inErrorRecoveryMode(parser)) {
      beginErrorCondition(parser);
      report(e.getOffendingToken(), e.getCtx(), expected(parser));
    }
  }

  private void report(Token found, RuleContext context, IntervalSet expected) {
    if (!messages.followsDamage(found)) {
      errors.report(messages.describe(found, context, expected));
    }
  }

  private static IntervalSet expected(Parser parser) {
    return parser.getATN().nextTokens(parser.getATN().states.get(parser.getState()));
  }

  /** A token that is missing or too much is never guessed: the whole statement is given up. */
  @Override
  public Token recoverInline(Parser parser) {
    throw new InputMismatchException(parser);
  }

  /** Rules that are no statements hand the error on to the one around them, which goes on behind the END. */
  @Override
  public void recover(Parser parser, RecognitionException e) {
    Token first = parser.getContext().getStart();
    switch (parser.getContext().getRuleIndex()) {
      case NnParser.RULE_item -> {
        boolean opened = skipStatement((NnParser) parser, first.getType());
        unopened = opened ? Optional.empty() : Optional.of(first);
      }
      case NnParser.RULE_line,
          NnParser.RULE_trainLine,
          NnParser.RULE_dataLine,
          NnParser.RULE_generateLine ->
          skipStatement((NnParser) parser, first.getType());
      default -> throw e;
    }
  }

  /** Between two statements: what cannot begin one is reported and skipped here, where the block is still open. */
  @Override
  public void sync(Parser parser) {
    switch (parser.getContext().getRuleIndex()) {
      case NnParser.RULE_file -> skipToDeclaration((NnParser) parser);
      case NnParser.RULE_block,
          NnParser.RULE_trainBlock,
          NnParser.RULE_dataBlock,
          NnParser.RULE_generateBlock ->
          skipToStatement((NnParser) parser);
      default -> {
        // Inside a statement every rule finds its own errors.
      }
    }
  }

  private void skipToStatement(NnParser parser) {
    IntervalSet expected = expected(parser);
    while (!expected.contains(parser.getCurrentToken().getType())
        && parser.getCurrentToken().getType() != Token.EOF) {
      Token found = parser.getCurrentToken();
      report(found, parser.getContext(), expected);
      skipStatement(parser, found.getType());
    }
  }

  /**
   * Statements outside of any declaration come in numbers, when a '}' stands too early: one report is enough; or none,
   * when the declaration above them has lost its '{', as their indentation shows.
   */
  private void skipToDeclaration(NnParser parser) {
    IntervalSet expected = expected(parser);
    while (unopened.isPresent() && isDeeper(parser.getCurrentToken(), unopened.get())) {
      skipStatement(parser, STRAY);
    }
    unopened = Optional.empty();
    if (!expected.contains(parser.getCurrentToken().getType())) {
      report(parser.getCurrentToken(), parser.getContext(), expected);
    }
    while (!expected.contains(parser.getCurrentToken().getType())) {
      skipStatement(parser, STRAY);
    }
  }

  private boolean isDeeper(Token token, Token declaration) {
    return token.getType() != Token.EOF
        && errors.span(token).column() > errors.span(declaration).column();
  }

  /** Skips to behind the END of a statement, and tells whether the statement opened a block. */
  private boolean skipStatement(NnParser parser, int firstType) {
    beginErrorCondition(parser);
    boolean opened = false;
    while (parser.getCurrentToken().getType() != NnParser.END
        && parser.getCurrentToken().getType() != Token.EOF) {
      if (parser.getCurrentToken().getType() == NnParser.LEFT_BRACE) {
        endErrorCondition(parser);
        parseBlock(parser, firstType);
        opened = true;
      } else {
        parser.consume();
      }
    }
    if (parser.getCurrentToken().getType() == NnParser.END) {
      parser.consume();
    }
    endErrorCondition(parser);
    return opened;
  }

  /** The errors inside a block do not depend on what is wrong in front of it. */
  private static void parseBlock(NnParser parser, int firstType) {
    switch (firstType) {
      case NnParser.TRAIN -> parser.trainBlock();
      case NnParser.DATA, NnParser.EVAL -> parser.dataBlock();
      case NnParser.GENERATE -> parser.generateBlock();
      case STRAY -> parser.anyBlock();
      default -> parser.block();
    }
  }
}
