package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What was seen, as text. */
final class FlowTable {
  private FlowTable() {}

  static List<String> of(GradientFlow seen) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %,d parameters; a batch of %d rows, seed %d",
            seen.model().name(),
            seen.model().parameterElements(),
            seen.rows(),
            seen.seed()));
    lines.add(
        "size: root of the mean square; |g|: norm of the loss's gradient; x: that by the one of what is computed from it");
    for (Flow flow : seen.flows()) {
      lines.add("");
      lines.add(
          (flow.step() == 0 ? "at the beginning" : "after step " + flow.step())
              + ": loss "
              + Numbers.of(flow.loss()));
      if (!flow.values().isEmpty()) {
        lines.addAll(values(seen.shown(flow)));
        lines.add("");
      }
      lines.addAll(weights(flow));
      for (Flow.Through loop : flow.loops()) {
        lines.add("");
        lines.addAll(through(loop));
      }
      lines.add("");
      List<Finding> findings = Diagnosis.of(flow);
      findings.forEach(finding -> lines.add(finding.toString()));
      Optional<NotFinite> broken = NotFinite.in(flow);
      broken.ifPresent(each -> lines.addAll(each.lines(seen.model().source().name())));
      if (findings.isEmpty() && broken.isEmpty()) {
        lines.add("no gradient goes through several layers or steps: there is nothing to judge");
      }
    }
    List<Cures.Cure> cures = seen.cures();
    if (!cures.isEmpty()) {
      lines.add("");
      lines.add("the usual cures:");
      Columns columns = new Columns("<<");
      cures.forEach(cure -> columns.row("  " + cure.name(), cure.text()));
      lines.addAll(columns.lines());
    }
    if (!seen.remarks().isEmpty()) {
      lines.add("");
      lines.addAll(seen.remarks());
    }
    return lines;
  }

  private static List<String> values(List<Flow.Value> values) {
    Columns columns = new Columns("<<>>>>>");
    columns.row("value", "shape", "size", "|g|", "x", "zeros", "flat");
    for (Flow.Value value : values) {
      columns.row(
          "  ".repeat(value.depth() - 1) + value.name(),
          value.shape(),
          Numbers.of(value.size()),
          Numbers.of(value.gradient()),
          Double.isNaN(value.ratio()) ? "" : Numbers.factor(value.ratio()),
          value.activation() == Tap.Activation.RELU ? Numbers.share(value.zeros()) : "",
          Numbers.share(
              value.activation() == Tap.Activation.RELU ? value.dead() : value.saturated()));
    }
    return columns.lines();
  }

  private static List<String> weights(Flow flow) {
    Columns columns = new Columns("<<>>>");
    columns.row("parameter", "shape", "size", "|g|", "update");
    for (Flow.Weights weights : flow.weights()) {
      columns.row(
          weights.path(),
          weights.shape(),
          Numbers.of(weights.size()),
          Numbers.of(weights.gradient()),
          Double.isFinite(weights.update()) ? Numbers.of(weights.update()) : "-");
    }
    return columns.lines();
  }

  /** At steps that double in their distance from the last. */
  private static List<String> through(Flow.Through loop) {
    Set<Integer> shown = new LinkedHashSet<>();
    shown.add(0);
    for (int back = 1; back < loop.steps() - 1; back *= 2) {
      shown.add(back);
    }
    shown.add(loop.steps() - 1);
    Columns columns = new Columns("<>" + ">>>".repeat(loop.states().size()));
    List<String> head = new ArrayList<>(List.of("  steps back", "t"));
    loop.states()
        .forEach(state -> {
          String name = state.name().substring(state.name().lastIndexOf('.') + 1);
          head.addAll(List.of("size " + name, "|g " + name + "|", "of the last"));
        });
    columns.row(head.toArray(String[]::new));
    for (int back : shown) {
      int step = loop.reverse() ? back : loop.steps() - 1 - back;
      List<String> cells = new ArrayList<>(List.of("  " + back, String.valueOf(step)));
      for (Flow.State state : loop.states()) {
        cells.add(Numbers.of(state.size()[step]));
        cells.add(Numbers.of(state.gradient()[step]));
        cells.add(Numbers.of(state.left()[back]));
      }
      columns.row(cells.toArray(String[]::new));
    }
    List<String> lines = new ArrayList<>();
    lines.add(loop.name() + ", through time:");
    lines.addAll(columns.lines());
    return lines;
  }
}
