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
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.Variable;
import nnc.compiler.plan.Kernel.Head;
import nnc.compiler.plan.Kernel.LoopBody;
import nnc.compiler.plan.Kernel.Part;
import nnc.compiler.plan.Kernel.Store;

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
  private final Map<Node, Buffer> bufferOf = new HashMap<>();
  private final Map<Leaf, Buffer> givenBuffers = new HashMap<>();
  private final Optional<Part> part;
  private final Map<String, Buffer> roots = new LinkedHashMap<>();
  private final List<Kernel> kernels = new ArrayList<>();
  private final List<Kernel> atEnd = new ArrayList<>();
  private final List<Kernel> packs = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<Kernel, List<Node>> nodesOf = new HashMap<>();
  private final Map<Node, Group> groupOf = new HashMap<>();
  private final Set<Node> readElsewhere = new HashSet<>();
  private final Map<Group, RecurrencePlaces> placesOf = new HashMap<>();
  private final KernelNames names;
  private final Operands operands;
  private final CopyKernels moves = new CopyKernels(this);
  private final RowKernels rows = new RowKernels(this);
  private List<String> report = List.of();
  private int scratch;
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
      Map<Node, String> kernelNames) {
    this(
        graph,
        copies,
        inference,
        update,
        given,
        pinned,
        kernelNames,
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

  int scratch() {
    return scratch;
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
    Fusion fusion = new Fusion(views, inference, update);
    List<Group> groups = fusion.group(graph.nodes(), graph.roots().values());
    report = fusion.report();
    groups.forEach(group -> group.all().forEach(node -> groupOf.put(node, group)));
    groups.forEach(group -> readElsewhere.addAll(group.reads));
    groups.stream().filter(group -> group.kind == Group.Kind.RECUR).forEach(this::placeResults);
    placeRoots();
    for (Group group : groups) {
      Kernel kernel = kernel(group);
      kernels.add(kernel);
      nodesOf.put(kernel, group.all());
    }
    kernels.addAll(atEnd);
  }

  // ------------------------------------------------------------ where values lie

  /** Roots that are computed get their pinned places; others are copied there when all is done. */
  private void placeRoots() {
    graph
        .roots()
        .forEach((name, node) -> {
          Buffer wanted = pinned.get(name);
          boolean ofLoop = node.op() instanceof Result; // its place is among the loop's states
          boolean computed =
              groupOf.containsKey(node) && !ofLoop && !(update && node.shape().rank() == 0);
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

  /** What users read lies in a session's memory, not among parameters. */
  private Buffer inMemory(String name, Node node, Buffer place) {
    if (update || name.startsWith(Planner.UPDATE) || place.space() == Buffer.Space.MEMORY) {
      return place;
    }
    Buffer own = new Buffer(node.shownName(), Buffer.Space.MEMORY, node.shape());
    copyAtEnd(node, own);
    return own;
  }

  private void copyAtEnd(Node node, Buffer to) {
    buffers.add(to);
    Part own = part.orElseGet(() -> Planner.part(node, update, inference.contains(node)));
    Kernel copy =
        moves.copy(
            to.name(),
            node,
            List.of(moves.stretch(views.of(node), View.contiguous(node))),
            to,
            Optional.empty(),
            own);
    atEnd.add(copy);
    nodesOf.put(copy, List.of(node));
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

  Buffer temporary(String name, Size elements) {
    Buffer made = new Buffer(name, Buffer.Space.MEMORY, new Shape(List.of(elements)));
    buffers.add(made);
    return made;
  }

  // ------------------------------------------------------------ kernels

  private Kernel kernel(Group group) {
    return switch (group.kind) {
      case LOOP -> loop(group);
      case TOTAL -> total(group);
      case COLUMNS -> columns(group);
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

  private Kernel loop(Group group) {
    List<Node> nodes = group.nodes;
    Set<Node> stored = stored(group);
    int split = group.split >= 0 ? group.split : flattest(group);
    group.split = split;
    if (nodes.stream()
        .anyMatch(node -> node.op() instanceof Reduction && split == group.domain.rank())) {
      throw new IllegalStateException("planner: a reduction along no columns in " + nodes);
    }
    Map<Node, Buffer> places = new LinkedHashMap<>();
    stored.forEach(node -> places.put(node, buffer(node)));
    Optional<Kernel.ProductHead> product =
        group.product().map(node -> product(node, group, places));
    Map<Node, Operand> operands = this.operands.of(group, split);
    LoopBody body = body(group, split, operands, places, List.of());
    List<Buffer> reads = reads(body);
    List<Buffer> writes = new ArrayList<>(places.values());
    product.ifPresent(head -> {
      reads.add(head.a().buffer());
      reads.add(head.b().buffer());
      writes.add(head.c());
      writes.add(head.packed());
    });
    Node subject = subject(group, stored);
    boolean columnsShared =
        product.isEmpty()
            && split == 0
            && group.domain.rank() > 0
            && nodes.stream().noneMatch(node -> node.op() instanceof Reduction);
    return new Kernel.Loop(
        head(subject, group.all(), reads, writes), product, body, columnsShared, List.of());
  }

  /** The value a kernel is known by: the last that it keeps, gradients of parameters and named ones first. */
  private Node subject(Group group, Set<Node> stored) {
    List<Node> named = stored.stream().filter(node -> node.label().isPresent()).toList();
    return !named.isEmpty()
        ? named.getLast()
        : stored.isEmpty() ? group.all().getLast() : List.copyOf(stored).getLast();
  }

  private LoopBody body(
      Group group,
      int split,
      Map<Node, Operand> operands,
      Map<Node, Buffer> places,
      List<Node> summands) {
    boolean rowsOnly = split == group.domain.rank();
    Set<Node> full = new LinkedHashSet<>();
    group.nodes.forEach(node -> {
      if (!rowsOnly && node.shape().equals(group.domain) && !(node.op() instanceof Reduction)) {
        full.add(node);
      }
    });
    List<Store> stores = new ArrayList<>();
    places.forEach((node, buffer) -> {
      if (group.concats.contains(node)) {
        List<View> parts = Views.parts(node);
        for (int i = 0; i < parts.size(); i++) {
          stores.add(new Store(node.input(i), buffer, access(parts.get(i), split), false));
        }
      } else if (node != group.product) {
        View view = View.contiguous(node);
        Access access =
            full.contains(node)
                ? access(view, split)
                : access(
                    new View(node, group.rowShape(), Size.of(0), View.strides(group.rowShape())),
                    split);
        stores.add(new Store(node, buffer, access, false));
      }
    });
    LoopSchedule.Result schedule =
        new LoopSchedule(group.nodes, full, operands, stores).result(summands);
    Size rows = Fusion.product(group.domain.sizes().subList(0, split));
    Size columns = Fusion.product(group.domain.sizes().subList(split, group.domain.rank()));
    long perRow = columns.maximum();
    boolean pieces =
        split == 0 && group.nodes.stream().noneMatch(node -> node.op() instanceof Reduction)
            || group.kind == Group.Kind.TOTAL;
    long width = pieces ? Math.min(perRow, Grain.COLUMNS) : perRow;
    scratch = Math.toIntExact(Math.max(scratch, schedule.scratch().size() * Grain.padded(width)));
    return new LoopBody(
        rows,
        columns,
        rowsOnly,
        group.nodes,
        operands,
        schedule.stores(),
        schedule.phases(),
        schedule.scratch());
  }

  static Access access(View view, int split) {
    return Access.of(view, Math.min(split, view.shape().rank()))
        .orElseThrow(() -> new IllegalStateException("planner: results are contiguous"));
  }

  /** Values that others read, or that are asked for. */
  private Set<Node> stored(Group group) {
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

  /** The fewest row axes with which everything that is read has its columns side by side in memory. */
  private int flattest(Group group) {
    int rank = group.domain.rank();
    for (int split = 0; split < rank; split++) {
      int candidate = split;
      boolean fits =
          group.concats.stream()
                  .flatMap(concat -> Views.parts(concat).stream())
                  .allMatch(part -> Access.of(part, candidate).isPresent())
              && group.nodes.stream()
                  .flatMap(node -> node.inputs().stream())
                  .filter(input ->
                      input.shape().equals(group.domain)
                          && !group.computes(views.base(input))
                          && input.constantValue().isEmpty()
                          && !views.isSetting(views.base(input)))
                  .allMatch(input ->
                      Access.of(views.of(input), candidate)
                          .filter(access -> access.columnStride().isOne() || access.oneColumn())
                          .isPresent());
      if (fits) {
        return split;
      }
    }
    if (rank == 0) {
      return 0;
    }
    return rank - 1; // some operand needs a copy; finding it says which
  }

  private static List<Buffer> reads(LoopBody body) {
    List<Buffer> reads = new ArrayList<>();
    body.operands().values().forEach(operand -> addRead(operand, reads));
    return reads;
  }

  static void addRead(Operand operand, List<Buffer> reads) {
    if (operand instanceof Operand.Load load) {
      reads.add(load.buffer());
    }
  }

  /** The product writes where the first of its followers keeps its result, if nobody asks for the bare product. */
  private Kernel.ProductHead product(Node node, Group group, Map<Node, Buffer> places) {
    if (!places.containsKey(node)) {
      Node follower =
          places.keySet().stream()
              .filter(other ->
                  other.shape().equals(node.shape())
                      && group.isFull(other)
                      && follows(other, node, group, new HashSet<>()))
              .findFirst()
              .orElse(null);
      if (follower != null) {
        bufferOf.put(node, places.get(follower));
      } else {
        buffer(node);
      }
    }
    Buffer c = buffer(node);
    Kernel.ProductHead head =
        ProductPlan.of(
            node,
            views,
            this::buffer,
            elements -> temporary(c.name() + ".packed", elements),
            c,
            steps);
    if (head.uses() > 1) {
      packs.add(pack(head));
    }
    return head;
  }

  /** Whether a value of a group is computed from another one of it. */
  private boolean follows(Node node, Node other, Group group, Set<Node> seen) {
    return node == other
        || seen.add(node)
            && group.computes(node)
            && node.inputs().stream()
                .anyMatch(input -> follows(views.base(input), other, group, seen));
  }

  private Kernel pack(Kernel.ProductHead product) {
    String name = names.unique(KernelNames.identifier("pack_" + product.b().buffer().name()));
    Part own = part.orElseThrow();
    return new Kernel.Pack(
        new Head(
            name, product.node(), own, List.of(product.b().buffer()), List.of(product.packed())),
        product);
  }

  private Kernel total(Group group) {
    Node result =
        group.nodes.stream()
            .filter(node -> node.op() instanceof Sum && node.shape().rank() == 0)
            .findFirst()
            .orElseThrow();
    List<Node> formulas = group.nodes.stream().filter(node -> node != result).toList();
    Set<Node> stored = stored(group);
    stored.remove(result);
    Map<Node, Operand> operands = new LinkedHashMap<>(this.operands.of(group, 0));
    Map<Node, Buffer> places = new LinkedHashMap<>();
    stored.forEach(node -> places.put(node, buffer(node)));
    Group loop = new Group(Group.Kind.TOTAL, result, group.domain, 0, group.inference);
    loop.nodes.clear();
    loop.nodes.addAll(formulas);
    Node summand = result.input(0);
    if (formulas.contains(summand) && !places.containsKey(summand)) {
      // the sum reads it from scratch memory
      operands.put(summand, new Operand.Computed(summand));
    } else if (!formulas.contains(summand)
        && !(operands.get(summand) instanceof Operand.Load load
            && load.access().columnStride().isOne())) {
      throw new Views.NeedsCopy(summand);
    }
    LoopBody body =
        body(loop, 0, operands, places, formulas.contains(summand) ? List.of(summand) : List.of());
    Size pieces = Size.of(Math.ceilDiv(group.domain.elements().maximum(), Grain.COLUMNS));
    Buffer partials = temporary(result.shownName() + ".partials", pieces);
    List<Buffer> writes = new ArrayList<>(places.values());
    writes.add(partials);
    writes.add(buffer(result));
    return new Kernel.Total(
        head(result, group.nodes, reads(body), writes), body, summand, partials, buffer(result));
  }

  private Kernel columns(Group group) {
    Node node = group.nodes.getFirst();
    Reduction reduction = (Reduction) node.op();
    View view = views.of(node.input(0));
    int rank = view.shape().rank();
    List<Integer> axes = reduction.axes();
    int first = axes.getFirst();
    int end = axes.getLast() + 1;
    if (end - first != axes.size() || !view.isContiguous() || views.isVirtual(view.base())) {
      if (views.isCopy(node.input(0)) || end - first != axes.size()) {
        throw new IllegalStateException(
            "planner: the axes of " + node.op() + " do not lie side by side");
      }
      throw new Views.NeedsCopy(node.input(0));
    }
    List<Size> sizes = view.shape().sizes();
    Buffer source = buffer(view.base());
    return new Kernel.Columns(
        head(node, List.of(node), List.of(source), List.of(buffer(node))),
        reduction instanceof Sum,
        source,
        view.offset(),
        Fusion.product(sizes.subList(0, first)),
        Fusion.product(sizes.subList(first, end)),
        Fusion.product(sizes.subList(end, rank)),
        buffer(node));
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
            Optional.of(own),
            names);
    inside.depth = depth + 1;
    inside.steps = recur.length();
    inside.build();
    before.addAll(inside.packs);
    buffers.addAll(inside.buffers().stream().filter(buffer -> buffer.part().isEmpty()).toList());
    report = new ArrayList<>(report);
    report.addAll(inside.report());
    scratch = Math.max(scratch, inside.scratch());
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
    return new Kernel.Recurrence(head, recur.length(), recur.reverse(), before, inside.kernels());
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
