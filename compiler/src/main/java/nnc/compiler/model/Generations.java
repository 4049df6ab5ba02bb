package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.runtime.Generation;
import nnc.runtime.Nearest;
import nnc.runtime.Search;

/** Resolves a generate block, with the values of the model as inference computes them. */
final class Generations {
  private static final List<String> SETTINGS = List.of("start", "stop", "limit", "never", "search");
  private static final List<String> SEARCHES = List.of("greedy", "sample", "beam");
  private static final String KIND = "generate";

  private final Ast.GenerateDeclaration block;
  private final List<TypedModel.Input> inputs;
  private final Elaboration elaboration;
  private final Scope scope;
  private final Problems problems;
  private final Map<String, Ast.GenerateSetting> settings = new LinkedHashMap<>();

  /** @param scope the names at the end of the model's body */
  Generations(
      Ast.GenerateDeclaration block,
      List<TypedModel.Input> inputs,
      Elaboration elaboration,
      Scope scope) {
    this.block = block;
    this.inputs = inputs;
    this.elaboration = elaboration;
    this.scope = scope;
    this.problems = elaboration.problems;
  }

  Optional<Generating> resolve() {
    List<Ast.FeedItem> feeds = new ArrayList<>();
    for (Ast.GenerateItem item : block.items()) {
      switch (item) {
        case Ast.FeedItem feed -> feeds.add(feed);
        case Ast.GenerateSetting setting -> add(setting);
      }
    }
    Search search = search();
    if (feeds.isEmpty()) {
      problems.add(
          Diagnostic.at(block.name().span(), KIND, "nothing says what is fed, and chosen from")
              .help("add a line: feed INPUT from SCORES"));
      return Optional.empty();
    }
    feeds.stream()
        .skip(1)
        .forEach(feed ->
            problems.add(
                Diagnostic.at(feed.span(), KIND, "'feed' is given twice")
                    .label(feeds.getFirst().span(), "first here")));
    return guarded(feeds.getFirst().span(), () -> generating(feeds.getFirst(), search));
  }

  private void add(Ast.GenerateSetting setting) {
    String name = setting.name().text();
    if (!SETTINGS.contains(name)) {
      Diagnostic unknown =
          Diagnostic.at(setting.name().span(), KIND, "generation has no setting '" + name + "'");
      problems.add(unknown.help("there are feed, " + String.join(", ", SETTINGS)));
    } else if (settings.putIfAbsent(name, setting) != null) {
      problems.add(Diagnostic.at(setting.span(), KIND, "'" + name + "' is given twice"));
    } else if (setting.values().size() > 1 && !name.equals("never")) {
      problems.add(
          Diagnostic.at(setting.values().get(1).span(), KIND, "'" + name + "' takes one value"));
    }
  }

  private <T> Optional<T> guarded(Span place, Supplier<T> action) {
    List<T> result = new ArrayList<>();
    problems.guarded(place, () -> result.add(action.get()));
    return result.stream().findFirst();
  }

  private Generating generating(Ast.FeedItem feed, Search search) {
    Problem.Parts parts = new Problem.Parts();
    List<TypedModel.Input> fed = new ArrayList<>();
    List<TensorValue> chosen = new ArrayList<>();
    parts.attempt(() -> fed.add(input(feed.input())));
    parts.attempt(() -> chosen.add(scores(feed.value())));
    parts.finish();
    TypedModel.Input input = fed.getFirst();
    TensorValue scores = chosen.getFirst();
    requireFit(feed, input, scores);
    int places = input.type().shape().size(1).constant();
    int symbols = scores.node().shape().size(scores.axes().size() - 1).constant();
    int accepted = input.idRange().map(TypedModel.IdRange::classes).orElse(symbols);
    OptionalInt start = symbol("start", accepted, "the input takes");
    OptionalInt stop = symbol("stop", symbols, "there are scores of");
    boolean ends = start.isPresent() && scores.axes().size() == 3;
    Generation generation =
        new Generation(
            input.name(),
            start,
            stop,
            limit(places, ends, input.name()),
            never(start, stop, symbols),
            search);
    return new Generating(generation, scores.node(), block.span());
  }

  private TypedModel.Input input(Ast.Name name) {
    TypedModel.Input input =
        inputs.stream()
            .filter(other -> other.name().equals(name.text()))
            .findFirst()
            .orElseThrow(() -> {
              if (scope.own(name.text()).filter(Value.Broken.class::isInstance).isPresent()) {
                return Problem.told();
              }
              Diagnostic unknown =
                  Diagnostic.at(name.span(), "name", "the model has no input '" + name + "'");
              return Problem.of(
                  unknown.help(
                      "it has "
                          + String.join(
                              ", ", inputs.stream().map(TypedModel.Input::name).toList())));
            });
    Shape shape = input.type().shape();
    if (input.type().element() != ElementType.I32
        || shape.rank() != 2
        || !shape.size(0).isDim()
        || !shape.size(1).isConstant()) {
      throw Problem.of(
          Diagnostic.at(name.span(), KIND, "symbols are fed to an input i32[B, T]")
              .label(
                  input.span(),
                  "it is declared as " + input.type().element().text() + input.type().shape())
              .note("B is the batch, and T the most symbols that the model looks at"));
    }
    return input;
  }

  private TensorValue scores(Ast.Name name) {
    Value value = Expressions.named(new Ast.NameReference(name.text(), name.span()), scope);
    if (value instanceof TensorValue tensor && tensor.node().type().element() == ElementType.F32) {
      return tensor;
    }
    throw Problem.of(
        Diagnostic.at(name.span(), KIND, "the next symbol is chosen by scores, a tensor of numbers")
            .note("found " + value.described()));
  }

  private void requireFit(Ast.FeedItem feed, TypedModel.Input input, TensorValue scores) {
    Shape fed = input.type().shape();
    Shape shape = scores.node().shape();
    int last = shape.rank() - 1;
    boolean fits =
        (shape.rank() == 2 || shape.rank() == 3)
            && shape.size(0).equals(fed.size(0))
            && (last == 1 || shape.size(1).equals(fed.size(1)))
            && shape.size(last).isConstant();
    if (!fits) {
      throw Problem.of(
          Diagnostic.at(
                  feed.value().span(), "shape", "scores of the next symbol were expected here")
              .note("found " + scores.described())
              .note("the input '" + input.name() + "' is " + fed)
              .help(
                  "["
                      + fed.size(0)
                      + ", "
                      + fed.size(1)
                      + ", V]: at each place the scores of the symbol that follows; or ["
                      + fed.size(0)
                      + ", V]: those of the symbol that follows the whole input"));
    }
    Node fedNode = input.node();
    if (!Graph.needed(List.of(scores.node())).contains(fedNode)) {
      throw Problem.of(
          Diagnostic.at(feed.value().span(), KIND, "these scores do not depend on what is fed")
              .label(feed.input().span(), "fed here")
              .help("name a value that is computed from '" + input.name() + "'"));
    }
    int symbols = shape.size(last).constant();
    input
        .idRange()
        .filter(range -> range.classes() < symbols)
        .ifPresent(range -> {
          throw Problem.of(
              Diagnostic.at(feed.span(), KIND, "symbols can be chosen that the input does not take")
                  .note("there are scores of the symbols 0 to " + (symbols - 1))
                  .note("'" + input.name() + "' is an index of 0 to " + (range.classes() - 1)));
        });
  }

  private OptionalInt symbol(String name, int symbols, String why) {
    Ast.GenerateSetting setting = settings.get(name);
    return setting == null
        ? OptionalInt.empty()
        : guarded(setting.span(), () -> symbol(setting.values().getFirst(), symbols, why))
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty());
  }

  private int symbol(Ast.Expression written, int symbols, String why) {
    return whole(written, 0, symbols - 1, why + " the symbols 0 to " + (symbols - 1));
  }

  private int whole(Ast.Expression written, int least, int most, String note) {
    Value value = elaboration.expressions.value(written, scope);
    if (value instanceof Value.Num number
        && number.value() == Math.rint(number.value())
        && number.value() >= least
        && number.value() <= most) {
      return (int) number.value();
    }
    throw Problem.of(
        Diagnostic.at(
                written.span(),
                KIND,
                "a whole number "
                    + (most == Integer.MAX_VALUE
                        ? "of at least " + least
                        : "from " + least + " to " + most)
                    + " was expected here")
            .note("found " + value.described())
            .note(note));
  }

  /** @param ends whether the input holds all symbols from the start, so that no more are generated than fit */
  private int limit(int places, boolean ends, String input) {
    Ast.GenerateSetting setting = settings.get("limit");
    if (setting == null) {
      return places;
    }
    return guarded(
            setting.span(),
            () ->
                whole(
                    setting.values().getFirst(),
                    1,
                    ends ? places : Integer.MAX_VALUE,
                    ends
                        ? "after a start symbol, '"
                            + input
                            + "' has room for what leads to "
                            + places
                            + " symbols"
                        : "it is how many symbols are generated at most"))
        .orElse(places);
  }

  /** Without a word of it, padding and the start are never chosen, unless one of them is what ends a sequence. */
  private List<Integer> never(OptionalInt start, OptionalInt stop, int symbols) {
    Ast.GenerateSetting setting = settings.get("never");
    List<Integer> never = new ArrayList<>();
    if (setting == null) {
      never.add(0);
      start.ifPresent(symbol -> never.add(symbol));
      return never.stream()
          .distinct()
          .filter(symbol -> stop.isEmpty() || stop.getAsInt() != symbol)
          .toList();
    }
    if (setting.values().size() == 1
        && setting.values().getFirst() instanceof Ast.NameReference word
        && word.name().equals("none")) {
      return never;
    }
    for (Ast.Expression written : setting.values()) {
      guarded(written.span(), () -> symbol(written, symbols, "there are scores of"))
          .ifPresent(symbol -> {
            if (stop.isPresent() && stop.getAsInt() == symbol) {
              problems.add(
                  Diagnostic.at(
                      written.span(), KIND, "the symbol that ends a sequence must be possible"));
            }
            never.add(symbol);
          });
    }
    if (never.stream().distinct().count() == symbols) {
      problems.add(Diagnostic.at(setting.span(), KIND, "no symbol is left to choose"));
    }
    return never.stream().distinct().toList();
  }

  private Search search() {
    Ast.GenerateSetting setting = settings.get("search");
    return setting == null
        ? new Search.Greedy()
        : guarded(setting.span(), () -> search(setting.values().getFirst()))
            .orElseGet(Search.Greedy::new);
  }

  private Search search(Ast.Expression written) {
    Ast.Expression callee = written instanceof Ast.Call call ? call.callee() : written;
    if (!(callee instanceof Ast.NameReference name && SEARCHES.contains(name.name()))) {
      Diagnostic unknown =
          Diagnostic.at(callee.span(), KIND, "a way to choose symbols was expected here");
      String known = callee instanceof Ast.NameReference name ? name.name() : "";
      throw Problem.of(
          unknown.help(
              Nearest.to(known, SEARCHES)
                  .map(near -> "did you mean '" + near + "'?")
                  .orElse("greedy, sample(temperature = 0.8, top_k = 40) or beam(4)")));
    }
    Arguments arguments =
        written instanceof Ast.Call call
            ? elaboration.calls.arguments(name.name(), call, scope)
            : new Arguments(elaboration, name.name(), scope, written.span(), List.of(), Map.of());
    try {
      return switch (name.name()) {
        case "sample" -> {
          arguments.expect(0, 3, "temperature", "top_k", "top_p");
          yield new Search.Sample(
              number(arguments, 0, "temperature", Search.Sample.PLAIN.temperature()),
              count(arguments, 1, "top_k", Search.Sample.PLAIN.topK()),
              number(arguments, 2, "top_p", Search.Sample.PLAIN.topP()));
        }
        case "beam" -> {
          arguments.expect(0, 2, "width", "length_penalty");
          yield new Search.Beam(
              count(arguments, 0, "width", 4),
              number(arguments, 1, "length_penalty", Search.Beam.LENGTH_PENALTY));
        }
        default -> {
          arguments.expect(0, 0);
          yield new Search.Greedy();
        }
      };
    } catch (IllegalArgumentException e) {
      throw Problem.at(written.span(), KIND, String.valueOf(e.getMessage()));
    }
  }

  private static double number(Arguments arguments, int place, String name, double otherwise) {
    Optional<Arguments.Argument> given = given(arguments, place, name);
    if (given.isEmpty()) {
      return otherwise;
    }
    if (given.get().value() instanceof Value.Num number) {
      return number.value();
    }
    throw Problem.of(
        Diagnostic.at(given.get().span(), "type", "a number was expected here")
            .note("found " + given.get().value().described()));
  }

  private static int count(Arguments arguments, int place, String name, int otherwise) {
    Optional<Arguments.Argument> given = given(arguments, place, name);
    return given.isEmpty()
        ? otherwise
        : arguments.whole(given.get().value(), given.get().span(), 0);
  }

  private static Optional<Arguments.Argument> given(Arguments arguments, int place, String name) {
    Optional<Arguments.Argument> named = Optional.ofNullable(arguments.named().get(name));
    if (arguments.count() > place && named.isPresent()) {
      throw Problem.at(named.get().span(), "call", "'" + name + "' is given twice");
    }
    return arguments.count() > place ? Optional.of(arguments.positional().get(place)) : named;
  }
}
