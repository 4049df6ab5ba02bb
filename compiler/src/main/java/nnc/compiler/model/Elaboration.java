package nnc.compiler.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.runtime.Turn;

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
  final Growth growth = new Growth();

  private final Map<String, Owner> paths = new HashMap<>();

  /** How many random numbers have been asked for at a path. */
  private final Map<String, Integer> draws = new HashMap<>();

  /** What the paths of random numbers begin with: equations beside the model draw their own. */
  private final String drawsUnder;

  private final List<PathPattern> patterns;
  int depth;

  /** How many values have stood for a step of a recurrence, or for one head. */
  private int slots;

  /** The blocks around what is elaborated now, the outermost first. */
  private final Deque<Block> blocks = new ArrayDeque<>();

  /** @param patterns which parameters the train block treats apart */
  Elaboration(
      GraphBuilder builder,
      Problems problems,
      Scope globals,
      boolean training,
      List<PathPattern> patterns) {
    this(builder, problems, globals, training, patterns, "");
  }

  Elaboration(
      GraphBuilder builder,
      Problems problems,
      Scope globals,
      boolean training,
      List<PathPattern> patterns,
      String drawsUnder) {
    this.builder = builder;
    this.drawsUnder = drawsUnder;
    this.patterns = patterns;
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

  /** What stands for one part of a tensor that has the parts in front: a step's, a turn's, a head's. */
  Node part(Node all) {
    Type one = all.type().with(all.shape().without(List.of(0)));
    return builder.add(new Slot(Slot.Role.STEP, slots++, one));
  }

  /** What stands for a state as the step before has left it. */
  Node previous(Type type) {
    return builder.add(new Slot(Slot.Role.PREVIOUS, slots++, type));
  }

  /** Elaborates what stands in a block. */
  <T> T within(Block block, Supplier<T> body) {
    blocks.addLast(block);
    try {
      return body.get();
    } finally {
      blocks.removeLast();
    }
  }

  void run(Block block, Runnable body) {
    within(
        block,
        () -> {
          body.run();
          return null;
        });
  }

  List<Block> blocks() {
    return List.copyOf(blocks);
  }

  /** Whether what is elaborated now stands for the parts of a block of some kind. */
  boolean isWithin(Class<? extends Block> kind) {
    return blocks.stream().anyMatch(kind::isInstance);
  }

  /** The blocks, the outermost first, of which each part has what a frame stores. */
  List<PerPart> partsOf(Frame frame) {
    List<PerPart> own = new ArrayList<>();
    for (Block block : blocks) {
      if (block instanceof HeadsBlock heads) {
        own.add(heads);
      } else if (block instanceof RepeatBlock repeat && frame.repeats().contains(repeat)) {
        own.add(repeat);
      }
    }
    return own;
  }

  /** What a node is a turn's own part of, in the repeats around; the node itself if it is stored as it is. */
  Node stored(Node node) {
    Node whole = node;
    for (Block block : blocks.reversed()) {
      if (block instanceof RepeatBlock repeat) {
        whole = repeat.whole(whole);
      }
    }
    return whole;
  }

  /**
   * Notes the next value of a buffer.
   *
   * @param next of the turn's own part, in a repeat
   */
  void update(Variable buffer, Node next) {
    for (Block block : blocks.reversed()) {
      if (block instanceof RepeatBlock repeat) {
        repeat.update(buffer, next);
        return;
      }
    }
    updates.put(buffer.variable(), next);
  }

  /** Takes a path for what stands at a place; the same place may take it again. */
  String takePath(Frame frame, String path, Span place) {
    Owner owner = new Owner(place, frame.callers());
    int[] turns = frame.repeats().stream().mapToInt(RepeatBlock::turns).toArray();
    for (Turn turn : Turn.of(path, turns)) {
      take(turn.path(), owner);
    }
    if (turns.length > 0 && patterns.stream().anyMatch(pattern -> pattern.divides(path, turns))) {
      throw new RepeatBlock.TurnsDiffer();
    }
    return path;
  }

  private void take(String path, Owner owner) {
    Owner before = paths.putIfAbsent(path, owner);
    if (before != null && !before.equals(owner)) {
      boolean calls = before.place.equals(owner.place);
      Span here = calls ? owner.callers.getLast() : owner.place;
      Span there = calls ? before.callers.getLast() : before.place;
      throw Problem.of(
          Diagnostic.at(here, "path", "the path '" + path + "' is taken already")
              .label(there, "first used here")
              .note("parameters are stored by path, so two of one path cannot both be kept")
              .help(
                  calls
                      ? "make the function a layer: each of its instances has parameters of its own"
                      : "bind one of them to another name"));
    }
  }

  /** The path of random numbers: each call of a shared layer draws its own. */
  String drawPath(Frame frame, String name) {
    return drawsUnder + frame.numbered(name, draws.merge(frame.bound(name), 1, Integer::sum));
  }

  /** What stands at a place, in functions called at places. */
  private record Owner(Span place, List<Span> callers) {}

  /** What an elaboration has met so far. */
  record State(
      Map<String, TypedModel.Parameter> parameters,
      Map<String, Node> updates,
      Map<String, TypedModel.IdRange> idRanges,
      Map<String, Owner> paths,
      Map<String, Integer> draws,
      int depth) {}

  State state() {
    return new State(
        new LinkedHashMap<>(parameters),
        new LinkedHashMap<>(updates),
        new LinkedHashMap<>(idRanges),
        new HashMap<>(paths),
        new HashMap<>(draws),
        depth);
  }

  /** Forgets what was met since. */
  void restore(State before) {
    replace(parameters, before.parameters);
    replace(updates, before.updates);
    replace(idRanges, before.idRanges);
    replace(paths, before.paths);
    replace(draws, before.draws);
    depth = before.depth;
  }

  private static <K, V> void replace(Map<K, V> map, Map<K, V> by) {
    map.clear();
    map.putAll(by);
  }
}
