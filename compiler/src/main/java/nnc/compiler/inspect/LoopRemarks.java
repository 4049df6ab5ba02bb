package nnc.compiler.inspect;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.NodeIds;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Slot;

/** Which products are still made step by step in the loops of an optimized graph, and why. */
public final class LoopRemarks {
  private static final String LEAVE = "leave-loops";
  private static final String MERGE = "merge-parts";

  /** Of more products at one line the first are named. */
  private static final int MOST_NAMES = 4;

  /** Products that stay, by what is said of them. */
  private final Map<Stay, Set<String>> staying = new LinkedHashMap<>();

  private final Set<String> apart = new LinkedHashSet<>();

  private record Stay(String place, String states) {}

  private LoopRemarks() {}

  /** @param passes those that were made; of others nothing is said */
  public static List<String> of(Graph graph, Set<String> passes) {
    LoopRemarks loops = new LoopRemarks();
    for (Node node : new NodeIds(graph).nodes()) {
      if (node.op() instanceof Recur recur) {
        new Loop(node, recur).add(loops);
      }
    }
    List<String> remarks = new ArrayList<>();
    if (passes.contains(LEAVE)) {
      loops.staying.forEach((stay, products) -> remarks.add(LEAVE + ": " + text(stay, products)));
    }
    if (passes.contains(MERGE)) {
      loops.apart.forEach(remark -> remarks.add(MERGE + ": " + remark));
    }
    return remarks;
  }

  private static String text(Stay stay, Set<String> products) {
    int more = products.size() - MOST_NAMES;
    boolean one = products.size() == 1;
    return products.stream().limit(MOST_NAMES).collect(joining(", "))
        + (more > 0 ? " and " + more + " more" : "")
        + (one ? " stays in its loop" : " stay in their loop")
        + stay.place
        + (one ? ", because it depends on " : ", because they depend on ")
        + stay.states
        + " of the step before";
  }

  /** A recurrence that is looked at. */
  private record Loop(Node node, Recur recur) {
    void add(LoopRemarks loops) {
      Map<Product, List<Node>> alike = new LinkedHashMap<>();
      for (Node each : recur.body().nodes()) {
        if (each.op() instanceof Product product && each.dependsOn(Slot.Role.PREVIOUS)) {
          loops
              .staying
              .computeIfAbsent(new Stay(place(each), states(each)), _ -> new LinkedHashSet<>())
              .add(product(each));
          if (each.inputs().stream().anyMatch(input -> !input.differsByStep())) {
            alike.computeIfAbsent(product, _ -> new ArrayList<>()).add(each);
          }
        }
      }
      alike.values().forEach(products -> apart(products, loops));
    }

    /** Products with weights that are of one form, and yet several. */
    private void apart(List<Node> products, LoopRemarks loops) {
      Node first = products.getFirst();
      for (Node other : products.subList(1, products.size())) {
        loops.apart.add(
            product(first)
                + " and "
                + product(other)
                + " are not merged"
                + place(other)
                + ", because "
                + reason(first, other));
      }
    }

    private String reason(Node first, Node other) {
      if (Graph.needed(List.of(other)).contains(first)) {
        return "the second is computed from the first";
      }
      Node a = varying(first);
      Node b = varying(other);
      return a == b
          ? "their weights cannot lie side by side"
          : "one reads " + name(a) + ", the other " + name(b);
    }

    private static Node varying(Node product) {
      return product.input(product.input(0).differsByStep() ? 0 : 1);
    }

    private String states(Node each) {
      return Graph.needed(List.of(each)).stream()
          .filter(other -> other.op() instanceof Slot slot && slot.role() == Slot.Role.PREVIOUS)
          .map(this::name)
          .distinct()
          .collect(joining(", "));
    }

    private String product(Node each) {
      return name(each.input(0)) + " . " + name(each.input(1));
    }

    /** A slot without a name is called by what it stands for. */
    private String name(Node each) {
      return each.op() instanceof Slot slot ? name(each, slot) : each.shownName();
    }

    private String name(Node each, Slot slot) {
      Node other =
          slot.role() == Slot.Role.PREVIOUS
              ? recur.body().node(recur.next().get(slot.number()))
              : node.input(recur.input(slot));
      return each.label().orElseGet(other::shownName);
    }

    private static String place(Node each) {
      return each.place().map(place -> " (" + place.place() + ")").orElse("");
    }
  }
}
