package nnc.compiler.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.model.Value.TensorValue;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/**
 * Axes split, joined and put in another order by labels: {@code rearrange(x, "b t (h k) -> b h t k", h = 8)}. Labels in
 * parentheses are one axis, the last of them the quickest; {@code 1} is an axis of size 1 (Rogozhnikov 2022).
 */
final class Rearrangement {
  private static final String EXAMPLE = "rearrange(x, \"b t (h k) -> b h t k\", h = 8)";
  private static final Pattern PART = Pattern.compile("[()]|[^\\s()]+");
  private static final Pattern LABEL = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final String SINGLE = "1";

  private final Arguments arguments;
  private final Span text;
  private final List<List<String>> from;
  private final List<List<String>> to;
  private final Map<String, Size> sizes = new LinkedHashMap<>();

  private Rearrangement(Arguments arguments, String written) {
    this.arguments = arguments;
    this.text = arguments.span(1);
    String[] sides = written.split("->", -1);
    if (sides.length != 2) {
      throw problem("labels before and after one '->' were expected");
    }
    from = axes(sides[0]);
    to = axes(sides[1]);
    Set<String> missing = new LinkedHashSet<>(labels(from));
    labels(to)
        .forEach(label -> {
          if (!missing.remove(label)) {
            throw problem("the label '" + label + "' is not on the left");
          }
        });
    if (!missing.isEmpty()) {
      throw problem("the label '" + missing.iterator().next() + "' is not on the right");
    }
  }

  static Value rearrange(Arguments arguments) {
    if (arguments.count() != 2 || !(arguments.value(1) instanceof Value.Text(String written))) {
      throw Problem.of(
          Diagnostic.at(arguments.span(), "type", "'rearrange' takes a tensor and a text of labels")
              .help(EXAMPLE));
    }
    Rearrangement rearrangement = new Rearrangement(arguments, written);
    return rearrangement.of(arguments.tensor(0));
  }

  private Problem problem(String what) {
    return Problem.of(Diagnostic.at(text, "rearrange", what).help(EXAMPLE));
  }

  /** The labels of each axis of a side. */
  private List<List<String>> axes(String side) {
    List<List<String>> axes = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    @Nullable List<String> open = null;
    for (String part : PART.matcher(side).results().map(match -> match.group()).toList()) {
      switch (part) {
        case "(" -> {
          if (open != null) {
            throw problem("parentheses in parentheses");
          }
          open = new ArrayList<>();
        }
        case ")" -> {
          if (open == null) {
            throw problem("')' without '('");
          }
          axes.add(open);
          open = null;
        }
        default -> {
          label(part, seen);
          if (open != null) {
            open.add(part);
          } else {
            axes.add(List.of(part));
          }
        }
      }
    }
    if (open != null) {
      throw problem("'(' without ')'");
    }
    return axes;
  }

  private void label(String part, List<String> seen) {
    if (part.equals(SINGLE)) {
      return;
    }
    if (!LABEL.matcher(part).matches()) {
      throw problem("'" + part + "' is not a label");
    }
    if (seen.contains(part)) {
      throw problem("the label '" + part + "' stands twice on one side");
    }
    seen.add(part);
  }

  private static List<String> labels(List<List<String>> axes) {
    return axes.stream().flatMap(List::stream).filter(label -> !label.equals(SINGLE)).toList();
  }

  private TensorValue of(TensorValue x) {
    List<String> labels = labels(from);
    arguments.expect(2, 2, labels.toArray(String[]::new));
    if (from.size() != x.axes().size()) {
      throw Problem.of(
          Diagnostic.at(
                  text,
                  "rearrange",
                  from.size() + " axes on the left, for a tensor of " + x.axes().size())
              .label(arguments.span(0), x.shapeText())
              .help("labels in parentheses are one axis: \"b (h k)\""));
    }
    sizes.put(SINGLE, Size.ONE);
    Map<String, @Nullable String> names = new LinkedHashMap<>();
    for (String label : labels) {
      arguments
          .named(label)
          .ifPresent(size -> {
            sizes.put(label, Shapes.size(size, arguments.namedSpan(label)));
            names.put(label, size.axisName());
          });
    }
    for (int axis = 0; axis < from.size(); axis++) {
      resolve(from.get(axis), x, axis);
      String name = x.axes().get(axis);
      if (from.get(axis).size() == 1 && name != null) {
        names.put(from.get(axis).getFirst(), name);
      }
    }
    labels.forEach(label ->
        arguments
            .scope()
            .dim(label)
            .filter(size -> size.equals(sizes.get(label)))
            .ifPresent(size -> names.putIfAbsent(label, label)));
    List<String> order = labels(to);
    List<@Nullable String> resultNames = new ArrayList<>();
    to.forEach(axis -> resultNames.add(axis.size() == 1 ? names.get(axis.getFirst()) : null));
    return new TensorValue(
        x.node()
            .reshape(shape(labels.stream().map(List::of).toList()))
            .permute(order.stream().map(labels::indexOf).toList())
            .reshape(shape(to)),
        resultNames);
  }

  /** Finds the size of the one label of an axis whose size is not given, and checks that the others fit. */
  private void resolve(List<String> axis, TensorValue x, int place) {
    Size whole = x.node().shape().size(place);
    List<String> open = axis.stream().filter(label -> !sizes.containsKey(label)).toList();
    Size known = product(axis.stream().filter(sizes::containsKey).toList());
    if (open.size() > 1) {
      throw Problem.of(
          Diagnostic.at(
                  text,
                  "rearrange",
                  "the sizes of '" + String.join("', '", open) + "' are not known")
              .label(arguments.span(0), x.shapeText())
              .help("give all but one: " + open.getFirst() + " = …"));
    }
    if (open.isEmpty() ? !known.equals(whole) : whole.dividedBy(known).isEmpty()) {
      throw Problem.of(
          Diagnostic.at(text, "shape", "'" + written(axis) + "' does not fit its axis")
              .label(arguments.span(0), x.shapeText())
              .note(
                  "axis "
                      + place
                      + " has the size "
                      + whole
                      + (open.isEmpty() ? ", not " : ", which is no multiple of ")
                      + known));
    }
    if (!open.isEmpty()) {
      sizes.put(open.getFirst(), whole.dividedBy(known).orElseThrow());
    }
  }

  private static String written(List<String> axis) {
    return axis.size() == 1 ? axis.getFirst() : "(" + String.join(" ", axis) + ")";
  }

  private Size product(List<String> labels) {
    return labels.stream().map(sizes::get).reduce(Size.ONE, Size::times);
  }

  private Shape shape(List<List<String>> axes) {
    return new Shape(axes.stream().map(this::product).toList());
  }
}
