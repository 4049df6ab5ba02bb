package nnc.cli.inspect;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.NodeIds;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slot;
import nnc.compiler.source.Span;
import tools.jackson.core.JsonGenerator;

/** A graph as JSON. */
public final class GraphJson {
  private final JsonGenerator json;
  private final NodeIds ids;
  private final Predicate<Node> wanted;

  private GraphJson(JsonGenerator json, NodeIds ids, Predicate<Node> wanted) {
    this.json = json;
    this.ids = ids;
    this.wanted = wanted;
  }

  /** Writes the properties {@code nodes} and {@code roots}. @param wanted which nodes are written */
  public static void write(JsonGenerator json, Graph graph, Predicate<Node> wanted) {
    GraphJson writer = new GraphJson(json, new NodeIds(graph), wanted);
    writer.nodes(graph.nodes(), Optional.empty());
    json.writeName("roots");
    json.writeStartObject();
    graph
        .roots()
        .forEach((name, node) -> {
          if (wanted.test(node)) {
            json.writeStringProperty(name, writer.ids.of(node));
          }
        });
    json.writeEndObject();
  }

  private void nodes(List<Node> nodes, Optional<Node> recurrence) {
    json.writeName("nodes");
    json.writeStartArray();
    for (Node node : nodes) {
      if (isWritten(node)) {
        json.writeStartObject();
        node(node, recurrence);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private boolean isWritten(Node node) {
    return wanted.test(node)
        || node.op() instanceof Recur recur
            && recur.body().nodes().stream().anyMatch(this::isWritten);
  }

  private void node(Node node, Optional<Node> recurrence) {
    json.writeStringProperty("id", ids.of(node));
    json.writeStringProperty("op", node.op().name());
    json.writeStringProperty("text", GraphPrinter.op(node));
    json.writeName("inputs");
    json.writeStartArray();
    node.inputs().forEach(input -> json.writeString(ids.of(input)));
    json.writeEndArray();
    json.writeName("shape");
    shape(json, node.shape());
    json.writeStringProperty("type", node.type().element().text());
    optional(json, "label", node.label());
    json.writeName("layers");
    json.writeStartArray();
    node.layers().forEach(json::writeString);
    json.writeEndArray();
    optional(json, "gradientOf", node.gradientOf().flatMap(ids::find));
    optional(json, "rule", node.gradientOf().map(of -> of.op().name()));
    place(json, node.place());
    if (node.op() instanceof Slot slot && recurrence.isPresent()) {
      Recur recur = (Recur) recurrence.get().op();
      json.writeStringProperty("of", ids.of(recurrence.get().input(recur.input(slot))));
    }
    if (node.op() instanceof Recur recur) {
      json.writeName("body");
      json.writeStartObject();
      json.writeNumberProperty("steps", recur.length());
      json.writeBooleanProperty("reverse", recur.reverse());
      nodes(recur.body().nodes(), Optional.of(node));
      json.writeName("next");
      json.writeStartArray();
      recur.next().forEach(next -> json.writeString(ids.of(recur.body().node(next))));
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /** Numbers, and texts such as {@code B} or {@code 64 * B} where a size is known only at run time. */
  public static void shape(JsonGenerator json, Shape shape) {
    json.writeStartArray();
    for (Size size : shape.sizes()) {
      if (size.isConstant()) {
        json.writeNumber(size.factor());
      } else {
        json.writeString(size.toString());
      }
    }
    json.writeEndArray();
  }

  static void optional(JsonGenerator json, String name, Optional<String> text) {
    json.writeName(name);
    if (text.isPresent()) {
      json.writeString(text.get());
    } else {
      json.writeNull();
    }
  }

  static void place(JsonGenerator json, Optional<Span> place) {
    json.writeName("place");
    if (place.isEmpty()) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringProperty("file", place.get().source().name());
    json.writeNumberProperty("line", place.get().line());
    json.writeNumberProperty("column", place.get().column());
    json.writeEndObject();
  }
}
