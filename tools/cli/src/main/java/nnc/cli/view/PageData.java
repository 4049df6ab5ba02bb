package nnc.cli.view;

import java.util.List;
import java.util.Optional;
import nnc.compiler.Compilation;

/**
 * What the page shows, as its script reads it. Everything is a list, and what belongs together is told by places in these lists.
 *
 * @param texts the model's file first, then others and those of the library that the model uses
 * @param places stretches of texts: the text, from, to
 * @param origins the places that a value comes from; the first is that of values that come from none
 * @param mathematics how the gradient follows from the equations
 */
public record PageData(
    String model,
    List<Text> texts,
    List<List<Integer>> places,
    List<List<Integer>> origins,
    List<Stage> stages,
    List<Kernel> kernels,
    List<Buffer> buffers,
    List<Java> java,
    List<MathLine> mathematics) {

  /** A .nn file. */
  public record Text(String name, boolean library, String text) {}

  /** A graph: what the compiler knows after a stage. */
  public record Stage(String name, List<Node> nodes) {}

  /** Who asks for a value: the model itself, the gradient of its loss, or the optimizer. */
  public enum Role {
    FORWARD,
    GRADIENT,
    UPDATE
  }

  /**
   * A value.
   *
   * @param name empty if nobody gave it one
   * @param constant whether it is a number that is known before anything runs
   * @param loop whether it is a recurrence, whose body the nodes with this parent are
   * @param parent the recurrence in whose body it stands
   * @param next of a state in a body: what it is at the next step
   * @param of of a gradient: the value whose gradient rule made it
   * @param roots what is asked of the graph and is this value
   */
  public record Node(
      String name,
      String op,
      String type,
      Role role,
      int origin,
      boolean constant,
      boolean loop,
      List<Integer> inputs,
      Optional<Integer> parent,
      Optional<Integer> next,
      Optional<Integer> of,
      List<String> roots) {}

  /**
   * A kernel.
   *
   * @param nodes of the optimized stage: what it computes
   * @param parent the kernel that calls it
   * @param place where its author would look
   * @param reads buffers
   * @param from the first of its lines in the Java, counted from 0
   * @param to the line behind its last
   */
  public record Kernel(
      String name,
      Role role,
      List<Integer> origins,
      Optional<Integer> place,
      List<Integer> nodes,
      Optional<Integer> parent,
      List<String> formulas,
      List<String> programs,
      List<Integer> reads,
      List<Integer> writes,
      int java,
      int from,
      int to) {}

  /**
   * A buffer.
   *
   * @param whole the buffer that it is a part of
   * @param offset from the start of its array, in floats; of a part 0
   * @param first the first kernel that needs it, by its number in the plan; of those that stay -1
   */
  public record Buffer(
      String name,
      String shape,
      String space,
      long floats,
      Optional<Integer> whole,
      int offset,
      int first,
      int last) {}

  /** The kernels of a part, to read. */
  public record Java(String name, String text) {}

  /** What a line of mathematics is about. */
  public enum Section {
    VALUES,
    GRADIENTS,
    RESULTS,
    RULES
  }

  /**
   * A line of mathematics.
   *
   * @param latex empty if it is too long to be read
   * @param node of the gradient stage: the value that it defines
   * @param rules the gradient rules that were applied; of a rule its own name
   */
  public record MathLine(
      Section section,
      int depth,
      String latex,
      String text,
      List<String> rules,
      Optional<Integer> place,
      Optional<Integer> node) {}

  public static PageData of(Compilation compilation) {
    Origins origins = new Origins(compilation.model().source());
    Graphs graphs = new Graphs(origins, compilation.model());
    Stage graph = graphs.stage("graph", compilation.graph());
    Stage gradient = graphs.stage("gradient", compilation.gradient());
    List<MathLine> mathematics = new Mathematics(origins, graphs).of(compilation.gradient());
    Stage optimized = graphs.stage("optimized", compilation.optimized(), compilation.update());
    Kernels kernels = new Kernels(origins, graphs, compilation);
    return new PageData(
        compilation.model().name(),
        origins.texts(),
        origins.places(),
        origins.origins(),
        List.of(graph, gradient, optimized),
        kernels.kernels(),
        kernels.buffers(),
        kernels.java(),
        mathematics);
  }
}
