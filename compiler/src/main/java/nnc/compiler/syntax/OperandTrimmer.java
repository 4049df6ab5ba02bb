package nnc.compiler.syntax;

import nnc.grammar.NnParser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * Takes the levels of precedence that only hand on one operand out of the parse tree while it grows: a name alone would
 * otherwise be ten nodes deep, and a large file a very large tree.
 */
final class OperandTrimmer implements ParseTreeListener {
  @Override
  public void exitEveryRule(ParserRuleContext context) {
    if (context.getChildCount() != 1 || context.exception != null || !isPrecedenceLevel(context.getRuleIndex())) {
      return;
    }
    ParserRuleContext parent = context.getParent();
    ParseTree operand = context.getChild(0);
    parent.removeLastChild();
    parent.addAnyChild(operand);
    operand.setParent(parent);
  }

  private static boolean isPrecedenceLevel(int rule) {
    return switch (rule) {
      case NnParser.RULE_disjunction,
          NnParser.RULE_conjunction,
          NnParser.RULE_negation,
          NnParser.RULE_comparison,
          NnParser.RULE_sum,
          NnParser.RULE_product,
          NnParser.RULE_unary,
          NnParser.RULE_power,
          NnParser.RULE_postfix ->
          true;
      default -> false;
    };
  }

  @Override
  public void enterEveryRule(ParserRuleContext context) {}

  @Override
  public void visitTerminal(TerminalNode node) {}

  @Override
  public void visitErrorNode(ErrorNode node) {}
}
