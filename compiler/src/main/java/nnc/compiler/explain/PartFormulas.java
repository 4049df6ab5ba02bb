package nnc.compiler.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Result;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Slot;
import nnc.compiler.ir.Variable;
import nnc.compiler.ir.op.Add;
import nnc.compiler.plan.Kernel;

/** What kernels compute: lines of a derivation where it has some for their values, else formulas in its manner. */
final class PartFormulas {
  /** So many lines, with those of other values, are shown for one that is kept. */
  private static final int MOST_BEFORE = 6;

  /** Longer formulas are not compared. */
  private static final int LONGEST_MEANING = 80;

  private final DerivedLines derived;

  /** Values that the derivation can have lines for. */
  private final Set<Node> derivable;

  private final Notation notation;

  /** What a slot of a body stands for, and in which recurrence. */
  private final Map<Node, Node> outside = new HashMap<>();

  private final Map<Node, Node> recurrences = new HashMap<>();

  /** Values that are cut out of others, by these. */
  private final Map<Node, List<Node>> parts = new HashMap<>();

  /** Values that some kernel keeps. */
  private final Set<Node> kept = new HashSet<>();

  /** Values that are called as the sum of which they are a part. */
  private final Set<Node> shares = new HashSet<>();

  private final Set<Formula.Name> keptNames = new HashSet<>();

  /** Values of bodies. */
  private final Set<Node> ofSteps = new HashSet<>();

  /** What is computed for a value that no name leads to a line, over values that have one. */
  private final Map<Node, Formula> meanings = new HashMap<>();

  private final Map<Node, Line.Equation> recognised = new HashMap<>();

  PartFormulas(List<Kernel> kernels, DerivedLines derived, Set<Node> derivable, Notation notation) {
    this.derived = derived;
    this.derivable = derivable;
    this.notation = notation;
    kernels.forEach(this::survey);
    kept.stream()
        .filter(node -> derivable.contains(Formulas.base(node)))
        .forEach(node -> keptNames.add(anyTime(name(node))));
    recognise(kernels);
  }

  private static Formula.Name anyTime(Formula.Name name) {
    return new Formula.Name(name.text(), name.gradient(), "", false);
  }

  private boolean isKept(Formula.Name name) {
    return keptNames.contains(anyTime(name));
  }

  private void survey(Kernel kernel) {
    if (kernel instanceof Kernel.Recurrence recurrence) {
      Node node = recurrence.head().subject();
      Recur recur = (Recur) node.op();
      ofSteps.addAll(recur.body().nodes());
      for (Node inside : recur.body().nodes()) {
        if (inside.op() instanceof Slot slot) {
          outside.put(inside, node.input(recur.input(slot)));
          recurrences.put(inside, node);
        }
      }
    }
    if (kernel instanceof Kernel.Copy && kernel.head().subject().op() instanceof Slice) {
      Node part = kernel.head().subject();
      parts.computeIfAbsent(Formulas.base(part.input(0)), ignored -> new ArrayList<>()).add(part);
    }
    kept.addAll(results(kernel));
    for (Node node : bodyOf(kernel)) {
      if (node.op() instanceof Add && node.label().isPresent()) {
        node.inputs().stream()
            .map(Formulas::base)
            .filter(input -> input.label().equals(node.label()))
            .forEach(shares::add);
      }
    }
  }

  /** The values that a kernel leaves behind, in the order in which they are computed. */
  private static List<Node> results(Kernel kernel) {
    return switch (kernel) {
      case Kernel.Loop loop when loop.body().nodes().isEmpty() ->
          loop.product().stream().map(Kernel.ProductHead::node).toList();
      case Kernel.Loop loop -> stored(loop.body());
      case Kernel.Total total ->
          Stream.concat(stored(total.body()).stream(), Stream.of(total.head().subject())).toList();
      case Kernel.Recurrence ignored -> List.of();
      case Kernel.Items ignored -> List.of();
      case Kernel.Pack ignored -> List.of();
      default -> List.of(kernel.head().subject());
    };
  }

  private static List<Node> stored(Kernel.LoopBody body) {
    return body.nodes().stream()
        .filter(node -> body.stores().stream().anyMatch(store -> store.node() == node))
        .toList();
  }

  /** Finds the lines of values that have lost their names by what they are computed from. */
  private void recognise(List<Kernel> kernels) {
    Map<Formula, Line.Equation> byMeaning = new HashMap<>();
    for (Line.Equation line : derived.lines()) {
      if (!isKept(line.left())) {
        meaning(line.right(), Set.of()).ifPresent(meaning -> byMeaning.putIfAbsent(meaning, line));
      }
    }
    for (Kernel kernel : kernels) {
      for (Node result : results(kernel)) {
        if (!(kernel instanceof Kernel.Copy)
            && !byMeaning.isEmpty()
            && derivable.contains(Formulas.base(result))
            && line(result).isEmpty()) {
          Formula meaning = new Lines(bodyOf(kernel), true).meaning(result);
          if (meaning.size() <= LONGEST_MEANING) {
            meanings.put(Formulas.base(result), meaning);
            Optional.ofNullable(byMeaning.get(meaning))
                .ifPresent(line -> {
                  recognised.put(Formulas.base(result), line);
                  keptNames.add(anyTime(line.left()));
                });
          }
        }
      }
    }
  }

  /**
   * A formula over values that kernels keep.
   *
   * @param open names whose lines led here: one that leads back to itself, as at another step, has no such formula
   */
  private Optional<Formula> meaning(Formula formula, Set<Formula> open) {
    if (formula.size() > LONGEST_MEANING) {
      return Optional.empty();
    }
    Optional<Line.Equation> inner =
        formula instanceof Formula.Name name && !isKept(name)
            ? derived.line(name)
            : Optional.empty();
    if (inner.isPresent()) {
      Set<Formula> within = new HashSet<>(open);
      return within.add(formula) ? meaning(inner.get().right(), within) : Optional.empty();
    }
    List<Formula> operands = formula.parts().toList();
    Map<Formula, Formula> images = new HashMap<>();
    for (Formula part : operands) {
      Optional<Formula> image = meaning(part, open);
      if (image.isEmpty()) {
        return image;
      }
      images.put(part, image.get());
    }
    Formula whole = operands.isEmpty() ? formula : formula.over(images::get);
    return whole.size() > LONGEST_MEANING ? Optional.empty() : Optional.of(whole);
  }

  private static List<Node> bodyOf(Kernel kernel) {
    return switch (kernel) {
      case Kernel.Loop loop -> loop.body().nodes();
      case Kernel.Total total -> total.body().nodes();
      default -> List.of(kernel.head().subject());
    };
  }

  /** What a kernel computes, line by line. */
  List<String> of(Kernel kernel) {
    return switch (kernel) {
      case Kernel.Loop loop -> {
        List<String> lines = new Lines(bodyOf(loop), false).of(results(loop));
        loop.sparse()
            .forEach(table ->
                lines.add(
                    "of "
                        + table.path()
                        + " only the rows that ids name: 0 changes none of the others"));
        yield lines;
      }
      case Kernel.Overlaps overlaps ->
          List.of(
              shown(overlaps.head().subject())
                  + " = overlapping windows of "
                  + shown(overlaps.head().subject().input(0))
                  + ", added");
      case Kernel.Recurrence recurrence ->
          List.of(
              recurrence.reverse()
                  ? "from the last step to the first"
                  : "from the first step to the last");
      case Kernel.Items items -> List.of("each of " + items.count() + " items by itself");
      case Kernel.Pack pack ->
          List.of(
              shown(pack.product().node().input(1))
                  + ", packed once for the products of all steps");
      case Kernel.Draw draw ->
          List.of(
              shown(draw.head().subject())
                  + " = ids drawn by the weights "
                  + shown(draw.head().subject().input(0)));
      case Kernel.Fill fill ->
          List.of(shown(fill.head().subject()) + " = uniform random numbers from [0, 1)");
      case Kernel.Copy copy -> List.of(copied(copy));
      case Kernel.Total _, Kernel.Columns _, Kernel.Gather _, Kernel.ScatterAdd _ ->
          new Lines(bodyOf(kernel), false).of(results(kernel));
    };
  }

  private String copied(Kernel.Copy copy) {
    Node node = copy.head().subject();
    if (node.op() instanceof Recur recur) {
      return first(copy, node, recur);
    }
    if (node.inputs().isEmpty()) {
      return shown(node);
    }
    if (Formulas.base(node) == Formulas.base(node.input(0))) {
      return shown(node) + ", its elements in another order";
    }
    String of = node.inputs().stream().map(this::shown).collect(Collectors.joining(", "));
    return shown(node)
        + (node.op() instanceof Concat
            ? " = [" + of + "]"
            : " = " + node.op().name() + " of " + of);
  }

  /** What the first step of a recurrence finds. */
  private String first(Kernel.Copy copy, Node node, Recur recur) {
    for (int state = 0; state < recur.states(); state++) {
      Formula.Name next = name(recur.body().node(recur.next().get(state)));
      String label = recur.body().slot(Slot.Role.PREVIOUS, state).flatMap(Node::label).orElse("");
      if (copy.result().name().equals(label + "_first") || recur.states() == 1) {
        int first = recur.reverse() ? recur.length() : 1;
        int before = next.isHandedBack() ? first : first + (recur.reverse() ? 1 : -1);
        Formula given = new Lines(List.of(), false).operand(node.input(state));
        return notation.write(next.at(String.valueOf(before))) + " = " + notation.side(given);
      }
    }
    return copy.result().name();
  }

  private String shown(Node node) {
    return notation.write(name(node));
  }

  private Optional<Line.Equation> line(Node node) {
    Node base = Formulas.base(node);
    if (base.op() instanceof Leaf || shares.contains(base) || !derivable.contains(base)) {
      return Optional.empty();
    }
    return Optional.ofNullable(recognised.get(base))
        .or(() -> derived.line(node, ofSteps.contains(node)))
        .or(() -> derived.line(base, ofSteps.contains(base)));
  }

  /** What a value is called: as in the derivation, else as in the code. */
  private Formula.Name name(Node node) {
    Node base = Formulas.base(node);
    Optional<Formula.Name> known = line(node).map(Line.Equation::left);
    return known
        .map(name -> ofSteps.contains(base) ? name : name.at(""))
        .orElseGet(() -> nameOf(base));
  }

  private Formula.Name nameOf(Node base) {
    return switch (base.op()) {
      case Variable variable when base.label().isEmpty() -> plain(variable.variable(), base);
      case Slot slot -> slot(slot, base);
      case Result result -> {
        Formula.Name name = name(Loop.value(base, result));
        yield base.label().isPresent() ? derived.name(base) : name.at("");
      }
      case Slice slice when isOneStep(slice, base) -> {
        Node sequence = Formulas.base(base.input(0));
        Formula.Name each = name(Loop.value(sequence, (Result) sequence.op()));
        yield each.at(String.valueOf(slice.from() + 1));
      }
      default -> derived.name(base);
    };
  }

  private static boolean isOneStep(Slice slice, Node node) {
    return slice.length() == 1
        && slice.axis() == 0
        && Formulas.base(node.input(0)).op() instanceof Result;
  }

  private static Formula.Name plain(String text, Node node) {
    return new Formula.Name(text, false, "", node.shape().rank() == 0);
  }

  private Formula.Name slot(Slot slot, Node node) {
    Node recurrence = recurrences.get(node);
    if (recurrence == null) {
      return derived.name(node);
    }
    String step = Loop.letter(recurrence, "");
    Recur recur = (Recur) recurrence.op();
    if (slot.role() == Slot.Role.PREVIOUS) {
      Node value = Formulas.base(recur.body().node(recur.next().get(slot.number())));
      Formula.Name next = value.op() instanceof Slot ? derived.name(node) : name(value);
      if (next.gradient() && next.time().isEmpty()) {
        return new Formula.Name(next.text() + Formula.Name.HANDED_BACK, true, step, false);
      }
      return next.at(next.isHandedBack() ? step : step + (recur.reverse() ? "+1" : "-1"));
    }
    Formula.Name given = name(Known.in(outside, node));
    return slot.role() == Slot.Role.STEP && given.time().isEmpty() ? given.at(step) : given;
  }

  /** The lines of one kernel. */
  private final class Lines {
    private final boolean meaning;
    private final Set<Node> inside;
    private final Formulas formulas = new Formulas();
    private final Map<Node, Integer> uses = new HashMap<>();
    private final Set<String> lines = new LinkedHashSet<>();

    /** @param meaning whether formulas are over values that have lines in the derivation, and no others */
    Lines(List<Node> nodes, boolean meaning) {
      this.meaning = meaning;
      this.inside = new HashSet<>(nodes);
      for (Node node : nodes) {
        node.inputs().forEach(input -> uses.merge(Formulas.base(input), 1, Integer::sum));
      }
    }

    List<String> of(List<Node> results) {
      for (Node result : results) {
        List<Line.Equation> derived = derived(result);
        if (derived.isEmpty()) {
          own(result);
        }
        derived.forEach(this::withBefore);
        formulas.give(Formulas.base(result), name(result));
      }
      return new ArrayList<>(lines);
    }

    /** The lines of the derivation for a value, or for the parts that it is cut into. */
    private List<Line.Equation> derived(Node result) {
      List<Line.Equation> whole = line(result).stream().toList();
      List<Node> cut = parts.getOrDefault(Formulas.base(result), List.of());
      List<Line.Equation> each = cut.stream().flatMap(part -> line(part).stream()).toList();
      return whole.isEmpty() && each.size() == cut.size() ? each : whole;
    }

    /** A line of the derivation, and before it those of values that no kernel keeps, if they are few. */
    private void withBefore(Line.Equation line) {
      Set<Line.Equation> before = new LinkedHashSet<>();
      addBefore(line, before);
      (before.size() <= MOST_BEFORE ? before : Set.of(line))
          .forEach(each -> equation(each.left(), right(each)));
    }

    private static Formula right(Line.Equation line) {
      return line.whole().orElse(line.right());
    }

    private void addBefore(Line.Equation line, Set<Line.Equation> before) {
      right(line)
          .names()
          .filter(name -> !isKept(name) && !name.equals(line.left()))
          .flatMap(name -> derived.line(name).stream())
          .filter(each -> !before.contains(each) && before.size() <= MOST_BEFORE)
          .forEach(each -> addBefore(each, before));
      before.add(line);
    }

    private void equation(Formula.Name left, Formula right) {
      lines.add(notation.write(left) + " = " + notation.side(right));
    }

    // ---------------------------------------------------------- values without a line of their own

    Formula meaning(Node result) {
      visit(result, new HashSet<>());
      return formulas.of(result);
    }

    /** Of something that the kernel reads. */
    Formula operand(Node node) {
      Node base = Formulas.base(node);
      if (hasName(base)) {
        return name(base);
      }
      visit(base, new HashSet<>());
      return formulas.of(base);
    }

    private void own(Node result) {
      visit(result, new HashSet<>());
      equation(name(result), formulas.of(result));
    }

    /** Gives what the kernel reads its names, and what it computes once and uses several times a line. */
    private void visit(Node node, Set<Node> seen) {
      for (Node input : node.inputs()) {
        Node base = Formulas.base(input);
        if (!seen.add(base)) {
          continue;
        }
        if (!isInside(base)) {
          Optional<Formula> known = meaning ? meaningOf(base) : Optional.empty();
          if (known.isPresent() || hasName(base)) {
            formulas.give(base, known.orElseGet(() -> name(base)));
          } else {
            visit(base, seen);
          }
          continue;
        }
        visit(base, seen);
        if (meaning) {
          if (kept.contains(base) && line(base).isPresent()) {
            formulas.give(base, name(base));
          }
          continue;
        }
        Formula formula = formulas.of(base);
        boolean again = uses.getOrDefault(base, 0) > 1;
        if (!(formula instanceof Formula.Name)
            && again
            && (formula.size() >= Derivation.SMALLEST_VALUE || base.op() instanceof Reduction)) {
          equation(name(base), formula);
          formulas.give(base, name(base));
        }
      }
    }

    /** What a kernel before has computed: at each step, or at all of them. */
    private Optional<Formula> meaningOf(Node base) {
      Node value = base;
      while (value.op() instanceof Slot slot
          && slot.role() != Slot.Role.PREVIOUS
          && outside.containsKey(value)) {
        value = Formulas.base(Known.in(outside, value));
        if (value.op() instanceof Result result) {
          value = Formulas.base(Loop.value(value, result));
        }
      }
      if (value.op() instanceof Result result) {
        value = Formulas.base(Loop.value(value, result));
      }
      return Optional.ofNullable(meanings.get(value));
    }

    private boolean isInside(Node base) {
      return inside.contains(base) && !(base.op() instanceof Slot);
    }

    private boolean hasName(Node base) {
      boolean number =
          base.constantValue().isPresent()
              || base.op() instanceof Extent
              || base.op() instanceof Iota;
      boolean scalar = base.shape().rank() == 0 && base.op() instanceof Elementwise;
      return !number
          && (base.op() instanceof Leaf
              || base.op() instanceof Result
              || base.op() instanceof Slice slice && isOneStep(slice, base)
              || base.label().isPresent()
              || !scalar && kept.contains(base));
    }
  }
}
