package nnc.compiler.ir;

import java.util.Locale;

/** A value that comes from outside the graph, known by its kind and name. */
public record Variable(Kind kind, String variable, Type type) implements Leaf {
  /** Who gives the value. */
  public enum Kind {
    /** Fed by the user, each run. */
    INPUT,
    /** Trained. */
    PARAMETER,
    /** Kept with the parameters, updated by the model's own equations. */
    BUFFER,
    /** In an optimizer's equations: the gradient of the parameter. */
    GRADIENT,
    /** In an optimizer's equations: what it remembers, an element for each of the parameter's. */
    STATE,
    /** A number known at run time: the step {@code k}, {@code epoch}, {@code steps}. */
    SETTING
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return name() + " " + variable;
  }
}
