package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Sum;
import nnc.compiler.plan.Kernel.Head;
import nnc.compiler.plan.Kernel.LoopBody;
import nnc.compiler.plan.Kernel.Part;
import nnc.compiler.plan.Kernel.Store;

/** Kernels that are loops over elements: with a product before them, with rows that are reduced, or reducing all. */
final class LoopKernels {
  private final KernelBuilder builder;
  private final List<Kernel> packs = new ArrayList<>();
  private int scratch;

  LoopKernels(KernelBuilder builder) {
    this.builder = builder;
  }

  /** Operands of products that are packed once, before the steps that read them. */
  List<Kernel> packs() {
    return packs;
  }

  int scratch() {
    return scratch;
  }

  void requireScratch(int floats) {
    scratch = Math.max(scratch, floats);
  }

  Kernel loop(Group group) {
    List<Node> nodes = group.nodes;
    Set<Node> stored = builder.stored(group);
    int split = group.split >= 0 ? group.split : flattest(group);
    group.split = split;
    if (nodes.stream()
        .anyMatch(node -> node.op() instanceof Reduction && split == group.domain.rank())) {
      throw new IllegalStateException("planner: a reduction along no columns in " + nodes);
    }
    Map<Node, Buffer> places = new LinkedHashMap<>();
    stored.forEach(node -> places.put(node, builder.buffer(node)));
    Optional<Kernel.ProductHead> product =
        group.product().map(node -> product(node, group, places));
    Map<Node, Operand> operands = builder.operands().of(group, split);
    LoopBody body = body(group, split, operands, places, List.of());
    List<Buffer> reads = reads(body);
    List<Buffer> writes = new ArrayList<>(places.values());
    product.ifPresent(head -> {
      reads.add(head.a().buffer());
      reads.add(head.b().buffer());
      writes.add(head.c());
      head.packed().ifPresent(writes::add);
    });
    Node subject = subject(group, stored);
    boolean columnsShared =
        product.isEmpty()
            && split == 0
            && group.domain.rank() > 0
            && nodes.stream().noneMatch(node -> node.op() instanceof Reduction);
    return new Kernel.Loop(
        builder.head(subject, group.all(), reads, writes), product, body, columnsShared, List.of());
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
        new LoopSchedule(group.nodes, full, operands, stores, builder.choices()).result(summands);
    Size rows = Fusion.product(group.domain.sizes().subList(0, split));
    Size columns = Fusion.product(group.domain.sizes().subList(split, group.domain.rank()));
    long perRow = columns.maximum();
    boolean pieces =
        split == 0 && group.nodes.stream().noneMatch(node -> node.op() instanceof Reduction)
            || group.kind == Group.Kind.TOTAL;
    long width = pieces ? Math.min(perRow, Grain.COLUMNS) : perRow;
    requireScratch(Math.toIntExact(schedule.scratch().size() * Grain.padded(width)));
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
                          && !group.computes(builder.views().base(input))
                          && input.constantValue().isEmpty()
                          && !builder.views().isSetting(builder.views().base(input)))
                  .allMatch(input ->
                      Access.of(builder.views().of(input), candidate)
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

  // ------------------------------------------------------------ products

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
      if (follower != null && builder.choices().make(PlanChoice.IN_PLACE)) {
        builder.share(node, Known.in(places, follower));
      } else {
        builder.buffer(node);
      }
    }
    Buffer c = builder.buffer(node);
    Kernel.ProductHead head =
        ProductPlan.of(
            node,
            builder.views(),
            builder::buffer,
            elements -> builder.temporary(c.name() + ".packed", elements),
            c,
            builder.choices().allow(PlanChoice.PACK_ONCE) ? builder.steps() : 1);
    if (head.uses() > 1 && head.packed().isPresent()) {
      builder.choices().count(PlanChoice.PACK_ONCE, 1);
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
                .anyMatch(input -> follows(builder.views().base(input), other, group, seen));
  }

  private Kernel pack(Kernel.ProductHead product) {
    String name =
        builder.names().unique(KernelNames.identifier("pack_" + product.b().buffer().name()));
    Part own = builder.part().orElseThrow();
    return new Kernel.Pack(
        new Head(
            name,
            product.node(),
            own,
            List.of(product.b().buffer()),
            List.of(product.packed().orElseThrow())),
        product);
  }

  // ------------------------------------------------------------ reductions

  Kernel total(Group group) {
    Node result =
        group.nodes.stream()
            .filter(node -> node.op() instanceof Sum && node.shape().rank() == 0)
            .findFirst()
            .orElseThrow();
    List<Node> formulas = group.nodes.stream().filter(node -> node != result).toList();
    Set<Node> stored = builder.stored(group);
    stored.remove(result);
    Map<Node, Operand> operands = new LinkedHashMap<>(builder.operands().of(group, 0));
    Map<Node, Buffer> places = new LinkedHashMap<>();
    stored.forEach(node -> places.put(node, builder.buffer(node)));
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
    Buffer partials = builder.temporary(result.shownName() + ".partials", pieces);
    List<Buffer> writes = new ArrayList<>(places.values());
    writes.add(partials);
    writes.add(builder.buffer(result));
    return new Kernel.Total(
        builder.head(result, group.nodes, reads(body), writes),
        body,
        summand,
        partials,
        builder.buffer(result));
  }

  Kernel columns(Group group) {
    Node node = group.nodes.getFirst();
    Reduction reduction = (Reduction) node.op();
    View view = builder.views().of(node.input(0));
    int rank = view.shape().rank();
    List<Integer> axes = reduction.axes();
    int first = axes.getFirst();
    int end = axes.getLast() + 1;
    if (end - first != axes.size()
        || !view.isContiguous()
        || builder.views().isVirtual(view.base())) {
      if (builder.views().isCopy(node.input(0)) || end - first != axes.size()) {
        throw new IllegalStateException(
            "planner: the axes of " + node.op() + " do not lie side by side");
      }
      throw new Views.NeedsCopy(node.input(0));
    }
    List<Size> sizes = view.shape().sizes();
    Buffer source = builder.buffer(view.base());
    return new Kernel.Columns(
        builder.head(node, List.of(node), List.of(source), List.of(builder.buffer(node))),
        reduction instanceof Sum,
        source,
        view.offset(),
        Fusion.product(sizes.subList(0, first)),
        Fusion.product(sizes.subList(first, end)),
        Fusion.product(sizes.subList(end, rank)),
        builder.buffer(node));
  }
}
