package nnc.compiler.syntax;

import nnc.grammar.NnParser;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/**
 * Where the parser could not go on.
 *
 * @param found the token it could not use
 * @param previous the token before it in the same statement; null if found is the first
 * @param next the token after it
 * @param first the first token of the statement
 * @param context the rule it was in
 * @param expected the tokens that would have done
 */
record Situation(
    Token found,
    @Nullable Token previous,
    Token next,
    Token first,
    RuleContext context,
    IntervalSet expected) {

  int rule() {
    return context.getRuleIndex();
  }

  boolean foundIs(int type) {
    return found.getType() == type;
  }

  boolean previousIs(int type) {
    return previous != null && previous.getType() == type;
  }

  boolean firstIs(int type) {
    return first.getType() == type;
  }

  boolean nextIs(int type) {
    return next.getType() == type;
  }

  /** A statement or an item is complete before {@link #found}. */
  boolean isComplete() {
    return switch (rule()) {
      case NnParser.RULE_line,
          NnParser.RULE_item,
          NnParser.RULE_trainLine,
          NnParser.RULE_dataLine,
          NnParser.RULE_generateLine ->
          true;
      default -> false;
    };
  }

  boolean expectsValue() {
    return expected.contains(NnParser.NUMBER) && expected.contains(NnParser.LEFT_PAREN);
  }

  boolean isAfterBlock() {
    return previousIs(NnParser.RIGHT_BRACE);
  }

  boolean isReservedWordAsName() {
    if (!TokenClasses.isReserved(found.getType()) || isComplete()) {
      return false;
    }
    boolean declares =
        rule() == NnParser.RULE_name
            || found.getType() != NnParser.AND && found.getType() != NnParser.OR;
    boolean usedAsName = previous != null || nextIs(NnParser.ASSIGN) || nextIs(NnParser.COMMA);
    return expected.contains(NnParser.IDENT) && declares && usedAsName;
  }

  boolean isNestedDeclaration() {
    if (rule() != NnParser.RULE_block
        && rule() != NnParser.RULE_trainBlock
        && rule() != NnParser.RULE_generateBlock) {
      return false;
    }
    return switch (found.getType()) {
      case NnParser.MODEL,
          NnParser.LAYER,
          NnParser.FN,
          NnParser.TRAIN,
          NnParser.IMPORT,
          NnParser.OPTIMIZER,
          NnParser.GENERATE ->
          previous == null;
      default -> false;
    };
  }
}
