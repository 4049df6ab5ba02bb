package nnc.compiler.inspect;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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

  private final Set<String> passes;
  private final List<String> remarks = new ArrayList<>();

  private LoopRemarks(Set<String> passes) {
    this.passes = passes;
  }

  /** @param passes those that were made; of others nothing is said */
  public static List<String> of(Graph graph, Set<String> passes) {
    LoopRemarks loops = new LoopRemarks(passes);
    for (Node node : new NodeIds(graph).nodes()) {
      if (node.op() instanceof Recur recur) {
        loops.stay(recur);
        loops.apart(recur);
      }
    }
    return loops.remarks.stream().distinct().toList();
  }

  /** Products that wait for a state. */
  private void stay(Recur recur) {
    for (Node node : recur.body().nodes()) {
      if (node.op() instanceof Product && node.dependsOn(Slot.Role.PREVIOUS)) {
        say(
            LEAVE,
            product(node) + " stays in its loop" + place(node),
            "it depends on the state " + states(node));
      }
    }
  }

  private static String states(Node node) {
    return Graph.needed(List.of(node)).stream()
        .filter(each -> each.op() instanceof Slot slot && slot.role() == Slot.Role.PREVIOUS)
        .map(Node::shownName)
        .distinct()
        .collect(joining(", "));
  }

  /** Products with weights that are of one form, and yet several. */
  private void apart(Recur recur) {
    Map<Product, List<Node>> alike = new LinkedHashMap<>();
    for (Node node : recur.body().nodes()) {
      if (node.op() instanceof Product product
          && node.dependsOn(Slot.Role.PREVIOUS)
          && node.inputs().stream().anyMatch(input -> !input.differsByStep())) {
        alike.computeIfAbsent(product, _ -> new ArrayList<>()).add(node);
      }
    }
    for (List<Node> nodes : alike.values()) {
      Node first = nodes.getFirst();
      for (Node other : nodes.subList(1, nodes.size())) {
        say(
            MERGE,
            product(first) + " and " + product(other) + " are not merged" + place(other),
            reason(first, other));
      }
    }
  }

  private static String reason(Node first, Node other) {
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

  private static String product(Node node) {
    return name(node.input(0)) + " . " + name(node.input(1));
  }

  private static String name(Node node) {
    return node.shownName();
  }

  private static String place(Node node) {
    return node.place().map(place -> " (" + place.place() + ")").orElse("");
  }

  private void say(String pass, String what, String why) {
    if (passes.contains(pass)) {
      remarks.add(pass + ": " + what + ", because " + why);
    }
  }
}
