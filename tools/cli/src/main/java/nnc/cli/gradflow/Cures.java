package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The usual cures of what was found, those that the model does not have yet, each with what to write. */
final class Cures {
  private final Facts facts;
  private final Map<String, String> cures = new LinkedHashMap<>();

  private Cures(Facts facts) {
    this.facts = facts;
  }

  /** A cure: {@code clip}, and what to write in the model. */
  record Cure(String name, String text) {}

  static List<Cure> of(List<Flow> flows, Facts facts) {
    Cures cures = new Cures(facts);
    for (Flow flow : flows) {
      Diagnosis.of(flow).stream().filter(Finding::bad).forEach(each -> cures.add(each, flow));
    }
    List<Cure> list = new ArrayList<>();
    cures.cures.forEach((name, text) -> list.add(new Cure(name, text)));
    return list;
  }

  private void add(Finding finding, Flow flow) {
    switch (finding.scope()) {
      case TIME ->
          flow.loops().stream()
              .filter(loop -> finding.where().contains(loop.name()))
              .forEach(loop -> time(finding.kind(), loop));
      case DEPTH -> depth(finding, flow);
      case UNITS -> units(finding);
    }
  }

  private void time(Finding.Kind kind, Flow.Through loop) {
    if (kind == Finding.Kind.EXPLODING) {
      clip();
      cure("truncate", "truncate 20 in the recur block: no gradient goes back by more steps");
    }
    if (facts.unorthogonal(loop)) {
      cure(
          "init",
          "param W: [hidden, hidden] ~ orthogonal, which keeps the length of what it multiplies");
    }
    if (!loop.gated()) {
      cure("gate", "x |> LSTM(64) or GRU(64): what the gates let through goes back undiminished");
    }
    if (kind != Finding.Kind.EXPLODING) {
      if (loop.gated()) {
        cure(
            "gate",
            (loop.states().size() > 1
                    ? "param bf: [hidden] ~ constant(3), for instance, in a copy of the library's LSTM"
                    : "param bz: [hidden] ~ constant(-3), for instance, in a copy of the library's GRU")
                + ": gates that begin further open to the step before");
      } else {
        cure("residual", "h[t] = h[t-1] + 0.1 * tanh(…): a way back that no matrix stands in");
      }
      cure(
          "attention",
          "AdditiveAttention(64) or dot_attention(q, h): each state is one step from the loss");
    }
  }

  private void depth(Finding finding, Flow flow) {
    if (finding.kind() == Finding.Kind.BLOCKED) {
      cure(
          "init",
          "where this is not meant: param W: [in, units] ~ glorot_uniform in place of zeros, which let nothing through until they have moved");
      return;
    }
    boolean exploding = finding.kind() == Finding.Kind.EXPLODING;
    if (exploding) {
      clip();
    }
    boolean flat =
        flow.values().stream()
            .filter(value -> finding.where().contains(value.name()))
            .anyMatch(value ->
                value.activation() == Tap.Activation.SIGMOID
                    || value.activation() == Tap.Activation.TANH);
    if (flat && !exploding) {
      cure(
          "activation",
          "Dense(64, relu) or gelu: a slope of 1 where it is on, not 1/4 at most as that of sigmoid");
    }
    if (facts.unscaled(finding.where())) {
      cure(
          "init",
          "param W: [in, units] ~ he_normal before relu, ~ glorot_uniform before tanh: variances that layers keep");
    }
    cure("norm", "h |> LayerNorm(), or BatchNorm() for images: each layer sees the same size");
    if (!exploding) {
      cure("residual", "h = h + (h |> Dense(64, relu)): a way back around each layer");
    }
  }

  private void units(Finding finding) {
    if (finding.kind() == Finding.Kind.DEAD) {
      cure("activation", "leaky_relu or gelu in place of relu: a slope on the other side too");
      cure("rate", "a lower lr, or lr = 1e-3 * warm_up(k, 200): large first steps kill units");
    }
    if (facts.unscaled(finding.where())) {
      cure("init", "param W: [in, units] ~ glorot_uniform, or he_normal before relu");
    }
    cure("norm", "LayerNorm() before the activation: h |> Dense(64) |> LayerNorm() |> tanh");
  }

  private void clip() {
    if (!facts.clips()) {
      cure("clip", "clip norm 1 in the train block: a step is never longer, its direction stays");
    }
  }

  private void cure(String name, String text) {
    cures.putIfAbsent(name, text);
  }
}
