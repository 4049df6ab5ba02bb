package nnc.compiler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Arguments.Argument;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.Nearest;
import org.jspecify.annotations.Nullable;

/** Applies functions and layers: binds arguments, gives instances their paths, elaborates bodies. */
final class Calls {
  private final Elaboration elaboration;

  Calls(Elaboration elaboration) {
    this.elaboration = elaboration;
  }

  Value call(Ast.Call call, Scope scope) {
    Value callee = elaboration.expressions.value(call.callee(), scope);
    return apply(
        callee,
        call.callee().span(),
        arguments(nameOf(callee, call), call, scope),
        call.span(),
        scope);
  }

  /** {@code x |> f} is f(x). */
  Value pipe(Ast.Pipe pipe, Scope scope) {
    Value input = elaboration.expressions.value(pipe.input(), scope);
    Value layer = elaboration.expressions.value(pipe.layer(), scope);
    if (layer instanceof Value.LayerKind kind && !kind.declaration().configuration().isEmpty()) {
      layer =
          configure(
              kind,
              new Arguments(
                  elaboration,
                  kind.declaration().name().text(),
                  scope,
                  pipe.layer().span(),
                  List.of(),
                  Map.of()));
    }
    Arguments arguments =
        new Arguments(
            elaboration,
            pipe.layer().span().text(),
            scope,
            pipe.layer().span(),
            List.of(new Argument(input, pipe.input().span())),
            Map.of());
    return apply(layer, pipe.layer().span(), arguments, pipe.layer().span(), scope);
  }

  /** The arguments of a call, evaluated. */
  Arguments arguments(String callee, Ast.Call call, Scope scope) {
    List<Argument> positional = new ArrayList<>();
    Map<String, Argument> named = new LinkedHashMap<>();
    Problem.Parts parts = new Problem.Parts();
    for (Ast.Argument argument : call.arguments()) {
      parts.attempt(() -> argument(argument, scope, positional, named));
    }
    call.over()
        .ifPresent(over ->
            named.put(
                Arguments.AXES,
                new Argument(new Value.Axes(over.axes(), false, scope), over.span())));
    call.where()
        .ifPresent(where ->
            parts.attempt(() ->
                named.put(
                    Arguments.KEEP,
                    new Argument(elaboration.expressions.value(where, scope), where.span()))));
    parts.finish();
    return new Arguments(elaboration, callee, scope, call.span(), positional, named);
  }

  private void argument(
      Ast.Argument argument, Scope scope, List<Argument> positional, Map<String, Argument> named) {
    Argument evaluated =
        new Argument(elaboration.expressions.value(argument.value(), scope), argument.span());
    if (argument.keyword().isPresent()) {
      if (named.putIfAbsent(argument.keyword().get().text(), evaluated) != null) {
        throw Problem.at(
            argument.span(),
            "call",
            "the argument '" + argument.keyword().get() + "' is given twice");
      }
    } else if (!named.isEmpty()) {
      throw Problem.at(
          argument.span(), "call", "an argument without a name stands before those with one");
    } else {
      positional.add(evaluated);
    }
  }

  private static String nameOf(Value callee, Ast.Call call) {
    return switch (callee) {
      case Value.Instance instance -> instance.declaration.name().text();
      case Value.LayerKind kind -> kind.declaration().name().text();
      case Value.Function function -> function.declaration().name().text();
      case Value.BuiltIn builtIn -> builtIn.name();
      default -> call.callee().span().text();
    };
  }

  private Value apply(Value callee, Span calleeSpan, Arguments arguments, Span span, Scope scope) {
    return switch (callee) {
      case Value.BuiltIn builtIn -> builtIn.entry().apply(arguments);
      case Value.Function function ->
          deeper(
              span,
              places(function.declaration().inputs(), arguments),
              () -> function(function.declaration(), arguments, scope));
      case Value.LayerKind kind
          when !kind.declaration().configuration().isEmpty() || arguments.count() == 0 ->
          configure(kind, arguments);
      case Value.LayerKind kind -> {
        Value.Instance instance =
            new Value.Instance(
                kind.declaration(), elaboration.globals.inner(), Map.of(), scope.frame());
        yield layer(instance, arguments, span);
      }
      case Value.Instance instance -> layer(instance, arguments, span);
      case Value.None ignored -> untouched(arguments.expect(1, 1, Arguments.AXES, Arguments.KEEP));
      case Value.Broken ignored -> throw Problem.told();
      default ->
          throw Problem.of(
              Diagnostic.at(calleeSpan, "call", "this cannot be called")
                  .note("found " + callee.described())
                  .help("layers and functions can be called"));
    };
  }

  /** {@code reduce = none}: every value itself, 0 where it is not kept. */
  private static Value untouched(Arguments arguments) {
    return arguments.named(Arguments.KEEP).isEmpty() ? arguments.value(0) : arguments.kept(0, 0);
  }

  private Value layer(Value.Instance instance, Arguments arguments, Span span) {
    Map<String, Span> places = new HashMap<>(instance.places);
    places.putAll(places(instance.declaration.inputs(), arguments));
    return deeper(span, places, () -> layer(instance, arguments));
  }

  /** Where the arguments of a call stand, by the names they have inside. */
  static Map<String, Span> places(List<Ast.Parameter> parameters, Arguments arguments) {
    Map<String, Span> places = new HashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).name().text();
      Argument given =
          i < arguments.count() ? arguments.positional().get(i) : arguments.named().get(name);
      if (given != null) {
        places.put(name, given.span());
      }
    }
    return places;
  }

  private Value deeper(Span span, Map<String, Span> places, Supplier<Value> body) {
    if (++elaboration.depth > Elaboration.DEEPEST_CALL) {
      elaboration.depth = 0;
      throw Problem.of(
          Diagnostic.at(
                  span,
                  "recursion",
                  "calls are nested deeper than " + Elaboration.DEEPEST_CALL + " levels")
              .help("does a layer or function call itself?"));
    }
    try {
      return elaboration.growth.within(span, body);
    } catch (Problem problem) {
      throw problem.seenFrom(span, places);
    } finally {
      elaboration.depth = Math.max(0, elaboration.depth - 1);
    }
  }

  private Value function(Ast.FunctionDeclaration declaration, Arguments arguments, Scope caller) {
    Scope scope = elaboration.globals.inner(caller.frame().called(arguments.span()));
    bindAll(declaration.inputs(), arguments, scope);
    return elaboration.bodies.result(declaration.body(), scope, declaration.name());
  }

  /** {@code Dense(10)}: a layer with its configuration, without parameters as yet. */
  private Value configure(Value.LayerKind kind, Arguments arguments) {
    Scope configuration = elaboration.globals.inner();
    bindAll(kind.declaration().configuration(), arguments, configuration);
    for (Ast.Parameter parameter : kind.declaration().configuration()) {
      String name = parameter.name().text();
      configuration.bind(name, configuration.own(name).orElseThrow().withoutAxisName());
    }
    return new Value.Instance(
        kind.declaration(),
        configuration,
        places(kind.declaration().configuration(), arguments),
        arguments.scope().frame());
  }

  /** Binds parameters to arguments by position, then by name, then to their defaults. */
  void bindAll(List<Ast.Parameter> parameters, Arguments arguments, Scope scope) {
    requireArguments(parameters, arguments);
    for (int i = 0; i < parameters.size(); i++) {
      Ast.Parameter parameter = parameters.get(i);
      scope.bind(parameter.name().text(), argumentOrDefault(parameter, i, arguments, scope));
    }
  }

  /** Checks that each parameter without a default is given, and nothing else. */
  static void requireArguments(List<Ast.Parameter> parameters, Arguments arguments) {
    String[] names =
        parameters.stream().map(parameter -> parameter.name().text()).toArray(String[]::new);
    arguments.expect(0, parameters.size(), names);
    for (int i = 0; i < parameters.size(); i++) {
      Ast.Parameter parameter = parameters.get(i);
      if (given(parameter, i, arguments).isEmpty() && parameter.defaultValue().isEmpty()) {
        throw Problem.of(
            Diagnostic.at(
                    arguments.span(), "call", "the argument '" + parameter.name() + "' is missing")
                .note(
                    "'"
                        + parameter.span().text()
                        + "' is declared at "
                        + parameter.span().place()));
      }
    }
  }

  private Value argumentOrDefault(
      Ast.Parameter parameter, int index, Arguments arguments, Scope scope) {
    return given(parameter, index, arguments)
        .map(Argument::value)
        .orElseGet(
            () -> elaboration.expressions.value(parameter.defaultValue().orElseThrow(), scope));
  }

  private static Optional<Argument> given(Ast.Parameter parameter, int index, Arguments arguments) {
    Argument named = arguments.named().get(parameter.name().text());
    if (index < arguments.count()) {
      if (named != null) {
        throw Problem.at(
            named.span(), "call", "the argument '" + parameter.name() + "' is given twice");
      }
      return Optional.of(arguments.positional().get(index));
    }
    return Optional.ofNullable(named);
  }

  /** Applies an instance: a first call makes its parameters, later ones share them. */
  private Value layer(Value.Instance instance, Arguments arguments) {
    Ast.LayerDeclaration declaration = instance.declaration;
    if (!instance.hasPlace()) {
      instance.place(
          elaboration.takePath(
              instance.frame, instance.frame.unbound(declaration.name().text()), arguments.span()),
          instance.frame);
    }
    Scope scope = instance.configuration.inner(instance.inside());
    instance.members = scope;
    instance.calledIn = elaboration.blocks();
    for (Ast.Parameter parameter : declaration.configuration()) {
      scope
          .value(parameter.name().text())
          .filter(Value.Instance.class::isInstance)
          .map(Value.Instance.class::cast)
          .filter(handed -> !handed.hasPlace())
          .ifPresent(
              handed -> handed.place(scope.frame().bound(parameter.name().text()), scope.frame()));
    }
    Map<String, @Nullable String> renamed = new HashMap<>();
    bindInputs(declaration, arguments, scope, renamed);
    Value result =
        elaboration.builder.inLayer(
            Frame.shown(instance.path()),
            () -> elaboration.bodies.result(declaration.body(), scope, declaration.name()));
    return renamed(result, renamed, instance.path());
  }

  private void bindInputs(
      Ast.LayerDeclaration declaration,
      Arguments arguments,
      Scope scope,
      Map<String, @Nullable String> renamed) {
    List<Ast.Parameter> inputs = declaration.inputs();
    requireArguments(inputs, arguments);
    Map<Ast.Parameter, Optional<Argument>> defaulted = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Ast.Parameter input = inputs.get(i);
      Optional<Argument> argument = given(input, i, arguments);
      if (input.defaultValue().isPresent() && input.type().isPresent()) {
        defaulted.put(input, argument); // bound when the others have told the dims
        continue;
      }
      Value value = argumentOrDefault(input, i, arguments, scope);
      Span span = argument.map(Argument::span).orElse(arguments.span());
      Value bound =
          input.type().isEmpty()
              ? value
              : elaboration.shapes.bind(
                  input, elaboration.tensors.tensor(value, span), span, scope, renamed);
      scope.bind(input.name().text(), bound);
      if (bound instanceof TensorValue tensor) {
        scope.bindArgument(tensor);
      }
    }
    defaulted.forEach((input, argument) -> {
      Span span = argument.map(Argument::span).orElseGet(input::span);
      Value value =
          argument
              .map(Argument::value)
              .orElseGet(
                  () -> elaboration.expressions.value(input.defaultValue().orElseThrow(), scope));
      TensorValue tensor = elaboration.tensors.tensor(value, span);
      scope.bind(input.name().text(), elaboration.shapes.defaulted(input, tensor, span, scope));
    });
  }

  /** The result under the caller's names of axes; what the caller cannot name loses its name. */
  private Value renamed(Value result, Map<String, @Nullable String> renamed, String path) {
    return switch (result) {
      case TensorValue tensor -> {
        if (!(tensor.node().op() instanceof Variable)) {
          elaboration.builder.label(tensor.node(), Frame.shown(path));
        }
        List<@Nullable String> names = new ArrayList<>();
        tensor.axes().forEach(name -> names.add(name == null ? null : renamed.get(name)));
        yield new TensorValue(tensor.node(), names);
      }
      case Value.Results several ->
          new Value.Results(
              several.values().stream().map(value -> renamed(value, renamed, path)).toList());
      default -> result;
    };
  }

  /** {@code enc.W}. */
  Value member(Value.Instance instance, Ast.Member member) {
    if (instance.members == null) {
      throw Problem.of(
          Diagnostic.at(
                  member.span(),
                  "name",
                  "the parameters of this instance are not known before it is called")
              .note("their shapes come from the tensors it is applied to")
              .help("use '" + member.name() + "' after the first call"));
    }
    Scope members = Objects.requireNonNull(instance.members);
    Value value = members.own(member.name().text()).orElseThrow(() -> unknown(instance, member));
    requireKnown(value, instance, member);
    return value;
  }

  /** What a layer computes in a block is not known outside of it; parameters are. */
  private void requireKnown(Value value, Value.Instance instance, Ast.Member member) {
    List<Block> around = elaboration.blocks();
    List<Value> parts =
        switch (value) {
          case Value.Several several -> several.values();
          case Value.Results results -> results.values();
          default -> List.of();
        };
    parts.forEach(part -> requireKnown(part, instance, member));
    if (value instanceof TensorValue tensor && !(tensor.node().op() instanceof Variable)) {
      instance.calledIn.stream()
          .filter(block -> !around.contains(block))
          .findFirst()
          .ifPresent(block -> {
            throw Problem.of(
                Diagnostic.at(
                        member.span(),
                        "name",
                        "'"
                            + member.name()
                            + "' is not known outside of the block that computes it")
                    .label(block.heading(), "it has one value for each of these")
                    .help("bind a value in the block, and use that"));
          });
    }
  }

  private static Problem unknown(Value.Instance instance, Ast.Member member) {
    Diagnostic unknown =
        Diagnostic.at(
            member.name().span(),
            "name",
            "the layer '" + instance.declaration.name() + "' has no '" + member.name() + "'");
    return Problem.of(
        Nearest.to(member.name().text(), Objects.requireNonNull(instance.members).visible())
            .map(near -> unknown.help("did you mean '" + near + "'?"))
            .orElse(unknown));
  }
}
