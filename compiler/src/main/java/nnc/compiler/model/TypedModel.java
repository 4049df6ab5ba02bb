package nnc.compiler.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Type;
import nnc.compiler.ir.Variable;
import nnc.compiler.source.Source;
import nnc.compiler.source.Span;
import nnc.runtime.Initialiser;
import nnc.runtime.Turn;
import org.jspecify.annotations.Nullable;

/**
 * A model in which everything is resolved: every shape known, every path given, every value a node.
 *
 * @param batch the dim that all data inputs share first, known only at run time
 * @param dims the sizes of dims that are neither run-time dims nor computed from others
 * @param bounded the dims that data may have less of, {@code dim T <= 60}, and their largest sizes, which the model is compiled for
 * @param inference the values with train-only effects off
 * @param training the values with them on; the same nodes where nothing differs
 * @param generating how sequences are generated, if the model has a generate block
 */
public record TypedModel(
    String name,
    String doc,
    Source source,
    Span span,
    GraphBuilder builder,
    Optional<Dim> batch,
    Map<String, Integer> dims,
    Map<String, Integer> bounded,
    List<Input> inputs,
    List<Parameter> parameters,
    Values inference,
    Values training,
    Training train,
    Optional<Generating> generating) {

  public TypedModel {
    dims = Collections.unmodifiableMap(new LinkedHashMap<>(dims));
    bounded = Map.copyOf(bounded);
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
  }

  /**
   * What a model computes.
   *
   * @param updates the next values of buffers, by path
   */
  public record Values(
      Map<String, Node> outputs,
      Optional<Node> loss,
      Map<String, Node> metrics,
      Map<String, Node> updates) {}

  /** What is fed. The node is its variable; idRange says which ids are legal where it is an index. */
  public record Input(
      String name,
      String doc,
      Type type,
      List<@Nullable String> axes,
      Node node,
      Optional<IdRange> idRange,
      Span span) {}

  /** Ids 0 to classes - 1, and one more that is ignored if there is one. */
  public record IdRange(int classes, @Nullable Integer ignored) {
    /** What is legal in both. */
    static IdRange narrower(IdRange a, IdRange b) {
      return new IdRange(
          Math.min(a.classes, b.classes),
          Stream.of(a, b)
              .map(IdRange::ignored)
              .filter(id -> id != null && a.allows(id) && b.allows(id))
              .findFirst()
              .orElse(null));
    }

    private boolean allows(int id) {
      return id >= 0 && id < classes || ignored != null && id == ignored;
    }
  }

  /**
   * A tensor that is kept from step to step.
   *
   * @param path with a star for each repeat whose turns have parts of their own, see {@link Turn}
   * @param buffer whether the model's own equations update it, not an optimizer
   */
  public record Parameter(
      String path, Shape shape, Initialiser initialiser, boolean buffer, Span span) {
    public Type type() {
      return new Type(ElementType.F32, shape);
    }

    /** The tensors that users know: one for each turn of a repeat. */
    public List<Turn> turns() {
      return Turn.of(path, shape.at(Map.of()));
    }

    /** It as a value of the graph. */
    public Variable variable() {
      return new Variable(buffer ? Variable.Kind.BUFFER : Variable.Kind.PARAMETER, path, type());
    }
  }

  /** How many numbers there are to train; buffers do not count. */
  public long parameterElements() {
    return parameters.stream()
        .filter(parameter -> !parameter.buffer())
        .mapToLong(parameter -> parameter.shape().elements().constant())
        .sum();
  }

  public Parameter parameter(String path) {
    return parameters.stream()
        .filter(parameter -> parameter.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("model: no parameter '" + path + "'"));
  }

  /** A path as code and formulas show it: one name for what every turn of a repeat has. */
  public static String shown(String path) {
    return Frame.shown(path);
  }
}
