package nnc.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.source.Span;
import nnc.grammar.NnParser.BlockContext;
import nnc.grammar.NnParser.DeclarationContext;
import nnc.grammar.NnParser.FileContext;
import nnc.grammar.NnParser.FunctionDeclarationContext;
import nnc.grammar.NnParser.GenerateBlockContext;
import nnc.grammar.NnParser.GenerateDeclarationContext;
import nnc.grammar.NnParser.GenerateItemContext;
import nnc.grammar.NnParser.GenerateLineContext;
import nnc.grammar.NnParser.GenerateSettingContext;
import nnc.grammar.NnParser.ItemContext;
import nnc.grammar.NnParser.LayerDeclarationContext;
import nnc.grammar.NnParser.ModelDeclarationContext;
import nnc.grammar.NnParser.OptimizerDeclarationContext;
import nnc.grammar.NnParser.ParameterContext;
import nnc.grammar.NnParser.ParameterListContext;
import nnc.grammar.NnParser.TrainBlockContext;
import nnc.grammar.NnParser.TrainDeclarationContext;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;

/**
 * Makes the syntax of a file of its parse tree, and reports what the grammar alone cannot refuse.
 * Statements with a syntax error are left out: the result is then never seen, but the errors in the blocks
 * beneath them are.
 */
final class AstBuilder {
  private final SyntaxErrors errors;
  private final Map<Token, String> docs;
  private final StatementBuilder statements;
  private final TrainBuilder train;
  private final ExpressionBuilder expressions;
  private final List<Ast.Import> imports = new ArrayList<>();
  private final List<Ast.Declaration> declarations = new ArrayList<>();

  AstBuilder(SyntaxErrors errors, Map<Token, String> docs) {
    this.errors = errors;
    this.docs = docs;
    this.expressions = new ExpressionBuilder(errors, this::block);
    this.statements = new StatementBuilder(errors, docs, expressions, this::block);
    this.train = new TrainBuilder(errors, expressions);
  }

  /** Adds an import or a declaration to the file. */
  void add(ItemContext item) {
    if (item.exception != null) {
      salvage(item);
    } else if (item.importItem() != null) {
      Token path = item.importItem().TEXT().getSymbol();
      imports.add(new Ast.Import(new Literals(errors).text(path), errors.span(path)));
    } else {
      declaration(item.declaration()).ifPresent(declarations::add);
    }
  }

  /** The file, after all of its items have been added. */
  Ast.File file(FileContext file) {
    // What stands between the items does not belong there, and has been reported.
    salvage(file);
    return new Ast.File(errors.source(), List.copyOf(imports), List.copyOf(declarations));
  }

  private Optional<Ast.Declaration> declaration(DeclarationContext context) {
    String doc = docs.getOrDefault(context.getStart(), "");
    Span span = errors.span(context);
    return switch (context.getChild(0)) {
      case ModelDeclarationContext model ->
          Optional.of(
              new Ast.ModelDeclaration(
                  expressions.name(model.name()), doc, block(model.block()), span));
      case LayerDeclarationContext layer -> Optional.of(layer(layer, doc, span));
      case FunctionDeclarationContext function -> Optional.of(function(function, doc, span));
      case OptimizerDeclarationContext optimizer -> Optional.of(optimizer(optimizer, doc, span));
      case TrainDeclarationContext declared ->
          Optional.of(
              new Ast.TrainDeclaration(
                  expressions.name(declared.name(0)),
                  Optional.ofNullable(declared.name(1)).map(expressions::name),
                  doc,
                  train.items(declared.trainBlock()),
                  span));
      case GenerateDeclarationContext generate ->
          Optional.of(
              new Ast.GenerateDeclaration(
                  expressions.name(generate.name()),
                  doc,
                  generation(generate.generateBlock()),
                  span));
      case ParseTree other ->
          throw new IllegalStateException("no declaration: " + other.getClass().getSimpleName());
    };
  }

  private Ast.Declaration layer(LayerDeclarationContext layer, String doc, Span span) {
    List<ParameterListContext> lists = layer.parameterList();
    List<Ast.Parameter> configuration =
        lists.size() == 2 ? parameters(lists.getFirst()) : List.of();
    return new Ast.LayerDeclaration(
        expressions.name(layer.name()),
        doc,
        configuration,
        parameters(lists.getLast()),
        block(layer.block()),
        span);
  }

  private Ast.Declaration function(FunctionDeclarationContext function, String doc, Span span) {
    List<Ast.Statement> body =
        function.block() != null
            ? block(function.block())
            : List.of(
                new Ast.ValueStatement(
                    expressions.list(function.values().expression()),
                    errors.span(function.values())));
    return new Ast.FunctionDeclaration(
        expressions.name(function.name()), doc, parameters(function.parameterList()), body, span);
  }

  private Ast.Declaration optimizer(OptimizerDeclarationContext optimizer, String doc, Span span) {
    List<Ast.Parameter> configuration =
        optimizer.parameterList() == null ? List.of() : parameters(optimizer.parameterList());
    return new Ast.OptimizerDeclaration(
        expressions.name(optimizer.name()), doc, configuration, block(optimizer.block()), span);
  }

  /** Leaves out the items that have a syntax error. */
  private List<Ast.GenerateItem> generation(GenerateBlockContext block) {
    List<Ast.GenerateItem> items = new ArrayList<>();
    for (GenerateLineContext line : block.generateLine()) {
      if (line.exception == null) {
        items.add(generateItem(line.generateItem()));
      }
    }
    return List.copyOf(items);
  }

  private Ast.GenerateItem generateItem(GenerateItemContext item) {
    Span span = errors.span(item);
    if (item.feedItem() != null) {
      return new Ast.FeedItem(
          expressions.name(item.feedItem().name(0)),
          expressions.name(item.feedItem().name(1)),
          span);
    }
    GenerateSettingContext setting = item.generateSetting();
    Ast.Name name =
        setting.name() != null
            ? expressions.name(setting.name())
            : new Ast.Name(setting.START().getText(), errors.span(setting.START().getSymbol()));
    return new Ast.GenerateSetting(name, expressions.list(setting.values().expression()), span);
  }

  private List<Ast.Parameter> parameters(ParameterListContext list) {
    return list.parameter().stream().map(this::parameter).toList();
  }

  private Ast.Parameter parameter(ParameterContext parameter) {
    return new Ast.Parameter(
        expressions.name(parameter.name()),
        Optional.ofNullable(parameter.type()).map(expressions::type),
        Optional.ofNullable(parameter.argumentValue()).map(expressions::argumentValue),
        errors.span(parameter));
  }

  private List<Ast.Statement> block(BlockContext block) {
    List<Ast.Statement> body = new ArrayList<>();
    for (ParseTree child : block.children) {
      statements.build(child).ifPresentOrElse(body::add, () -> salvage(child));
    }
    return List.copyOf(body);
  }

  /** Reports what is wrong in the blocks below a statement that has a syntax error itself. */
  private void salvage(ParseTree tree) {
    switch (tree) {
      case BlockContext block when block.children != null -> block(block);
      case GenerateBlockContext block when block.children != null -> generation(block);
      case TrainBlockContext block when block.children != null -> train.items(block);
      case ParserRuleContext context -> {
        for (int i = 0; i < context.getChildCount(); i++) {
          salvage(context.getChild(i));
        }
      }
      default -> {
        // A token.
      }
    }
  }
}
