package nnc.compiler.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Node;
import nnc.compiler.source.Span;
import nnc.runtime.text.Framing;
import nnc.runtime.text.Vocabulary;

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

  /** The kinds of sources that data comes from. */
  public enum Kind {
    CSV,
    IDX,
    TEXT,
    PAIRS,
    TAGGED,
    COOCCURRENCES;

    /** As the language writes it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Kind> of(String text) {
      return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }

    /** Whether it is made of symbols that a vocabulary numbers. */
    public boolean symbolic() {
      return this != CSV && this != IDX;
    }
  }

  /** How a text is cut into symbols: {@code words(8000, lower = true)}; at most so many are told apart. */
  public record Symbols(Cut cut, int most, boolean lower) {
    private static final int BYTES = 256;

    /** The id of a symbol that is cut already. */
    public int id(Vocabulary vocabulary, String symbol) {
      return vocabulary
          .id(lower ? symbol.toLowerCase(Locale.ROOT) : symbol)
          .orElse(Vocabulary.UNKNOWN);
    }

    /** What a symbol is. */
    public enum Cut {
      CHARS,
      WORDS,
      BPE;

      public String text() {
        return name().toLowerCase(Locale.ROOT);
      }

      /** The fewest ids of a vocabulary. */
      int least() {
        return Vocabulary.FIRST + (this == BPE ? BYTES : 1);
      }

      static Optional<Cut> of(String text) {
        return Arrays.stream(values()).filter(cut -> cut.text().equals(text)).findFirst();
      }
    }
  }

  /**
   * Where data comes from: {@code csv("digits.csv")}.
   *
   * @param files paths as written, by the name of the argument, or by position ("0", "1" …)
   * @param fields the sequences of symbols that it holds, by name, in their order in a line
   * @param settings what else is set: {@code stride}, {@code window}, {@code subsample}
   */
  public record Data(
      Kind kind,
      Map<String, String> files,
      Map<String, Symbols> fields,
      Map<String, Double> settings,
      List<Mapping> mappings,
      Optional<HoldOut> holdOut,
      Span span) {
    public Data {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The same source over other files, all of whose rows count. */
    public Data over(Map<String, String> others, Span place) {
      return new Data(kind, others, fields, settings, mappings, Optional.empty(), place);
    }

    /** The number of a setting, or what it is where nothing is set. */
    public double setting(String name, double otherwise) {
      return settings.getOrDefault(name, otherwise);
    }

    /** The field whose symbols a mapping takes, where it takes symbols as they follow one another. */
    public Optional<String> field(Mapping mapping) {
      return switch (kind) {
        case TEXT -> fields.keySet().stream().findFirst();
        case PAIRS, TAGGED -> Optional.of(mapping.columns().getFirst().name());
        case CSV, IDX, COOCCURRENCES -> Optional.empty();
      };
    }

    /** What feeds an input. */
    public Optional<Mapping> mapping(String input) {
      return mappings.stream().filter(mapping -> mapping.input().equals(input)).findFirst();
    }
  }

  /** How much is held out. */
  public record HoldOut(double amount, boolean percent) {}

  /**
   * How columns become an input: their numbers or names, and what is done to each value.
   *
   * @param framing of a sequence of symbols: whether {@code start} or {@code end} stands around it
   * @param preparation a graph of elementwise ops from the variable {@link #RAW} to the root {@code value}
   */
  public record Mapping(
      String input, List<Column> columns, Framing framing, Graph preparation, Span span) {
    public static final String RAW = "raw";

    /** Whether the values are used as they stand. */
    public boolean plain() {
      return preparation.root("value").op() instanceof nnc.compiler.ir.Variable;
    }
  }

  /**
   * A column by number, or by name where number is -1: a field of the source, or of IDX files all columns of the named file. Of a
   * text, the place of a symbol in the window.
   */
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
