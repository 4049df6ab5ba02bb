package nnc.cli.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.cli.metrics.ProbeReport;
import nnc.cli.metrics.Statistics;
import nnc.compiler.ir.Known;
import nnc.compiler.plan.Plan;
import nnc.compiler.plan.Planner;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.CompiledModel;
import nnc.runtime.Nearest;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/**
 * Looks at chosen tensors of a step: values, parameters, and gradients by {@code d_PATH}. A value is looked at as soon as the
 * last kernel that writes it has run, since a later one may take its place; the plan of the step, and so its results, are those
 * of a training without probes. Parameters and their gradients are looked at after the step.
 */
public final class Probes {
  private static final int MOST_LISTED = 12;

  private final List<String> names;
  private final Map<CompiledModel, Map<String, Place>> places = new HashMap<>();
  private final Map<String, Statistics> seen = new HashMap<>();

  /** Where a tensor is found, and when. */
  private sealed interface Place {
    record Written(int kernel, Signature.Result result) implements Place {}

    record InParameters(Signature.Parameter parameter) implements Place {}

    record InMemory(Signature.Value value) implements Place {}
  }

  /**
   * @param names of tensors
   * @param model whose data may be longest, if it is compiled several times
   * @param plans of all of them
   * @throws CompileException if the model has no tensor of such a name
   */
  Probes(List<String> names, CompiledModel model, Map<CompiledModel, Plan> plans) {
    this.names = List.copyOf(new LinkedHashSet<>(names));
    plans.forEach((each, plan) -> places.put(each, places(each.signature(), plan)));
    Set<String> known = Known.in(places, model).keySet();
    List<Diagnostic> unknown =
        this.names.stream()
            .filter(name -> !known.contains(name))
            .map(name -> unknown(name, known, model.signature().model()))
            .toList();
    if (!unknown.isEmpty()) {
      throw new CompileException(unknown);
    }
  }

  private static Diagnostic unknown(String name, Set<String> known, String model) {
    String listed = String.join(", ", known.stream().limit(MOST_LISTED).toList());
    return Diagnostic.of("probe", "'" + name + "' is no tensor that a step of " + model + " keeps")
        .note("those are " + listed + (known.size() > MOST_LISTED ? ", …" : ""))
        .note("a value that is computed and used within one kernel is in no memory")
        .help(
            Nearest.to(name, known)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("inspect FILE --stage memory lists all values, d_PATH is a gradient"));
  }

  /** All that can be looked at, by name: parameters first. */
  private static Map<String, Place> places(Signature signature, Plan plan) {
    Map<String, Place> found = new LinkedHashMap<>();
    signature.parameters().forEach(each -> found.put(each.path(), new Place.InParameters(each)));
    signature.values().stream()
        .filter(value -> value.name().startsWith(Planner.GRADIENT))
        .forEach(value ->
            found.put(
                "d_" + value.name().substring(Planner.GRADIENT.length()),
                new Place.InMemory(value)));
    signature.inputs().stream()
        .filter(input -> input.offset() >= 0)
        .forEach(input -> found.putIfAbsent(input.name(), new Place.InMemory(input)));
    Map<String, Place> written = new LinkedHashMap<>();
    for (int kernel : Known.in(plan.programs(), Plan.Program.GRADIENT)) {
      signature.kernels().get(kernel).results().stream()
          .filter(result -> result.space() == Signature.Space.MEMORY)
          .forEach(result -> written.put(result.name(), new Place.Written(kernel, result)));
    }
    written.forEach(found::putIfAbsent);
    return found;
  }

  /** Looks at the values of a step that this session is about to make. */
  Session.Watcher over(Session session) {
    seen.clear();
    Map<String, Place> all = Known.in(places, session.model());
    return kernel -> {
      for (String name : names) {
        if (all.get(name) instanceof Place.Written(int writer, Signature.Result result)
            && writer == kernel) {
          seen.put(
              name,
              Statistics.of(session.memory(), result.offset(), result.elements(session.rows())));
        }
      }
    };
  }

  /** What was seen of the step that this session has just made. */
  ProbeReport report(double epoch, long step, Session session) {
    Map<String, Statistics> tensors = new LinkedHashMap<>();
    for (String name : names) {
      switch (Known.in(places, session.model()).get(name)) {
        case Place.Written ignored -> tensors.put(name, Known.in(seen, name));
        case Place.InParameters(Signature.Parameter parameter) ->
            tensors.put(
                name,
                Statistics.of(
                    session.model().parameters(), parameter.offset(), parameter.elements()));
        case Place.InMemory(Signature.Value value) ->
            tensors.put(
                name,
                Statistics.of(session.memory(), value.offset(), value.elements(session.rows())));
        case null -> {} // the model for shorter sequences may need no such value
      }
    }
    return new ProbeReport(epoch, step, tensors);
  }
}
