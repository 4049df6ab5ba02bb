package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.model.Arguments.Argument;
import nnc.compiler.syntax.Ast;

/**
 * Checks layers and functions without arguments, for those that no model calls: whether every name is known, and whether what
 * is called takes so many arguments. Shapes are checked where a definition is called.
 */
final class Definitions {
  private static final Value ANY = new Value.Broken();

  private final Elaboration elaboration;
  private final Problems problems;

  Definitions(Scope globals, Problems problems) {
    this.elaboration = new Elaboration(new GraphBuilder(), problems, globals, true, List.of());
    this.problems = problems;
  }

  void check(Ast.LayerDeclaration layer) {
    Scope scope = elaboration.globals.inner();
    parameters(layer.configuration(), scope);
    layer.inputs().stream()
        .flatMap(input -> input.type().stream())
        .forEach(type -> bindAxes(type, scope));
    parameters(layer.inputs(), scope);
    result(layer.body(), layer.name(), scope);
  }

  void check(Ast.FunctionDeclaration function) {
    Scope scope = elaboration.globals.inner();
    parameters(function.inputs(), scope);
    result(function.body(), function.name(), scope);
  }

  /** Names of axes that are not known yet are dims that an argument brings. */
  private static void bindAxes(Ast.TypeExpression type, Scope scope) {
    for (Ast.AxisExpression axis : type.axes()) {
      if (axis instanceof Ast.SizeAxis sized
          && sized.size() instanceof Ast.NameReference name
          && scope.value(name.name()).isEmpty()) {
        scope.bind(name.name(), ANY);
      }
    }
  }

  private void parameters(List<Ast.Parameter> parameters, Scope scope) {
    for (Ast.Parameter parameter : parameters) {
      parameter.type().ifPresent(type -> type(type, scope));
      parameter.defaultValue().ifPresent(value -> expression(value, scope));
      scope.bind(parameter.name().text(), ANY);
    }
  }

  private void result(List<Ast.Statement> body, Ast.Name owner, Scope scope) {
    problems.guarded(() -> Bodies.requireResult(body, owner));
    body.forEach(each -> statement(each, scope));
  }

  private void statement(Ast.Statement statement, Scope scope) {
    switch (statement) {
      case Ast.DimStatement dim -> size(dim.size(), scope);
      case Ast.ParamStatement param -> {
        type(param.type(), scope);
        param.initialiser().ifPresent(initialiser -> initialiser(initialiser, scope));
        param.condition().ifPresent(condition -> expression(condition, scope));
      }
      case Ast.BufferStatement buffer -> {
        type(buffer.type(), scope);
        expression(buffer.value(), scope);
      }
      case Ast.UpdateStatement update -> {
        expression(new Ast.NameReference(update.name().text(), update.name().span()), scope);
        expression(update.value(), scope);
      }
      case Ast.AssignStatement assign -> expression(assign.value(), scope);
      case Ast.RepeatStatement repeat -> {
        expression(repeat.count(), scope);
        Scope turn = scope.inner();
        repeat.body().forEach(each -> statement(each, turn));
      }
      case Ast.RecurStatement recur -> recur(recur, scope);
      case Ast.StartStatement start -> {
        start.type().ifPresent(type -> type(type, scope));
        expression(start.value(), scope);
      }
      case Ast.TruncateStatement truncate -> expression(truncate.steps(), scope);
      case Ast.ValueStatement values -> values.values().forEach(each -> expression(each, scope));
      case Ast.InputStatement
              ignored -> {} // these are told to be misplaced where the body is elaborated
      case Ast.OutputStatement ignored -> {}
      case Ast.MetricStatement ignored -> {}
      case Ast.StateStatement ignored -> {}
    }
    BoundNames.of(statement).forEach(name -> scope.bind(name.text(), ANY));
  }

  private void recur(Ast.RecurStatement recur, Scope scope) {
    if (scope.value(recur.axis().text()).isEmpty()) {
      problems.add(RecurBlock.unknownAxis(recur.axis(), scope));
    }
    Scope step = scope.inner();
    step.bind(recur.index().text(), ANY);
    BoundNames.of(recur).forEach(name -> step.bind(name.text(), ANY));
    recur.body().forEach(each -> statement(each, step));
  }

  private void type(Ast.TypeExpression type, Scope scope) {
    problems.guarded(() -> Shapes.element(type));
    for (Ast.AxisExpression axis : type.axes()) {
      if (axis instanceof Ast.SizeAxis sized) {
        size(sized.size(), scope);
      }
    }
  }

  private void size(Ast.Expression size, Scope scope) {
    if (size instanceof Ast.NameReference name && scope.value(name.name()).isEmpty()) {
      problems.add(Shapes.unknownDim(new Ast.Name(name.name(), name.span()), scope));
    } else {
      expression(size, scope);
    }
  }

  /** Initialisers have names of their own. */
  private void initialiser(Ast.Expression initialiser, Scope scope) {
    switch (initialiser) {
      case Ast.NameReference ignored -> {}
      case Ast.Call call when call.callee() instanceof Ast.NameReference ->
          call.arguments().forEach(argument -> expression(argument.value(), scope));
      default -> expression(initialiser, scope);
    }
  }

  private void expression(Ast.Expression expression, Scope scope) {
    switch (expression) {
      case Ast.NumberLiteral ignored -> {}
      case Ast.TextLiteral ignored -> {}
      case Ast.NameReference name -> problems.guarded(() -> Expressions.named(name, scope));
      case Ast.Member member -> expression(member.target(), scope);
      case Ast.Unary unary -> expression(unary.operand(), scope);
      case Ast.Binary binary -> {
        expression(binary.left(), scope);
        expression(binary.right(), scope);
      }
      case Ast.Call call -> call(call, scope);
      case Ast.Pipe pipe -> {
        expression(pipe.input(), scope);
        expression(pipe.layer(), scope);
      }
      case Ast.Index index -> {
        expression(index.target(), scope);
        index.subscripts().forEach(each -> subscript(each, scope));
      }
      case Ast.RangeLiteral range -> {
        expression(range.from(), scope);
        expression(range.to(), scope);
      }
      case Ast.ListLiteral list -> list.elements().forEach(each -> expression(each, scope));
      case Ast.Heads heads -> {
        expression(heads.count(), scope);
        heads.size().ifPresent(size -> size(size, scope));
        Scope head = scope.inner();
        head.bind(heads.as().text(), ANY);
        result(heads.body(), new Ast.Name("heads", heads.span()), head);
      }
    }
  }

  private void subscript(Ast.Subscript subscript, Scope scope) {
    switch (subscript) {
      case Ast.At at -> expression(at.position(), scope);
      case Ast.Range range -> {
        range.from().ifPresent(from -> expression(from, scope));
        range.to().ifPresent(to -> expression(to, scope));
      }
      case Ast.LeadingSubscripts ignored -> {}
    }
  }

  /** What stands behind {@code over} names axes, which only a tensor tells. */
  private void call(Ast.Call call, Scope scope) {
    expression(call.callee(), scope);
    call.arguments().forEach(argument -> expression(argument.value(), scope));
    call.where().ifPresent(where -> expression(where, scope));
    boolean configured = call.callee() instanceof Ast.Call;
    Ast.Expression callee =
        call.callee() instanceof Ast.Call first ? first.callee() : call.callee();
    if (callee instanceof Ast.NameReference name) {
      parameters(scope.value(name.name()).orElse(ANY), configured, call.arguments().size())
          .ifPresent(expected ->
              problems.guarded(
                  () -> Calls.requireArguments(expected, arguments(name.name(), call, scope))));
    }
  }

  /** The parameters of what is called, where its definition tells them. */
  private static Optional<List<Ast.Parameter>> parameters(
      Value callee, boolean configured, int arguments) {
    return switch (callee) {
      case Value.Function function when !configured -> Optional.of(function.declaration().inputs());
      case Value.LayerKind kind -> {
        List<Ast.Parameter> configuration = kind.declaration().configuration();
        boolean applied = configured || configuration.isEmpty() && arguments > 0;
        yield Optional.of(applied ? kind.declaration().inputs() : configuration);
      }
      default -> Optional.empty();
    };
  }

  private Arguments arguments(String callee, Ast.Call call, Scope scope) {
    List<Argument> positional = new ArrayList<>();
    Map<String, Argument> named = new LinkedHashMap<>();
    for (Ast.Argument argument : call.arguments()) {
      Argument any = new Argument(ANY, argument.span());
      argument
          .keyword()
          .ifPresentOrElse(name -> named.put(name.text(), any), () -> positional.add(any));
    }
    call.over().ifPresent(over -> named.put(Arguments.AXES, new Argument(ANY, over.span())));
    call.where().ifPresent(where -> named.put(Arguments.KEEP, new Argument(ANY, where.span())));
    return new Arguments(elaboration, callee, scope, call.span(), positional, named);
  }
}
