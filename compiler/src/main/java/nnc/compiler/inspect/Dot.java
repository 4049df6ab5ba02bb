package nnc.compiler.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.NodeIds;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slot;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;

/**
 * Graphs and plans as pictures, in the language of Graphviz: layers and loops are frames around what they hold, what belongs
 * to gradients has a colour of its own, a state goes from step to step on a broken line.
 */
public final class Dot {
  private static final String GRADIENT = ", fillcolor=\"#f6d5c0\"";
  private static final String UPDATE = ", fillcolor=\"#d5e8d0\"";

  private final Frame outermost = new Frame("");
  private final List<String> edges = new ArrayList<>();
  private int frames;

  private Dot() {}

  /** What is drawn with a line around it. */
  private record Frame(String title, List<String> boxes, Map<String, Frame> inner) {
    Frame(String title) {
      this(title, new ArrayList<>(), new LinkedHashMap<>());
    }

    Frame inner(String name) {
      return inner.computeIfAbsent(name, Frame::new);
    }

    Frame layer(List<String> layers) {
      Frame frame = this;
      for (String name : layers.isEmpty() ? new String[0] : layers.getFirst().split("\\.", -1)) {
        frame = frame.inner(name);
      }
      return frame;
    }
  }

  /** @param wanted which nodes are drawn */
  public static String graph(String name, Graph graph, Predicate<Node> wanted) {
    Dot dot = new Dot();
    NodeIds ids = new NodeIds(graph);
    dot.nodes(graph.nodes(), dot.outermost, ids, wanted, Optional.empty());
    graph
        .roots()
        .forEach((root, node) -> {
          if (wanted.test(node)) {
            dot.outermost.boxes.add(
                quoted("root " + root) + " [shape=plaintext, label=" + quoted(root) + "]");
            dot.edge(ids.of(node), "root " + root, "");
          }
        });
    return dot.text(name);
  }

  private void nodes(
      List<Node> nodes,
      Frame frame,
      NodeIds ids,
      Predicate<Node> wanted,
      Optional<Node> recurrence) {
    for (Node node : nodes) {
      if (node.op() instanceof Recur recur) {
        Frame inside = frame.layer(node.layers()).inner("%" + ids.of(node) + " " + recur);
        nodes(recur.body().nodes(), inside, ids, wanted, Optional.of(node));
        for (int state = 0; state < recur.states(); state++) {
          Node next = recur.body().node(recur.next().get(state));
          Optional<Node> before = recur.body().slot(Slot.Role.PREVIOUS, state);
          if (before.isPresent() && wanted.test(before.get()) && wanted.test(next)) {
            edge(ids.of(next), ids.of(before.get()), " [style=dashed, constraint=false]");
          }
        }
        continue;
      }
      if (!wanted.test(node)) {
        continue;
      }
      frame
          .layer(node.layers())
          .boxes
          .add(
              quoted(ids.of(node))
                  + " [label="
                  + quoted(
                      "%"
                          + ids.of(node)
                          + " "
                          + GraphPrinter.op(node)
                          + node.label().map(label -> "\n" + label).orElse("")
                          + "\n"
                          + node.type())
                  + (node.gradientOf().isPresent() ? GRADIENT : "")
                  + "]");
      read(node, recurrence).stream()
          .filter(wanted)
          .forEach(input -> edge(ids.of(input), ids.of(node), ""));
    }
  }

  private static List<Node> read(Node node, Optional<Node> recurrence) {
    if (node.op() instanceof Result result) {
      return List.of(((Recur) node.input(0).op()).body().node(result.value()));
    }
    return node.op() instanceof Slot slot && recurrence.isPresent()
        ? List.of(recurrence.get().input(((Recur) recurrence.get().op()).input(slot)))
        : node.inputs();
  }

  /** @param wanted which kernels are drawn */
  public static String plan(String name, Plan plan, Predicate<Kernel> wanted) {
    Dot dot = new Dot();
    Map<Buffer, String> writers = new HashMap<>();
    plan.inputs()
        .forEach((input, buffer) -> {
          dot.outermost.boxes.add(
              quoted("input " + input)
                  + " [shape=ellipse, label="
                  + quoted(buffer.toString())
                  + "]");
          writers.put(buffer, "input " + input);
        });
    for (int i = 0; i < plan.kernels().size(); i++) {
      dot.kernel(plan.kernels().get(i), String.valueOf(i), dot.outermost, wanted, writers);
    }
    return dot.text(name);
  }

  private void kernel(
      Kernel kernel,
      String id,
      Frame frame,
      Predicate<Kernel> wanted,
      Map<Buffer, String> writers) {
    if (!wanted.test(kernel)) {
      return;
    }
    Frame own = frame.layer(kernel.head().subject().layers());
    if (!kernel.inner().isEmpty()) {
      Frame inside = own.inner(id + " " + kernel.head().name());
      for (int i = 0; i < kernel.inner().size(); i++) {
        kernel(kernel.inner().get(i), id + "." + i, inside, wanted, writers);
      }
      return;
    }
    own.boxes.add(
        quoted(id)
            + " [label="
            + quoted(id + " " + kernel.head().name())
            + switch (kernel.head().part()) {
              case FORWARD -> "";
              case GRADIENT -> GRADIENT;
              case UPDATE -> UPDATE;
            }
            + "]");
    Set.copyOf(kernel.head().reads().stream().map(Buffer::root).toList()).stream()
        .filter(writers::containsKey)
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .forEach(buffer ->
            edge(
                writers.getOrDefault(buffer, ""),
                id,
                " [label=" + quoted(buffer.toString()) + "]"));
    kernel.head().writes().forEach(buffer -> writers.put(buffer.root(), id));
  }

  private void edge(String from, String to, String attributes) {
    edges.add(quoted(from) + " -> " + quoted(to) + attributes);
  }

  private String text(String name) {
    StringBuilder text = new StringBuilder("digraph " + quoted(name) + " {\n");
    text.append("  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\"]\n");
    write(outermost, "  ", text);
    edges.forEach(edge -> text.append("  ").append(edge).append('\n'));
    return text.append("}\n").toString();
  }

  private void write(Frame frame, String indent, StringBuilder text) {
    frame.boxes.forEach(box -> text.append(indent).append(box).append('\n'));
    frame
        .inner
        .values()
        .forEach(inner -> {
          text.append(indent)
              .append("subgraph cluster_")
              .append(++frames)
              .append(" {\n")
              .append(indent)
              .append("  label=")
              .append(quoted(inner.title))
              .append('\n');
          write(inner, indent + "  ", text);
          text.append(indent).append("}\n");
        });
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
