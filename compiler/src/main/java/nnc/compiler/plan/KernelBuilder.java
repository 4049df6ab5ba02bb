package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import nnc.compiler.ir.Body;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Variable;
import nnc.compiler.plan.Kernel.Head;
import nnc.compiler.plan.Kernel.Part;
import nnc.compiler.plan.Kernel.Stretch;

/** Turns the groups of one graph into kernels: finds every operand, decides what is stored, and where. */
final class KernelBuilder {
  private static final Pattern ASKED = Pattern.compile("loss|(output|metric)[.].*");

  private final Graph graph;
  private final Views views;
  private final Set<Node> copies;
  private final Set<Node> inference;
  private final boolean update;
  private final Function<Leaf, Buffer> given;
  private final Map<String, Buffer> pinned;
  private final Map<Node, String> kernelNames;
  private final Choices choices;
  private final Map<Node, Buffer> bufferOf = new HashMap<>();
  private final Map<Leaf, Buffer> givenBuffers = new HashMap<>();
  private final Optional<Part> part;
  private final Map<String, Buffer> roots = new LinkedHashMap<>();
  private final List<Kernel> kernels = new ArrayList<>();
  private final List<Kernel> atStart = new ArrayList<>();
  private final List<Kernel> atEnd = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<Kernel, List<Node>> nodesOf = new HashMap<>();
  private final Map<Node, Group> groupOf = new HashMap<>();
  private final Set<Node> readElsewhere = new HashSet<>();
  private final Map<Group, RecurrencePlaces> placesOf = new HashMap<>();
  private final KernelNames names;
  private final Operands operands;
  private final CopyKernels moves = new CopyKernels(this);
  private final RowKernels rows = new RowKernels(this);
  private final LoopKernels loops = new LoopKernels(this);
  private List<String> report = List.of();
  private int depth;
  private int steps = 1;

  /**
   * @param given where variables, and the slots of a body, lie
   * @param pinned places that roots are to have
   * @param kernelNames what the kernels that keep some values are to be called
   */
  KernelBuilder(
      Graph graph,
      Set<Node> copies,
      Set<Node> inference,
      boolean update,
      Function<Leaf, Buffer> given,
      Map<String, Buffer> pinned,
      Map<Node, String> kernelNames,
      Choices choices) {
    this(
        graph,
        copies,
        inference,
        update,
        given,
        pinned,
        kernelNames,
        choices,
        Optional.empty(),
        new KernelNames());
  }

  private KernelBuilder(
      Graph graph,
      Set<Node> copies,
      Set<Node> inference,
      boolean update,
      Function<Leaf, Buffer> given,
      Map<String, Buffer> pinned,
      Map<Node, String> kernelNames,
      Choices choices,
      Optional<Part> part,
      KernelNames names) {
    this.copies = copies;
    this.part = part;
    this.names = names;
    this.graph = graph;
    this.views = new Views(copies);
    this.inference = inference;
    this.update = update;
    this.given = given;
    this.pinned = pinned;
    this.kernelNames = kernelNames;
    this.choices = choices;
    this.operands = new Operands(views, this::buffer);
  }

  List<Kernel> kernels() {
    return kernels;
  }

  List<Buffer> buffers() {
    return buffers;
  }

  Map<String, Buffer> roots() {
    return roots;
  }

  List<String> report() {
    return report;
  }

  /** The floats of a thread's own memory that the loops need. */
  int scratch() {
    return loops.scratch();
  }

  /** How often a kernel runs each time. */
  int steps() {
    return steps;
  }

  /** The part of the program that a body's kernels belong to. */
  Optional<Part> part() {
    return part;
  }

  Choices choices() {
    return choices;
  }

  Views views() {
    return views;
  }

  Operands operands() {
    return operands;
  }

  KernelNames names() {
    return names;
  }

  boolean computes(Kernel kernel, Set<Node> wanted) {
    return Known.in(nodesOf, kernel).stream().anyMatch(wanted::contains);
  }

  void build() {
    Fusion fusion = new Fusion(views, inference, update, choices);
    List<Group> groups = fusion.group(graph.nodes(), graph.roots().values());
    report = fusion.report();
    groups.forEach(group -> group.all().forEach(node -> groupOf.put(node, group)));
    groups.forEach(group -> readElsewhere.addAll(group.reads));
    groups.stream().filter(group -> group.kind == Group.Kind.RECUR).forEach(this::placeResults);
    placeRoots(groups);
    for (Group group : groups) {
      Kernel kernel = kernel(group);
      kernels.add(kernel);
      nodesOf.put(kernel, group.all());
    }
    kernels.addAll(0, atStart);
    kernels.addAll(atEnd);
  }

  // ------------------------------------------------------------ where values lie

  /** Roots that are computed get their pinned places; others are copied there when all is done. */
  private void placeRoots(List<Group> groups) {
    graph
        .roots()
        .forEach((name, node) -> {
          Buffer wanted = pinned.get(name);
          boolean ofLoop = node.op() instanceof Result; // its place is among the loop's states
          boolean computed =
              groupOf.containsKey(node)
                  && !ofLoop
                  && (!update || node.shape().rank() > 0 && mayReplace(name, node, groups));
          if (wanted != null && bufferOf.get(node) == wanted) {
            roots.put(name, wanted); // a loop writes it there, step by step
          } else if (wanted != null && computed && !bufferOf.containsKey(node)) {
            bufferOf.put(node, wanted);
            buffers.add(wanted);
            roots.put(name, wanted);
          } else if (wanted != null) {
            copyAtEnd(node, wanted);
            roots.put(name, wanted);
          } else if (ofLoop) {
            Buffer own = new Buffer(node.shownName(), Buffer.Space.MEMORY, node.shape());
            copyAtEnd(node, own);
            roots.put(name, own);
          } else if (groupOf.containsKey(node) || node.op() instanceof Variable) {
            roots.put(name, inMemory(name, node, buffer(node)));
          } else if (views.isView(node)
              && views.of(node).isContiguous()
              && views.of(node).offset().factor() == 0
              && !views.isVirtual(views.of(node).base())) {
            roots.put(name, inMemory(name, node, buffer(views.of(node).base())));
          } else {
            throw new Views.NeedsCopy(node);
          }
        });
  }

  /** Whether the old value of what an update changes is read by no kernel behind the one that changes it. */
  private boolean mayReplace(String name, Node node, List<Group> groups) {
    int own = groups.indexOf(groupOf.get(node));
    return groups.subList(own + 1, groups.size()).stream()
            .flatMap(group -> group.reads.stream())
            .noneMatch(
                read -> read.op() instanceof Variable variable && variable.variable().equals(name))
        && choices.make(PlanChoice.IN_PLACE);
  }

  /** What users read lies in a session's memory, not among parameters, nor among a loop's states. */
  private Buffer inMemory(String name, Node node, Buffer place) {
    boolean free = place.space() == Buffer.Space.MEMORY && place.part().isEmpty();
    if (update || name.startsWith(Planner.UPDATE) || free) {
      return place;
    }
    Buffer own = new Buffer(node.shownName(), Buffer.Space.MEMORY, node.shape());
    copyAtEnd(node, own);
    return own;
  }

  /** What an optimizer's equations read may have been overwritten by then: it is held until the end. */
  private void copyAtEnd(Node node, Buffer to) {
    buffers.add(to);
    Stretch stretch = moves.stretch(views.of(node), View.contiguous(node));
    if (update && views.of(node).base().op() instanceof Variable) {
      Buffer held = new Buffer(to.name() + ".held", Buffer.Space.MEMORY, node.shape());
      buffers.add(held);
      atStart.add(copy(node, stretch, held));
      Operand all = new Operand.Load(held, stretch.to());
      stretch = new Stretch(all, stretch.to(), stretch.rows(), stretch.columns());
    }
    atEnd.add(copy(node, stretch, to));
  }

  private Kernel copy(Node node, Stretch stretch, Buffer to) {
    Part own = part.orElseGet(() -> Planner.part(node, update, inference.contains(node)));
    Kernel copy = moves.copy(to.name(), node, List.of(stretch), to, Optional.empty(), own);
    nodesOf.put(copy, List.of(node));
    return copy;
  }

  Buffer buffer(Node node) {
    if (node.op() instanceof Variable || node.op() instanceof Slot) {
      return givenBuffers.computeIfAbsent((Leaf) node.op(), given);
    }
    return bufferOf.computeIfAbsent(
        node,
        missing -> {
          Buffer made = new Buffer(node.shownName(), Buffer.Space.MEMORY, node.shape());
          buffers.add(made);
          return made;
        });
  }

  /** Two values that are never needed at the same time lie at one place. */
  void share(Node node, Buffer place) {
    bufferOf.put(node, place);
  }

  Buffer temporary(String name, Size elements) {
    Buffer made = new Buffer(name, Buffer.Space.MEMORY, new Shape(List.of(elements)));
    buffers.add(made);
    return made;
  }

  // ------------------------------------------------------------ kernels

  private Kernel kernel(Group group) {
    return switch (group.kind) {
      case LOOP -> loops.loop(group);
      case TOTAL -> loops.total(group);
      case COLUMNS -> loops.columns(group);
      case COPY -> moves.copies(group.nodes.getFirst());
      case OVERLAP_ADD -> moves.overlaps(group.nodes.getFirst());
      case ROWS -> rows.rows(group.nodes.getFirst());
      case FILL -> rows.fill(group.nodes.getFirst());
      case RECUR -> recurrence(group);
    };
  }

  Head head(Node subject, List<Node> nodes, List<Buffer> reads, List<Buffer> writes) {
    String name =
        nodes.stream()
            .map(kernelNames::get)
            .filter(Objects::nonNull)
            .findFirst()
            .map(names::unique)
            .orElseGet(() -> names.kernel(asked(subject, nodes)));
    return new Head(
        name,
        subject,
        part(subject, nodes),
        List.copyOf(new LinkedHashSet<>(reads)),
        List.copyOf(new LinkedHashSet<>(writes)));
  }

  private Part part(Node subject, List<Node> nodes) {
    boolean infers = nodes.stream().anyMatch(inference::contains);
    return part.orElseGet(() -> Planner.part(subject, update, infers));
  }

  /** Outputs, loss and metrics that a kernel computes, if it is known by one of them. */
  private List<Node> asked(Node subject, List<Node> nodes) {
    List<Node> asked =
        graph.roots().entrySet().stream()
            .filter(root -> ASKED.matcher(root.getKey()).matches())
            .map(Map.Entry::getValue)
            .distinct()
            .filter(nodes::contains)
            .toList();
    return asked.contains(subject) ? asked : List.of(subject);
  }

  /** Values that others read, or that are asked for. */
  Set<Node> stored(Group group) {
    Set<Node> stored = new LinkedHashSet<>();
    Set<Node> rootBases = rootBases();
    for (Node node : group.all()) {
      boolean wanted =
          roots.containsValue(bufferOf.get(node)) && bufferOf.containsKey(node)
              || rootBases.contains(node);
      if (wanted || readElsewhere.contains(node)) {
        stored.add(node);
      }
    }
    return stored;
  }

  private Set<Node> rootBases() {
    Set<Node> bases = new HashSet<>();
    graph
        .roots()
        .values()
        .forEach(node -> bases.add(views.isView(node) ? views.of(node).base() : node));
    return bases;
  }

  // ------------------------------------------------------------ recurrences

  /**
   * Plans a body as kernels that run at each step. A state's values at all steps lie one after the other, its first value
   * before them (behind them, if time runs backward): so each step finds what the step before it left.
   */
  private Kernel recurrence(Group group) {
    Node node = group.nodes.getFirst();
    Recur recur = (Recur) node.op();
    Body body = recur.body();
    RecurrencePlaces places = Known.in(placesOf, group);
    List<Kernel> before = new ArrayList<>();
    Part own = part(node, group.nodes);
    String name =
        names.unique(
            KernelNames.identifier(
                recur.states() == 0 ? node.shownName() : "steps of " + places.name(0)));
    for (int state = 0; state < recur.states(); state++) {
      Buffer first = places.first(state);
      View start = views.of(node.input(state));
      before.add(
          moves.copy(
              "start of " + first.name(),
              node,
              List.of(moves.stretch(start, View.contiguous(node.input(state)))),
              first,
              Optional.empty(),
              own));
    }
    Map<String, Node> roots = new LinkedHashMap<>();
    Map<String, Buffer> pinnedInside = new LinkedHashMap<>();
    for (int state = 0; state < recur.states(); state++) {
      roots.put("next." + state, body.node(recur.next().get(state)));
      pinnedInside.put("next." + state, places.now(state));
    }
    for (Node result : group.nodes.subList(1, group.nodes.size())) {
      int value = ((Result) result.op()).value();
      places
          .kept(value)
          .ifPresent(buffer -> {
            roots.put("value." + value, body.node(value));
            pinnedInside.put("value." + value, buffer);
          });
    }
    KernelBuilder inside =
        new KernelBuilder(
            Graph.of(roots),
            copies,
            Set.of(),
            false,
            leaf -> slot((Slot) leaf, node, recur, places),
            pinnedInside,
            Map.of(),
            choices,
            Optional.of(own),
            names);
    inside.depth = depth + 1;
    inside.steps = recur.length();
    inside.build();
    before.addAll(inside.loops.packs());
    buffers.addAll(inside.buffers().stream().filter(buffer -> buffer.part().isEmpty()).toList());
    report = new ArrayList<>(report);
    report.addAll(inside.report());
    loops.requireScratch(inside.scratch());
    List<Buffer> reads = new ArrayList<>();
    List<Buffer> writes = new ArrayList<>();
    for (List<Kernel> kernels : List.of(before, inside.kernels())) {
      for (Kernel kernel : kernels) {
        kernel.head().reads().forEach(buffer -> reads.add(buffer.root()));
        kernel.head().writes().forEach(buffer -> writes.add(buffer.root()));
      }
    }
    Head head =
        new Head(
            name,
            node,
            own,
            List.copyOf(new LinkedHashSet<>(reads)),
            List.copyOf(new LinkedHashSet<>(writes)));
    List<Kernel> steps = gathered(inside.kernels());
    return new Kernel.Recurrence(
        head, recur.length(), recur.reverse(), before, steps, rows(recur, steps));
  }

  private Optional<Size> rows(Recur recur, List<Kernel> steps) {
    if (recur.states() == 0 || !choices.allow(PlanChoice.ROW_SHARES)) {
      return Optional.empty();
    }
    Shape state = recur.body().node(recur.next().getFirst()).shape();
    Optional<Size> rows = state.rank() < 2 ? Optional.empty() : RowShares.of(steps, state.size(0));
    choices.count(PlanChoice.ROW_SHARES, rows.isPresent() ? 1 : 0);
    return rows;
  }

  private List<Kernel> gathered(List<Kernel> steps) {
    if (!choices.allow(PlanChoice.ITEM_GROUPS)) {
      return steps;
    }
    List<Kernel> gathered = ItemGroups.gather(steps, names);
    choices.count(
        PlanChoice.ITEM_GROUPS,
        (int) gathered.stream().filter(kernel -> kernel instanceof Kernel.Items).count());
    return gathered;
  }

  /** Before anything reads them. */
  private void placeResults(Group group) {
    Recur recur = (Recur) group.nodes.getFirst().op();
    RecurrencePlaces places = new RecurrencePlaces(recur, loop(), buffers::add);
    placesOf.put(group, places);
    graph
        .roots()
        .forEach((name, root) -> {
          Buffer wanted = pinned.get(name);
          if (wanted != null && group.nodes.contains(root) && root.op() instanceof Result result) {
            places.pin(result.value(), wanted);
          }
        });
    group.nodes.stream()
        .skip(1)
        .forEach(result -> bufferOf.put(result, places.all(((Result) result.op()).value())));
  }

  private int loop() {
    return depth + 1;
  }

  /** Where a body finds what comes in from outside. */
  private Buffer slot(Slot slot, Node node, Recur recur, RecurrencePlaces places) {
    if (slot.role() == Slot.Role.PREVIOUS) {
      return places.before(slot.number());
    }
    Node input = node.input(recur.input(slot));
    View view = views.of(input);
    if (!view.isContiguous() || views.isVirtual(view.base())) {
      throw new Views.NeedsCopy(input);
    }
    Buffer whole = buffer(view.base());
    boolean step = slot.role() == Slot.Role.STEP;
    if (!step && view.offset().factor() == 0) {
      return whole;
    }
    return Buffer.within(
        input.shownName() + (step ? "_t" : ""),
        slot.type().shape(),
        new Buffer.Part(
            whole,
            view.offset(),
            step ? slot.type().shape().elements() : Size.of(0),
            step ? loop() : 0));
  }
}
