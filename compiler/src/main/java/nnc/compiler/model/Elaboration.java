package nnc.compiler.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;

/** What one elaboration of a model shares: the graph it builds, the parameters it meets, the errors it finds. */
final class Elaboration {
  /** Layers inside layers inside layers: deeper than this is a layer that calls itself. */
  static final int DEEPEST_CALL = 100;

  final GraphBuilder builder;
  final Tensors tensors;
  final Problems problems;
  final Scope globals;
  final Map<String, TypedModel.Parameter> parameters;
  final Map<String, Node> updates;
  final Map<String, TypedModel.IdRange> idRanges;
  final Expressions expressions;
  final Shapes shapes;
  final Calls calls;
  final Bodies bodies;
  final Axes axes;

  private final Map<String, Span> paths = new HashMap<>();
  int depth;

  /** How many values have stood for a step of a recurrence, or for one head. */
  int slots;

  /** The blocks of heads around what is elaborated now, the outermost first. */
  final Deque<HeadsBlock> heads = new ArrayDeque<>();

  Elaboration(GraphBuilder builder, Problems problems, Scope globals, boolean training) {
    this.builder = builder;
    this.tensors = new Tensors(builder);
    this.problems = problems;
    this.globals = globals.inner();
    this.globals.bind("training", new Value.Num(training ? 1 : 0, true));
    this.parameters = new LinkedHashMap<>();
    this.updates = new LinkedHashMap<>();
    this.idRanges = new LinkedHashMap<>();
    this.expressions = new Expressions(this);
    this.shapes = new Shapes(this);
    this.calls = new Calls(this);
    this.bodies = new Bodies(this);
    this.axes = new Axes(this);
  }

  /** An input is an index: its ids must be legal wherever it is used. */
  void restrictIds(Variable input, TypedModel.IdRange range) {
    idRanges.merge(input.variable(), range, TypedModel.IdRange::narrower);
  }

  /** Takes a path for what stands at a place; the same place may take it again. */
  String takePath(String path, Span owner) {
    Span before = paths.putIfAbsent(path, owner);
    if (before != null && !before.equals(owner)) {
      throw Problem.of(
          Diagnostic.at(owner, "path", "the path '" + path + "' is taken already")
              .label(before, "first used here")
              .note("parameters are stored by path, so two of one path cannot both be kept")
              .help("bind one of them to another name"));
    }
    return path;
  }
}
