package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.OverlapAdd;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.RowOp;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.ShapeOp;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Structured;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.Uniform;

/**
 * Finds which nodes become one kernel: elementwise nodes join what they read, reductions along rows join what they reduce, and
 * what follows a product element by element joins the product. Nothing joins that would make kernels wait for each other in a
 * circle, or make computing outputs need more inputs.
 */
final class Fusion {
  /** A sum of at most so many elements is not worth cutting into pieces. */
  private static final int SMALL_TOTAL = 8192;

  /** Java allows 255 parameters; some are arrays and ranges. */
  private static final int MOST_VALUES = 240;

  private final Views views;
  private final Set<Node> inferenceNodes;
  private final boolean fuseSiblings;
  private final Choices choices;
  private final List<Group> groups = new ArrayList<>();
  private final Map<Node, Group> groupOf = new HashMap<>();
  private final Map<Node, List<Node>> readers = new HashMap<>();
  private final List<String> report = new ArrayList<>();

  /**
   * @param inferenceNodes what computing outputs needs
   * @param fuseSiblings whether loops over the same places become one even where neither reads the other
   */
  Fusion(Views views, Set<Node> inferenceNodes, boolean fuseSiblings, Choices choices) {
    this.views = views;
    this.inferenceNodes = inferenceNodes;
    this.fuseSiblings = fuseSiblings && choices.allow(PlanChoice.FUSE_UPDATES);
    this.choices = choices;
  }

  List<String> report() {
    return report;
  }

  /** The groups in an order in which each finds its inputs computed. */
  List<Group> group(List<Node> nodes, Collection<Node> roots) {
    for (Node node : nodes) {
      boolean given = views.isGiven(node) && !(roots.contains(node) && views.isSetting(node));
      if (!given && !views.isView(node)) {
        place(node);
      }
    }
    if (fuseSiblings) {
      for (Group group : List.copyOf(groups)) {
        for (Group other : List.copyOf(groups)) {
          if (groups.contains(group)
              && groups.contains(other)
              && group != other
              && group.domain.equals(other.domain)
              && canUnite(group, other)) {
            unite(group, other, PlanChoice.FUSE_UPDATES);
          }
        }
      }
    }
    report.addAll(refusals());
    return ordered();
  }

  private void place(Node node) {
    if (node.op() instanceof Result) { // its recurrence computes it
      Group recurrence = Known.in(groupOf, node.input(0));
      recurrence.nodes.add(node);
      groupOf.put(node, recurrence);
      return;
    }
    if (node.op() instanceof Concat
        && !views.isCopy(node)
        && choices.allow(PlanChoice.SIDE_BY_SIDE)
        && isWrittenByOne(node)) {
      choices.count(PlanChoice.SIDE_BY_SIDE, 1);
      Group writer = Known.in(groupOf, node.input(0));
      writer.concats.add(node);
      groupOf.put(node, writer);
      return;
    }
    Group own = newGroup(node);
    groups.add(own);
    groupOf.put(node, own);
    for (Node input : node.inputs()) {
      Node base = views.base(input);
      own.reads.add(base);
      readers.computeIfAbsent(base, missing -> new ArrayList<>()).add(node);
    }
    if (own.kind != Group.Kind.LOOP && own.kind != Group.Kind.TOTAL) {
      return;
    }
    Set<Group> candidates = new LinkedHashSet<>();
    for (Node input : node.inputs()) {
      Node base = views.base(input);
      Group producer = groupOf.get(base);
      if (producer != null) {
        candidates.add(producer);
      }
    }
    for (Group candidate : candidates) {
      Group current = groupOf.get(node);
      if (current != candidate && groups.contains(candidate) && canUnite(candidate, current)) {
        unite(candidate, current, kind(candidate, current));
      }
    }
  }

  /** Whether one loop computes all parts of what is put together; loops over the same places become one for it. */
  private boolean isWrittenByOne(Node concat) {
    for (Node part : concat.inputs()) {
      Group first = groupOf.get(concat.input(0));
      Group own = groupOf.get(part);
      if (first == null || own == null) {
        return false;
      }
      if (own != first) {
        Group earlier = first.all().getFirst().id() < own.all().getFirst().id() ? first : own;
        Group later = earlier == first ? own : first;
        if (!first.domain.equals(own.domain) || !canUnite(earlier, later)) {
          return false;
        }
        unite(earlier, later, kind(earlier, later));
      }
    }
    Group writer = Known.in(groupOf, concat.input(0));
    return writer.kind == Group.Kind.LOOP
        && concat.inputs().stream()
            .allMatch(
                part -> part.op() instanceof Elementwise && part.shape().equals(writer.domain))
        && fits(concat, writer.split, writer.domain);
  }

  /** Whether the columns of each part lie side by side in the whole, with so many axes as rows. */
  private static boolean fits(Node concat, int split, Shape domain) {
    int rows = split < 0 ? domain.rank() - 1 : split;
    return rows < domain.rank()
        && Views.parts(concat).stream().allMatch(part -> Access.of(part, rows).isPresent());
  }

  private Group newGroup(Node node) {
    boolean inference = inferenceNodes.contains(node);
    if (views.isCopy(node)) {
      return new Group(Group.Kind.COPY, node, node.shape(), 0, inference);
    }
    return switch (node.op()) {
      case Product product -> {
        int columns =
            (int)
                product.result().stream().filter(label -> !product.left().contains(label)).count();
        yield new Group(
            Group.Kind.LOOP, node, node.shape(), node.shape().rank() - columns, inference);
      }
      case Elementwise ignored -> new Group(Group.Kind.LOOP, node, node.shape(), -1, inference);
      case Reduction reduction -> reductionGroup(node, reduction, inference);
      case OverlapAdd ignored ->
          new Group(Group.Kind.OVERLAP_ADD, node, node.shape(), 0, inference);
      case RowOp ignored -> new Group(Group.Kind.ROWS, node, node.shape(), 0, inference);
      case ShapeOp ignored -> new Group(Group.Kind.COPY, node, node.shape(), 0, inference);
      case Structured ignored -> new Group(Group.Kind.RECUR, node, node.shape(), 0, inference);
      case Leaf leaf ->
          new Group(
              leaf instanceof Uniform ? Group.Kind.FILL : Group.Kind.LOOP,
              node,
              node.shape(),
              -1,
              inference);
    };
  }

  private static Group reductionGroup(Node node, Reduction reduction, boolean inference) {
    Shape whole = node.input(0).shape();
    int rank = whole.rank();
    int kept = rank - reduction.axes().size();
    boolean trailing = reduction.axes().equals(IntStream.range(kept, rank).boxed().toList());
    if (trailing) {
      boolean large = kept == 0 && whole.elements().maximum() > SMALL_TOTAL;
      if (large && reduction instanceof Sum) {
        return new Group(Group.Kind.TOTAL, node, whole, 0, inference);
      }
      return new Group(Group.Kind.LOOP, node, whole, kept, inference);
    }
    if (!(reduction instanceof Sum || reduction instanceof Max)) {
      throw new Views.NeedsCopy(node.input(0));
    }
    return new Group(Group.Kind.COLUMNS, node, whole, 0, inference);
  }

  // ------------------------------------------------------------ uniting

  /** Whether an earlier group can take in a later one. */
  private boolean canUnite(Group earlier, Group later) {
    if (earlier.kind != Group.Kind.LOOP
        || later.kind != Group.Kind.LOOP && later.kind != Group.Kind.TOTAL
        || earlier.inference != later.inference
        || later.product != null && earlier.product != null
        || !isSmall(earlier, later)
        || !choices.allow(kind(earlier, later))) {
      return false;
    }
    Optional<Integer> split = commonSplit(earlier, later);
    if (split.isEmpty() || split.get() == Integer.MIN_VALUE) {
      return false;
    }
    Shape domain = earlier.domain.rank() >= later.domain.rank() ? earlier.domain : later.domain;
    return concatsFit(earlier, domain, split.get())
        && concatsFit(later, domain, split.get())
        && readsFit(earlier, later, domain, split.get())
        && readsFit(later, earlier, domain, split.get())
        && !throughOthers(earlier, later)
        && !throughOthers(later, earlier);
  }

  /** Whether a Java method has enough parameters for where all the values lie that two groups compute or read. */
  private static boolean isSmall(Group earlier, Group later) {
    if (earlier.nodes.size() + later.nodes.size() > MOST_VALUES) {
      return false;
    }
    Set<Node> values = new HashSet<>();
    for (Group group : List.of(earlier, later)) {
      values.addAll(group.nodes);
      group.nodes.forEach(node -> values.addAll(node.inputs()));
    }
    return values.size() <= MOST_VALUES;
  }

  private static PlanChoice kind(Group earlier, Group later) {
    if (earlier.product != null || later.product != null) {
      return PlanChoice.FUSE_PRODUCTS;
    }
    boolean rows =
        earlier.reduces()
            || later.reduces()
            || later.kind == Group.Kind.TOTAL
            || !earlier.domain.equals(later.domain);
    return rows ? PlanChoice.FUSE_ROWS : PlanChoice.FUSE_ELEMENTS;
  }

  private static boolean concatsFit(Group group, Shape domain, int split) {
    return group.concats.isEmpty()
        || group.domain.equals(domain)
            && group.concats.stream().allMatch(concat -> fits(concat, split, domain));
  }

  /** Where rows end in the united group; empty if the groups go through different places. */
  private Optional<Integer> commonSplit(Group a, Group b) {
    boolean hasProduct = a.product != null || b.product != null;
    if (a.domain.equals(b.domain)) {
      if (a.split >= 0 && b.split >= 0 && a.split != b.split) {
        return Optional.empty();
      }
      int split = Math.max(a.split, b.split);
      boolean reduces = a.reduces() || b.reduces();
      if (hasProduct && reduces) {
        return Optional.empty();
      }
      if (b.kind == Group.Kind.TOTAL
          && (hasProduct
              || a.reduces()
              || a.nodes.stream().anyMatch(node -> !node.shape().equals(a.domain)))) {
        return Optional.empty();
      }
      return Optional.of(split);
    }
    // one value a row on one side, rows of the other
    Group rows = a.domain.rank() < b.domain.rank() ? a : b;
    Group full = rows == a ? b : a;
    if (hasProduct
        || rows.split > 0
        || rows.reduces()
        || rows.kind != Group.Kind.LOOP
        || full.kind != Group.Kind.LOOP
        || !full.reduces()) {
      return Optional.empty();
    }
    return full.rowShape().equals(rows.domain) ? Optional.of(full.split) : Optional.empty();
  }

  /** Whether every value of one group that the other reads is read at the same place. */
  private boolean readsFit(Group reader, Group read, Shape domain, int split) {
    for (Node node : readersIn(reader, read)) {
      for (Node input : node.inputs()) {
        Node base = views.base(input);
        if (groupOf.get(base) != read) {
          continue;
        }
        if (read.concats.contains(base)) {
          return false;
        }
        if (node == reader.product) {
          return false;
        }
        boolean direct = input == base;
        boolean rowRepeated =
            input.op() instanceof Broadcast broadcast
                && input.input(0) == base
                && input.shape().equals(domain)
                && split >= 0
                && broadcast.places().equals(IntStream.range(0, split).boxed().toList());
        if (!direct && !rowRepeated) {
          return false;
        }
      }
    }
    return true;
  }

  /** The nodes of one group that may read the other: the search goes through the smaller of them. */
  private List<Node> readersIn(Group reader, Group read) {
    if (reader.size() <= read.size()) {
      return reader.all();
    }
    return read.all().stream()
        .flatMap(node -> readers.getOrDefault(node, List.of()).stream())
        .filter(node -> groupOf.get(node) == reader)
        .toList();
  }

  /** Whether a later group needs an earlier one also by way of a third. */
  private boolean throughOthers(Group from, Group to) {
    for (Group next : producersOf(to)) {
      if (next != from && next != to && reaches(next, from, new HashSet<>())) {
        return true;
      }
    }
    return false;
  }

  private boolean reaches(Group group, Group target, Set<Group> seen) {
    if (group == target) {
      return true;
    }
    if (!seen.add(group)) {
      return false;
    }
    return producersOf(group).stream().anyMatch(producer -> reaches(producer, target, seen));
  }

  private Set<Group> producersOf(Group group) {
    Set<Group> producers = new LinkedHashSet<>();
    for (Node read : group.reads) {
      Group producer = groupOf.get(read);
      if (producer != null && producer != group) {
        producers.add(producer);
      }
    }
    return producers;
  }

  private void unite(Group earlier, Group later, PlanChoice choice) {
    choices.count(choice, 1);
    int split = commonSplit(earlier, later).orElseThrow();
    if (later.kind == Group.Kind.TOTAL) {
      absorb(later, earlier);
    } else {
      if (later.domain.rank() > earlier.domain.rank()) {
        earlier.domain = later.domain;
      }
      earlier.split = split;
      absorb(earlier, later);
    }
  }

  private void absorb(Group united, Group gone) {
    united.absorb(gone);
    groups.remove(gone);
    gone.all().forEach(node -> groupOf.put(node, united));
  }

  // ------------------------------------------------------------ what was not united

  /** Loops that read one another and are two, of one part of the program. */
  private List<String> refusals() {
    List<String> refusals = new ArrayList<>();
    for (Group later : groups) {
      for (Group earlier : producersOf(later)) {
        if (isGradient(earlier) == isGradient(later)) {
          refusal(earlier, later)
              .map(reason ->
                  "not fused: " + name(earlier) + " and " + placed(later) + ", because " + reason)
              .filter(line -> !refusals.contains(line))
              .ifPresent(refusals::add);
        }
      }
    }
    return refusals;
  }

  /** Why an earlier group has not taken in a later one; empty where nobody would expect it. */
  private Optional<String> refusal(Group earlier, Group later) {
    if (earlier.kind != Group.Kind.LOOP
        || later.kind != Group.Kind.LOOP && later.kind != Group.Kind.TOTAL
        || later.product != null
        || earlier.domain.rank() == 0
        || !choices.allow(kind(earlier, later))) {
      return Optional.empty();
    }
    if (!isSmall(earlier, later)) {
      return Optional.of("together they would touch more values than a Java method has parameters");
    }
    if (earlier.product != null && (earlier.reduces() || later.reduces())) {
      return Optional.of("a product's tile does not hold whole rows");
    }
    Optional<Integer> split = commonSplit(earlier, later);
    if (split.isEmpty()) {
      return Optional.of(
          earlier.domain.equals(later.domain)
              ? "their rows end at different axes"
              : "they go through different places, " + earlier.domain + " and " + later.domain);
    }
    Shape domain = earlier.domain.rank() >= later.domain.rank() ? earlier.domain : later.domain;
    if (!readsFit(later, earlier, domain, split.get())) {
      return Optional.of("one reads the other at other places than it is written");
    }
    if (throughOthers(earlier, later)) {
      return Optional.of("a third kernel lies between them");
    }
    return earlier.inference != later.inference
        ? Optional.of("outputs need one of them alone")
        : Optional.empty();
  }

  private static boolean isGradient(Group group) {
    return group.all().getLast().gradientOf().isPresent();
  }

  private static String name(Group group) {
    Node last = group.all().getLast();
    return last.label().isPresent() || last.gradientOf().flatMap(Node::label).isPresent()
        ? last.shownName()
        : last.op().name();
  }

  private static String placed(Group group) {
    return name(group)
        + group.all().getLast().place().map(place -> " (" + place.place() + ")").orElse("");
  }

  /** A group comes after those it reads; among those that could come, the one with the earliest node. */
  private List<Group> ordered() {
    List<Group> open = new ArrayList<>(groups);
    open.sort(Comparator.comparingInt(group -> group.all().getLast().id()));
    List<Group> ordered = new ArrayList<>();
    Set<Group> done = new HashSet<>();
    while (!open.isEmpty()) {
      Group next =
          open.stream()
              .filter(group -> done.containsAll(producersOf(group)))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalStateException("fusion: kernels wait for each other in a circle"));
      open.remove(next);
      done.add(next);
      ordered.add(next);
    }
    return ordered;
  }

  static Size product(List<Size> sizes) {
    return sizes.stream().reduce(Size.ONE, Size::times);
  }
}
