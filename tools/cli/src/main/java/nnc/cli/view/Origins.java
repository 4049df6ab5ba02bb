package nnc.cli.view;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.source.Source;
import nnc.compiler.source.Span;

/**
 * Numbers for .nn texts, for places in them, and for origins: the places that one value comes from, where in a layer and where
 * the layer is called. Values of different stages with the same origin belong together.
 */
final class Origins {
  /** The origin of what comes from nowhere: numbers, which many places share. */
  static final int NONE = 0;

  private final Map<Source, Integer> texts = new LinkedHashMap<>();
  private final Map<Span, Integer> places = new LinkedHashMap<>();
  private final Map<List<Integer>, Integer> origins = new LinkedHashMap<>();

  /** @param main the text that is shown first */
  Origins(Source main) {
    texts.put(main, 0);
    origins.put(List.of(), NONE);
  }

  int place(Span span) {
    texts.computeIfAbsent(span.source(), ignored -> texts.size());
    return places.computeIfAbsent(span, ignored -> places.size());
  }

  int origin(Node node) {
    boolean shared = node.constantValue().isPresent() || node.op() instanceof Extent;
    return shared ? NONE : origin(spans(node));
  }

  /** Where a value comes from; one that a pass has made of others, and left without a place, from where these do. */
  static Collection<Span> spans(Node node) {
    if (!node.spans().isEmpty()) {
      return node.spans();
    }
    Set<Span> ofInputs = new TreeSet<>();
    node.inputs().forEach(input -> ofInputs.addAll(spans(input)));
    return ofInputs;
  }

  /** The place where the author would look, as {@link Node#place} says. */
  Optional<Integer> place(Node node) {
    Collection<Span> spans = spans(node);
    return node.place()
        .or(() -> spans.stream().filter(span -> !span.source().isLibrary()).findFirst())
        .or(() -> spans.stream().findFirst())
        .map(this::place);
  }

  int origin(Collection<Span> spans) {
    List<Integer> numbers = spans.stream().map(this::place).toList();
    return origins.computeIfAbsent(numbers, ignored -> origins.size());
  }

  List<PageData.Text> texts() {
    return texts.keySet().stream()
        .map(source -> new PageData.Text(source.name(), source.isLibrary(), source.text()))
        .toList();
  }

  /** The text, and where in it a place begins and ends. */
  List<List<Integer>> places() {
    return places.keySet().stream()
        .map(span -> List.of(Known.in(texts, span.source()), span.from(), span.to()))
        .toList();
  }

  List<List<Integer>> origins() {
    return new ArrayList<>(origins.keySet());
  }
}
