package nnc.compiler.pass;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.op.Add;

/**
 * Inside of loops, what is done to several values in the same way is done once to all of them side by side: the products of a
 * state with the weights of each gate are one product with the weights put together, which is done outside of the loop.
 */
final class MergeParts implements Pass {
  @Override
  public String name() {
    return "merge-parts";
  }

  @Override
  public String law() {
    return "in a loop, what is done to several values alike is done once to all of them side by side";
  }

  @Override
  public Outcome run(Graph graph) {
    int count = 0;
    Outcome outcome = merge(graph);
    for (; outcome.count() > 0; outcome = merge(outcome.graph())) {
      count += outcome.count();
    }
    return new Outcome(outcome.graph(), count);
  }

  private static Outcome merge(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    Scope scope = new Scope(graph.nodes(), List.of(), builder, new HashMap<>());
    int count = scope.run();
    return new Outcome(graph.image(scope.images), count);
  }

  /**
   * Values that are computed alike from parts, and are the parts of one value themselves.
   *
   * @param axis along which they lie side by side
   * @param whole makes the one value, given the images of other nodes
   */
  private record Alike(List<Node> members, int axis, Function<Function<Node, Node>, Node> whole) {}

  /** The graph, or a body, while it is copied: a node is copied when it is asked for. */
  private static final class Scope {
    private final List<Node> nodes;
    private final GraphBuilder builder;
    private final Map<Node, Node> images;
    private final Map<Node, Alike> groups = new HashMap<>();
    private int count;

    Scope(List<Node> nodes, List<Alike> groups, GraphBuilder builder, Map<Node, Node> images) {
      this.nodes = nodes;
      this.builder = builder;
      this.images = images;
      groups.forEach(group -> group.members().forEach(member -> this.groups.put(member, group)));
    }

    int run() {
      nodes.forEach(this::image);
      return count;
    }

    private void image(Node node) {
      if (images.containsKey(node)) {
        return;
      }
      if (groups.containsKey(node)) {
        whole(groups.get(node));
      } else if (node.op() instanceof Result) {
        recurrence(node.input(0));
      } else if (!(node.op() instanceof Recur)) {
        node.inputs().forEach(this::image);
        images.put(node, builder.copy(node, images));
      }
    }

    private void recurrence(Node node) {
      node.inputs().forEach(this::image);
      count +=
          BodyRewrite.apply(
              node,
              nodes,
              builder,
              images,
              (body, inner, inside) ->
                  new Scope(body, new Search((Recur) node.op()).groups(), inner, inside).run());
    }

    private void whole(Alike group) {
      Node first = group.members().getFirst();
      Node whole = builder.insteadOf(first, () -> group.whole().apply(this::imageOf));
      group.members().forEach(whole::comesFrom);
      List<Integer> widths =
          group.members().stream()
              .map(member -> member.shape().size(group.axis()).constant())
              .toList();
      List<Node> parts = Parts.apart(whole, group.axis(), widths);
      for (int i = 0; i < parts.size(); i++) {
        Node member = group.members().get(i);
        Node part = parts.get(i);
        member.label().ifPresent(label -> builder.label(part, label));
        part.comesFrom(member);
        images.put(member, part);
      }
      count++;
    }

    private Node imageOf(Node node) {
      image(node);
      return Known.in(images, node);
    }
  }

  /** Finds what is alike in a body. */
  private static final class Search {
    private final List<Node> nodes;
    private final Map<Node, List<Node>> users = new HashMap<>();

    /** What the states need; the rest may leave the loop. */
    private final Set<Node> stays;

    private final List<Alike> groups = new ArrayList<>();
    private final Set<Node> grouped = new HashSet<>();

    Search(Recur recur) {
      this.nodes = recur.body().nodes();
      this.stays =
          new HashSet<>(Graph.needed(recur.next().stream().map(nodes::get).distinct().toList()));
      for (Node node : nodes) {
        node.inputs().stream()
            .distinct()
            .forEach(input -> users.computeIfAbsent(input, none -> new ArrayList<>()).add(node));
      }
    }

    List<Alike> groups() {
      products();
      for (Node node : nodes) {
        if (node.op() instanceof Concat concat) {
          usersOfParts(node, concat);
        }
        slices(node).forEach(parts -> sums(node, parts));
      }
      return groups;
    }

    private List<Node> users(Node node) {
      return users.getOrDefault(node, List.of());
    }

    /** Taken if nothing that they are computed from is among them, or among those that have been taken before. */
    private void take(
        List<Node> members, int axis, List<Node> read, Function<Function<Node, Node>, Node> whole) {
      List<Node> needed = Graph.needed(read);
      boolean apart =
          members.stream().distinct().count() == members.size()
              && members.stream().noneMatch(each -> grouped.contains(each) || needed.contains(each))
              && needed.stream().noneMatch(grouped::contains);
      boolean together = members.stream().map(stays::contains).distinct().count() == 1;
      if (members.size() > 1 && apart && together) {
        grouped.addAll(members);
        groups.add(new Alike(members, axis, whole));
      }
    }

    // ---------------------------------------------------------- products of one value

    /** Products of what each step has with several values that are the same at all of them. */
    private void products() {
      record Key(Node shared, int side, Product product, boolean stays) {}
      Map<Key, List<Node>> alike = new LinkedHashMap<>();
      for (Node node : nodes) {
        if (node.op() instanceof Product product) {
          for (int side = 0; side < 2; side++) {
            if (node.input(side).differsByStep() && !node.input(1 - side).differsByStep()) {
              alike
                  .computeIfAbsent(
                      new Key(node.input(side), side, product, stays.contains(node)),
                      none -> new ArrayList<>())
                  .add(node);
            }
          }
        }
      }
      alike.forEach((key, members) -> {
        List<Integer> own = key.side == 0 ? key.product.right() : key.product.left();
        List<Integer> shared = key.side == 0 ? key.product.left() : key.product.right();
        own.stream()
            .filter(label -> key.product.result().contains(label) && !shared.contains(label))
            .findFirst()
            .ifPresent(label -> {
              int place = own.indexOf(label);
              List<Node> others =
                  members.stream().map(member -> member.input(1 - key.side)).toList();
              if (Parts.fit(place, others)) {
                take(
                    members,
                    key.product.result().indexOf(label),
                    with(others, key.shared),
                    image ->
                        product(
                            key.product,
                            1 - key.side,
                            Parts.together(place, others.stream().map(image).toList()),
                            image.apply(key.shared)));
              }
            });
      });
    }

    private static List<Node> with(List<Node> nodes, Node one) {
      List<Node> all = new ArrayList<>(nodes);
      all.add(one);
      return all;
    }

    private static Node product(Product product, int side, Node own, Node other) {
      return own.builder().product(side == 0 ? own : other, side == 0 ? other : own, product);
    }

    // ---------------------------------------------------------- what is done to all parts of a
    // concatenation

    private void usersOfParts(Node whole, Concat concat) {
      List<Node> parts = whole.inputs();
      if (parts.stream().distinct().count() < parts.size()
          || !parts.stream().allMatch(part -> part.op() instanceof Elementwise)) {
        return;
      }
      for (Node user : users(parts.getFirst())) {
        switch (user.op()) {
          case Sum sum when !sum.axes().contains(concat.axis()) -> {
            List<Node> members = alike(parts, user, 0);
            int axis =
                concat.axis()
                    - (int) sum.axes().stream().filter(each -> each < concat.axis()).count();
            take(members, axis, List.of(whole), image -> image.apply(whole).sum(sum.axes()));
          }
          case Product product when user.input(0) != user.input(1) -> {
            int side = user.input(0) == parts.getFirst() ? 0 : 1;
            int label = (side == 0 ? product.left() : product.right()).get(concat.axis());
            List<Integer> others = side == 0 ? product.right() : product.left();
            if (product.result().contains(label) && !others.contains(label)) {
              Node other = user.input(1 - side);
              take(
                  alike(parts, user, side),
                  product.result().indexOf(label),
                  List.of(whole, other),
                  image -> product(product, side, image.apply(whole), image.apply(other)));
            }
          }
          default -> {}
        }
      }
    }

    /** For each part, the node that does with it what a user does with the first; or none at all. */
    private List<Node> alike(List<Node> parts, Node user, int side) {
      List<Node> found = new ArrayList<>();
      for (Node part : parts) {
        users(part).stream()
            .filter(other -> other.op().equals(user.op()) && sameBut(other, user, side, part))
            .findFirst()
            .ifPresent(found::add);
      }
      return found.size() == parts.size() ? found : List.of();
    }

    private static boolean sameBut(Node one, Node other, int side, Node part) {
      for (int i = 0; i < one.inputs().size(); i++) {
        if (one.input(i) != (i == side ? part : other.input(i))) {
          return false;
        }
      }
      return true;
    }

    // ---------------------------------------------------------- sums of parts

    /** Along each axis the slices that are all of a value, one after the other. */
    private List<List<Node>> slices(Node whole) {
      Map<Integer, List<Node>> byAxis = new LinkedHashMap<>();
      for (Node user : users(whole)) {
        if (user.op() instanceof Slice slice) {
          byAxis.computeIfAbsent(slice.axis(), none -> new ArrayList<>()).add(user);
        }
      }
      List<List<Node>> found = new ArrayList<>();
      byAxis.forEach((axis, slices) -> {
        slices.sort(Comparator.comparingInt(slice -> ((Slice) slice.op()).from()));
        int end = 0;
        for (Node slice : slices) {
          Slice op = (Slice) slice.op();
          end = op.from() == end ? end + op.length() : Integer.MIN_VALUE;
        }
        if (end == whole.shape().size(axis).constant()) {
          found.add(slices);
        }
      });
      return found;
    }

    /** Each part is added to something, and to nothing else: to the parts of one other value, or to what no step changes. */
    private void sums(Node whole, List<Node> parts) {
      int axis = ((Slice) parts.getFirst().op()).axis();
      List<Node> members = new ArrayList<>();
      List<Node> others = new ArrayList<>();
      for (Node part : parts) {
        List<Node> own = users(part);
        if (own.size() != 1 || !(own.getFirst().op() instanceof Add)) {
          return;
        }
        Node sum = own.getFirst();
        members.add(sum);
        others.add(sum.input(0) == part ? sum.input(1) : sum.input(0));
      }
      Optional<Node> other = wholeOf(others);
      if (other.isPresent()) {
        take(
            members,
            axis,
            List.of(whole, other.get()),
            image -> image.apply(whole).plus(image.apply(other.get())));
      } else if (others.stream().noneMatch(Node::differsByStep) && Parts.fit(axis, others)) {
        take(
            members,
            axis,
            with(others, whole),
            image ->
                image.apply(whole).plus(Parts.together(axis, others.stream().map(image).toList())));
      }
    }

    private Optional<Node> wholeOf(List<Node> parts) {
      Node first = parts.getFirst();
      return first.op() instanceof Slice && slices(first.input(0)).contains(parts)
          ? Optional.of(first.input(0))
          : Optional.empty();
    }
  }
}
