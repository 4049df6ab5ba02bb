package nnc.compiler.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An immutable graph: what is asked of it, by name, and every node that this needs, inputs before users. */
public record Graph(Map<String, Node> roots, List<Node> nodes) {
  public Graph {
    roots = Collections.unmodifiableMap(new LinkedHashMap<>(roots));
    nodes = List.copyOf(nodes);
  }

  /** The graph that computes these roots and nothing else. */
  public static Graph of(Map<String, Node> roots) {
    return new Graph(roots, needed(roots.values()));
  }

  /** The nodes that some nodes need, themselves included, inputs before users. */
  public static List<Node> needed(Collection<Node> wanted) {
    Set<Node> seen = new HashSet<>(wanted);
    Deque<Node> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (Node input : open.pop().inputs()) {
        if (seen.add(input)) {
          open.push(input);
        }
      }
    }
    List<Node> sorted = new ArrayList<>(seen);
    sorted.sort(Comparator.comparingInt(Node::id));
    return sorted;
  }

  /** The graph of the same roots' images in another builder. */
  public Graph image(Map<Node, Node> images) {
    Map<String, Node> other = new LinkedHashMap<>();
    roots.forEach((name, node) -> other.put(name, images.get(node)));
    return of(other);
  }

  public Node root(String name) {
    Node root = roots.get(name);
    if (root == null) {
      throw new IllegalArgumentException("graph: no root '" + name + "' among " + roots.keySet());
    }
    return root;
  }
}
