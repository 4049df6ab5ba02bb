package nnc.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.grammar.NnParser.ClipItemContext;
import nnc.grammar.NnParser.DataBlockContext;
import nnc.grammar.NnParser.DataItemContext;
import nnc.grammar.NnParser.DataLineContext;
import nnc.grammar.NnParser.FreezeItemContext;
import nnc.grammar.NnParser.HoldOutContext;
import nnc.grammar.NnParser.OptimizerItemContext;
import nnc.grammar.NnParser.PatternContext;
import nnc.grammar.NnParser.SettingItemContext;
import nnc.grammar.NnParser.TrainBlockContext;
import nnc.grammar.NnParser.TrainItemContext;
import nnc.grammar.NnParser.TrainLineContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/** Makes the items of a train block. */
final class TrainBuilder {
  private final SyntaxErrors errors;
  private final ExpressionBuilder expressions;
  private final Literals literals;

  TrainBuilder(SyntaxErrors errors, ExpressionBuilder expressions) {
    this.errors = errors;
    this.expressions = expressions;
    this.literals = new Literals(errors);
  }

  /** Leaves out the items that have a syntax error. */
  List<Ast.TrainItem> items(TrainBlockContext block) {
    List<Ast.TrainItem> items = new ArrayList<>();
    for (TrainLineContext line : block.trainLine()) {
      if (line.exception == null) {
        items.add(item(line.trainItem()));
      }
    }
    return List.copyOf(items);
  }

  private Ast.TrainItem item(TrainItemContext context) {
    Span span = errors.span(context);
    return switch (context.getChild(0)) {
      case DataItemContext data -> data(data, span);
      case OptimizerItemContext optimizer ->
          new Ast.OptimizerItem(
              expressions.build(optimizer.getChild(1)),
              Optional.ofNullable(optimizer.pattern()).map(this::pattern),
              span);
      case FreezeItemContext freeze -> new Ast.FreezeItem(pattern(freeze.pattern()), span);
      case ClipItemContext clip -> clip(clip, span);
      case SettingItemContext setting ->
          new Ast.SettingItem(
              expressions.name(setting.name()), expressions.build(setting.expression()), span);
      case ParseTree other ->
          throw new IllegalStateException("no item: " + other.getClass().getSimpleName());
    };
  }

  private Ast.TrainItem data(DataItemContext data, Span span) {
    List<Ast.ColumnMapping> columns = new ArrayList<>();
    List<HoldOutContext> heldOut = new ArrayList<>();
    for (DataLineContext line : lines(data.dataBlock())) {
      if (line.exception == null && line.columnMapping() != null) {
        columns.add(
            new Ast.ColumnMapping(
                expressions.name(line.columnMapping().name()),
                expressions.build(line.columnMapping().expression()),
                errors.span(line.columnMapping())));
      } else if (line.exception == null) {
        heldOut.add(line.holdOut());
      }
    }
    if (heldOut.size() > 1) {
      errors.report(
          Diagnostic.at(
                  errors.span(heldOut.get(1)), "syntax", "'hold out' stands twice in one block")
              .label(errors.span(heldOut.getFirst()), "first here"));
    }
    return new Ast.DataItem(
        data.EVAL() != null,
        expressions.build(data.getChild(1)),
        List.copyOf(columns),
        heldOut.stream().findFirst().map(this::holdOut),
        span);
  }

  private static List<DataLineContext> lines(@Nullable DataBlockContext block) {
    return block == null ? List.of() : block.dataLine();
  }

  private Ast.HoldOut holdOut(HoldOutContext holdOut) {
    double amount = literals.number(holdOut.NUMBER().getSymbol()).value();
    return new Ast.HoldOut(amount, holdOut.PERCENT() != null, errors.span(holdOut));
  }

  private Ast.TrainItem clip(ClipItemContext clip, Span span) {
    Ast.Name kind = expressions.name(clip.name());
    if (!kind.text().equals("norm") && !kind.text().equals("value")) {
      errors.report(
          Diagnostic.at(
                  kind.span(),
                  "syntax",
                  "expected 'norm' or 'value' after 'clip', found '" + kind + "'")
              .help(
                  "'clip norm 5' scales the whole gradient, 'clip value 1' bounds each of its elements"));
    }
    return new Ast.ClipItem(kind.text().equals("norm"), expressions.build(clip.expression()), span);
  }

  private String pattern(PatternContext pattern) {
    Span span = errors.span(pattern);
    if (span.text().chars().anyMatch(Character::isWhitespace)) {
      errors.report(
          Diagnostic.at(span, "syntax", "expected one path of parameters, found several words")
              .help("write one line for each: freeze embed.*"));
    }
    return span.text();
  }
}
