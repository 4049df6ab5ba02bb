package nnc.compiler.syntax;

import java.util.function.Consumer;
import nnc.grammar.NnParser;
import nnc.grammar.NnParser.ItemContext;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * Keeps the parse tree small while it grows. The levels of precedence that only hand on one operand are
 * taken out: a name alone would otherwise be ten nodes deep. And each item of the file is handed over as
 * soon as it is complete, and then forgotten.
 */
final class TreeTrimmer implements ParseTreeListener {
  private final Consumer<ItemContext> items;

  /** @param items takes what it needs of a complete item, or of as much as could be parsed of it */
  TreeTrimmer(Consumer<ItemContext> items) {
    this.items = items;
  }

  @Override
  public void exitEveryRule(ParserRuleContext context) {
    if (context instanceof ItemContext item) {
      items.accept(item);
      item.children = null;
    } else if (context.getChildCount() == 1
        && context.exception == null
        && isPrecedenceLevel(context.getRuleIndex())) {
      replaceByOperand(context);
    }
  }

  private static void replaceByOperand(ParserRuleContext context) {
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
