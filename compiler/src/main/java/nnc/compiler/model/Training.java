package nnc.compiler.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.source.Span;

/**
 * What a train block says, resolved. Without a train block everything is empty.
 *
 * @param block where it stands
 * @param groups which parameters are trained how; a parameter in none is frozen
 * @param update the equations of one step over flat vectors of all parameters of a group: variables {@code w0 g0 m0 …},
 *     roots of the same names; null-free even where there is no optimizer, then without roots
 * @param patience how many epochs without a lower held-out loss end the training
 * @param accumulation how many batches make a step
 * @param batchAll whether one batch holds all rows
 */
public record Training(
    Optional<Block> block,
    Optional<Data> data,
    Optional<Data> evaluation,
    List<Group> groups,
    Graph update,
    List<State> states,
    OptionalInt epochs,
    OptionalInt patience,
    Accumulation accumulation,
    boolean batchAll,
    long seed) {

  public Training {
    groups = List.copyOf(groups);
    states = List.copyOf(states);
  }

  /**
   * The train block in the text.
   *
   * @param hasOptimizer whether it names one; without one nothing is trained
   */
  public record Block(Span span, boolean hasOptimizer) {}

  /** A step's gradient is that of so many batches together, each of them weighed. */
  public record Accumulation(int batches, Weight weight) {}

  /** By what the gradient of a batch is weighed. */
  public sealed interface Weight {
    /** The loss is a mean over the rows. */
    record Rows() implements Weight {}

    /** The loss is a mean over what this node counts: what is not ignored, for example. */
    record Count(Node node) implements Weight {}

    /** The loss is a sum: gradients add up. */
    record One() implements Weight {}
  }

  /** Parameters that one optimizer updates, in the order in which they lie in memory. */
  public record Group(String optimizer, String text, List<String> paths, int elements, Span span) {}

  /**
   * What an optimizer remembers.
   *
   * @param name the variable in the update graph: {@code m0}
   * @param equation its name in the optimizer's equations: {@code m}
   * @param scalar whether it is one number, not one for each of the parameter's
   */
  public record State(String name, String equation, int group, boolean scalar, double initial) {}

  /**
   * Where data comes from: {@code csv("digits.csv")}.
   *
   * @param files paths as written, by the name of the argument, or by position ("0", "1" …)
   */
  public record Data(
      String kind,
      Map<String, String> files,
      List<Mapping> mappings,
      Optional<HoldOut> holdOut,
      Span span) {}

  /** How much is held out. */
  public record HoldOut(double amount, boolean percent) {}

  /**
   * How columns become an input: their numbers or names, and what is done to each value.
   *
   * @param preparation a graph of elementwise ops from the variable {@link #RAW} to the root {@code value}
   */
  public record Mapping(String input, List<Column> columns, Graph preparation, Span span) {
    public static final String RAW = "raw";

    /** Whether the values are used as they stand. */
    public boolean plain() {
      return preparation.root("value").op() instanceof nnc.compiler.ir.Variable;
    }
  }

  /** A column by number, or by name where number is -1; of IDX files, all columns of the named file. */
  public record Column(int number, String name) {}

  /** The trained parameters, group after group: the order in which they lie in memory. */
  public List<String> trainedPaths() {
    return groups.stream().flatMap(group -> group.paths().stream()).toList();
  }

  /** The next value of a state or parameter vector. */
  public Node next(String variable) {
    return update.root(variable);
  }
}
