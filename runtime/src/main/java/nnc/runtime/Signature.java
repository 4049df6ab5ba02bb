package nnc.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nnc.runtime.text.Framing;

/**
 * What a compiled model consists of: its inputs, outputs, parameters and kernels, and where they lie in memory. Generated
 * classes carry one; programs that know a model only at run time read it.
 *
 * @param batch the name of the dim that is known only at run time, empty if there is none
 * @param maximum the most rows a batch can have
 * @param sparse the tables of which a step updates only the rows that its ids name
 * @param generation how sequences are generated, if the model has a generate block
 * @param texts the inputs that are made of texts
 * @param accumulation how gradients of several batches are put together
 * @param parameterElements all parameters, in floats
 * @param stateElements what the optimizers remember, in floats
 * @param inferenceMemory floats that computing outputs takes
 * @param trainingMemory floats that a training step takes
 * @param scratch floats that each thread takes
 */
public record Signature(
    String model,
    String batch,
    int maximum,
    List<Value> inputs,
    List<Value> values,
    List<Parameter> parameters,
    List<State> states,
    List<Kernel> kernels,
    List<SparseTable> sparse,
    Optional<Generation> generation,
    List<Text> texts,
    Accumulation accumulation,
    int parameterElements,
    int stateElements,
    int inferenceMemory,
    int trainingMemory,
    int scratch) {

  /** The value that {@link Weight#COUNT} means. */
  public static final String WEIGHT = "loss.weight";

  /** Tensors of all turns of a repeat are listed turn by turn, whoever lists them. */
  public Signature {
    values = values.stream().flatMap(value -> value.turns().stream()).toList();
    parameters = parameters.stream().flatMap(parameter -> parameter.turns().stream()).toList();
  }

  /** What a session can be asked to compute. */
  public enum Program {
    /** The outputs: {@link Session#run}. */
    INFER,
    /** Loss and metrics: {@link Session#evaluate}. */
    EVALUATE,
    /** Loss, metrics and gradients: {@link Session#gradient}, and the first part of {@link Session#step}. */
    GRADIENT
  }

  /**
   * How gradients of several batches become that of a step.
   *
   * @param batches how many are meant to; 1: a step has one
   * @param sums where in the session's memory they are added up
   */
  public record Accumulation(int batches, int sums, Weight weight) {
    /** A step has one batch. */
    public static final Accumulation NONE = new Accumulation(1, -1, Weight.ROWS);
  }

  /** By what the gradient of a batch is weighed. */
  public enum Weight {
    /** The loss is a mean over rows. */
    ROWS,
    /** The loss is a mean over what the value {@link #WEIGHT} counts. */
    COUNT,
    /** The loss is a sum. */
    ONE
  }

  /** How elements are to be read; in memory all are floats. */
  public enum Element {
    F32,
    I32,
    BOOL
  }

  /**
   * An input, or a value that is computed.
   *
   * @param name for what is computed with its kind before it: {@code output.guess}, {@code loss}, {@code metric.accuracy},
   *     {@code grad.dense1.W}
   * @param axes a size; of the batch dim, as many times the rows as the negative number says ({@code -1}: the rows)
   * @param offset in the session's memory; -1 for what lies elsewhere
   * @param classes ids 0 to classes - 1 are legal; 0 if it is no id
   * @param ignored one more legal id; 0, which is legal anyway, if there is none
   * @param programs those that compute it; none for an input
   */
  public record Value(
      String name,
      Element element,
      int[] axes,
      int offset,
      int classes,
      int ignored,
      List<Program> programs) {
    public Value {
      axes = axes.clone();
      programs = List.copyOf(programs);
    }

    @Override
    public int[] axes() {
      return axes.clone();
    }

    public boolean batched() {
      return Arrays.stream(axes).anyMatch(axis -> axis < 0);
    }

    private List<Value> turns() {
      return Turn.of(name, axes).stream()
          .map(turn ->
              new Value(
                  turn.path(),
                  element,
                  turn.shape(),
                  offset + turn.from(),
                  classes,
                  ignored,
                  programs))
          .toList();
    }

    /** The shape when a batch has that many rows. */
    public int[] shape(int rows) {
      return Arrays.stream(axes)
          .map(axis -> axis < 0 ? Math.multiplyExact(-axis, rows) : axis)
          .toArray();
    }

    public int elements(int rows) {
      return Arrays.stream(shape(rows)).reduce(1, Math::multiplyExact);
    }

    /** The shape as messages show it: [B, 64]. */
    public String shapeText(String batch) {
      StringBuilder text = new StringBuilder("[");
      for (int i = 0; i < axes.length; i++) {
        text.append(i == 0 ? "" : ", ")
            .append(
                axes[i] >= 0
                    ? String.valueOf(axes[i])
                    : axes[i] == -1 ? batch : -axes[i] + " * " + batch);
      }
      return text.append(']').toString();
    }
  }

  /** A trained tensor, or a buffer; offset in the model's parameters. */
  public record Parameter(String path, int[] shape, int offset, Initialiser initialiser) {
    public Parameter {
      shape = shape.clone();
    }

    private List<Parameter> turns() {
      return Turn.of(path, shape).stream()
          .map(turn -> new Parameter(turn.path(), turn.shape(), offset + turn.from(), initialiser))
          .toList();
    }

    @Override
    public int[] shape() {
      return shape.clone();
    }

    public int elements() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
  }

  /**
   * What an optimizer remembers of the parameters from {@code first} on, {@code elements} floats long.
   *
   * @param name in the optimizer's equations
   * @param offset in the model's optimizer state
   * @param scalar one number for all of them
   */
  public record State(
      String name, int offset, int first, int elements, boolean scalar, float initial) {}

  /**
   * A table whose gradient is zero but for the rows that the ids of a step name.
   *
   * @param ids how many rows there are at most
   */
  public record SparseTable(String path, int ids) {}

  /**
   * A kernel: one method of the generated code.
   *
   * @param place the line of the model it comes from
   * @param formula what it computes
   * @param idsPerRow how many rows of a table it looks up for a row of the batch, one after the other; 0 if that is not known
   * @param results what it writes
   */
  public record Kernel(
      String name, String place, String formula, int idsPerRow, List<Result> results) {}

  /** Which array something lies in. */
  public enum Space {
    /** {@link Session#memory}. */
    MEMORY,
    /** {@link CompiledModel#parameters}. */
    PARAMETERS,
    /** {@link CompiledModel#optimizerState}. */
    STATE
  }

  /** A result of a kernel. */
  public record Result(String name, Space space, int[] axes, int offset) {
    public Result {
      axes = axes.clone();
    }

    @Override
    public int[] axes() {
      return axes.clone();
    }

    /** How many there are when a batch has that many rows. */
    public int elements(int rows) {
      int elements = 1;
      for (int axis : axes) {
        elements *= axis < 0 ? -axis * rows : axis;
      }
      return elements;
    }
  }

  /**
   * An input that holds the symbols of a text.
   *
   * @param field of the data, of which a vocabulary numbers the symbols
   * @param framing what stands around them
   */
  public record Text(String input, String field, Framing framing) {}

  /** How an input is made of a text, if it is. */
  public Optional<Text> text(String input) {
    return texts.stream().filter(text -> text.input().equals(input)).findFirst();
  }

  /** What the model and a session that trains take. */
  public MemoryNeed training() {
    return new MemoryNeed(parameterElements, stateElements, trainingMemory);
  }

  /** What the model and a session that computes outputs take. */
  public MemoryNeed inference() {
    return new MemoryNeed(parameterElements, 0, inferenceMemory);
  }

  /** Lists one after the other. */
  @SafeVarargs
  public static <T> List<T> joined(List<T>... parts) {
    return Arrays.stream(parts).flatMap(List::stream).toList();
  }

  public Value input(String name) {
    return inputs.stream()
        .filter(input -> input.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("the model " + model + " has no input '" + name + "'"));
  }

  public boolean has(String value) {
    return values.stream().anyMatch(other -> other.name().equals(value));
  }

  public Value value(String name) {
    return values.stream()
        .filter(value -> value.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("the model " + model + " has no value '" + name + "'"));
  }

  public Parameter parameter(String path) {
    return parameters.stream()
        .filter(parameter -> parameter.path().equals(path))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "the model " + model + " has no parameter '" + path + "'"));
  }
}
