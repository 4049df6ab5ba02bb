package nnc.compiler.explain;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.compiler.source.Span;

/** A line of a derivation. */
public sealed interface Line {
  /** In how many recurrences it stands. */
  int depth();

  /**
   * A value and what it is.
   *
   * @param whole the same over values alone, where it is short
   * @param shape empty where it is plain from the line
   * @param rules the ops whose gradient rules were applied, from the loss on
   */
  record Equation(
      int depth,
      Formula.Name left,
      Formula right,
      Optional<Formula> whole,
      String shape,
      List<String> rules,
      Optional<Span> place)
      implements Line {
    public Equation {
      rules = List.copyOf(rules);
    }

    Equation at(Optional<Span> other) {
      return new Equation(depth, left, right, whole, shape, rules, other);
    }
  }

  /** The lines below, one step deeper, hold for each step of a recurrence, in this order. */
  record Steps(int depth, String step, int first, int last) implements Line {}

  /** What the vector v becomes when it is multiplied by the Jacobian of one step's state by that of the step before. */
  record Jacobian(int depth, Formula.Name state, Formula.Name by, Formula product)
      implements Line {}

  /**
   * The gradient of a recurrence's states as one sum over all steps: {@code δh[k] = Σ_{t ≥ k} g[t] · J[t] ⋯ J[k+1]}, where g[t]
   * is what h[t] receives from outside, and J[t] the Jacobian of h[t] by the state of the step before. Where there are several
   * states, J holds each by each, and what one of them receives through another of the same step is counted there: of such a
   * state the sum is what the step after hands back, δc⁺.
   *
   * @param gradients what the sum comes to, for each state
   * @param received the letter for what comes from outside
   * @param reverse whether the recurrence goes from the last step to the first
   */
  record Unrolled(
      int depth, List<Formula.Name> gradients, String received, String step, boolean reverse)
      implements Line {
    private static final String SUM = "%2$s = Σ_{%1$s %3$s k} %6$s[%1$s] · J[%1$s] ⋯ J[k%4$s1]";

    private static final String MEANING =
        "%6$s[%1$s]: what %2$s[%1$s] receives from outside; J[%1$s] = ∂%2$s[%1$s]/∂%2$s[%1$s%5$s1]";

    private static final String LATEX =
        "%2$s = \\sum_{%1$s %3$s k} %6$s^{(%1$s)}\\, J^{(%1$s)} \\cdots J^{(k%4$s1)}";

    private static final String LATEX_MEANING =
        ", \\quad J^{(%1$s)} = \\frac{\\partial %2$s^{(%1$s)}}{\\partial %2$s^{(%1$s%5$s1)}}";

    public Unrolled {
      gradients = List.copyOf(gradients);
    }

    /** The sum, in Unicode. */
    public String sum() {
      return filled(SUM, all(gradient -> gradient.at("k"), Notation.TEXT), "≤", "≥", "−");
    }

    /** What the signs of the sum are. */
    public String meaning() {
      return filled(MEANING, all(Unrolled::state, Notation.TEXT), "≤", "≥", "−") + why();
    }

    /** The sum and what J is, in LaTeX. */
    public String latex() {
      return filled(LATEX, all(gradient -> gradient.at("k"), Notation.LATEX), "\\leq", "\\geq", "-")
          + filled(LATEX_MEANING, all(Unrolled::state, Notation.LATEX), "\\leq", "\\geq", "-");
    }

    /** Why there is a δc⁺ where one may expect δc. */
    String why() {
      return gradients.stream()
          .filter(Formula.Name::isHandedBack)
          .map(gradient ->
              "; %s, not δ%s: what goes through another state of the same step is counted there"
                  .formatted(Notation.TEXT.write(gradient.at("")), gradient.bare()))
          .collect(Collectors.joining());
    }

    private static Formula.Name state(Formula.Name gradient) {
      return new Formula.Name(gradient.bare(), false, "", false);
    }

    private String all(UnaryOperator<Formula.Name> form, Notation notation) {
      String names =
          gradients.stream().map(form).map(notation::write).collect(Collectors.joining(", "));
      return gradients.size() == 1 ? names : "(" + names + ")";
    }

    private String filled(String form, String names, String most, String least, String minus) {
      return form.formatted(
          step,
          names,
          reverse ? most : least,
          reverse ? minus : "+",
          reverse ? "+" : minus,
          received);
    }
  }

  /** What the lines above amount to: formulas and words, in turn. */
  record Remark(int depth, List<Part> parts) implements Line {
    public Remark {
      parts = List.copyOf(parts);
    }

    public String text(Notation notation) {
      return parts.stream()
          .map(part ->
              switch (part) {
                case Words words -> notation.words(words.text());
                case Mathematics mathematics -> notation.write(mathematics.formula());
              })
          .collect(Collectors.joining());
    }
  }

  /** A part of a remark. */
  sealed interface Part {}

  record Words(String text) implements Part {}

  record Mathematics(Formula formula) implements Part {}

  /** The formulas of the line, its left side among them. */
  default Stream<Formula> formulas() {
    return switch (this) {
      case Equation equation -> Stream.of(equation.left(), equation.right());
      case Steps ignored -> Stream.empty();
      case Jacobian jacobian -> Stream.of(jacobian.product());
      case Unrolled ignored -> Stream.empty();
      case Remark remark ->
          remark.parts().stream()
              .filter(Mathematics.class::isInstance)
              .map(part -> ((Mathematics) part).formula());
    };
  }
}
