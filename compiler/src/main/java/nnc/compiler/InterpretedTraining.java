package nnc.compiler;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Interpreter;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Tensor;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Planner;
import nnc.runtime.CompiledModel;
import nnc.runtime.Philox;
import nnc.runtime.Turn;

/**
 * Training by the interpreter, in double precision, from the graphs before any pass: what generated code is compared with.
 * Slow: for small models and few rows.
 */
public final class InterpretedTraining {
  private static final String LOSS = "loss";
  private static final String EVALUATED = "eval.";

  private final TypedModel model;
  private final Graph everything;
  private final Graph training;
  private final Map<String, double[]> parameters = new LinkedHashMap<>();
  private final Map<String, double[]> states = new LinkedHashMap<>();
  private long k = 1;
  private long epoch = 1;
  private long steps = 1;
  private long seed;

  /** Parameters are all zero at first, states as the optimizers start. */
  public InterpretedTraining(Compilation compilation) {
    model = compilation.model();
    everything = compilation.gradient();
    Map<String, Node> roots = new LinkedHashMap<>(everything.roots());
    roots.keySet().removeIf(name -> name.startsWith(EVALUATED) || Planner.isInferred(name));
    training = Graph.of(roots);
    for (TypedModel.Parameter parameter : model.parameters()) {
      parameters.put(parameter.path(), new double[parameter.shape().elements().constant()]);
    }
    for (Training.State state : model.train().states()) {
      double[] values =
          new double[state.scalar() ? 1 : model.train().groups().get(state.group()).elements()];
      Arrays.fill(values, state.initial());
      states.put(state.name(), values);
    }
  }

  /** Where the run stands: what optimizers see as k, epoch and steps, and what random numbers are drawn from. */
  public void at(long step, long currentEpoch, long allSteps, long randomSeed) {
    k = step;
    epoch = currentEpoch;
    steps = allSteps;
    seed = randomSeed;
  }

  /** The step, counted from 1. */
  public long k() {
    return k;
  }

  /** Takes the values of a compiled model's parameters. */
  public void copyParameters(CompiledModel other) {
    for (TypedModel.Parameter parameter : model.parameters()) {
      for (Turn turn : parameter.turns()) {
        float[] values = other.parameter(turn.path());
        setParameter(turn.path(), Tensor.of(new int[] {values.length}, values).values());
      }
    }
  }

  /** @param values row-major, copied */
  public void setParameter(String path, double[] values) {
    DoubleBuffer own = elements(path);
    if (values.length != own.remaining()) {
      throw new IllegalArgumentException(
          "the parameter "
              + path
              + " has "
              + own.remaining()
              + " values, was given "
              + values.length);
    }
    own.put(values);
  }

  /** A copy of a parameter. */
  public Tensor parameter(String path) {
    DoubleBuffer own = elements(path);
    double[] values = new double[own.remaining()];
    own.get(values);
    return new Tensor(turn(path).turn.shape(), values);
  }

  /** A parameter's elements themselves: a finite difference moves them. */
  public DoubleBuffer elements(String path) {
    Place place = turn(path);
    int elements = Tensor.zeros(place.turn.shape()).values().length;
    return DoubleBuffer.wrap(place.whole, place.turn.from(), elements).slice();
  }

  /** Where a parameter lies: in an array that all turns of a repeat may share. */
  private record Place(double[] whole, Turn turn) {}

  private Place turn(String path) {
    for (TypedModel.Parameter parameter : model.parameters()) {
      for (Turn turn : parameter.turns()) {
        if (turn.path().equals(path)) {
          return new Place(Known.in(parameters, parameter.path()), turn);
        }
      }
    }
    throw new IllegalArgumentException("no parameter '" + path + "'");
  }

  /**
   * Computes everything that the model says: outputs, loss, metrics, gradients, and the sums of the measures.
   *
   * @param inputs by name, in their shapes; the batch's rows are read from these
   */
  public Map<String, Tensor> compute(Map<String, Tensor> inputs) {
    return turnByTurn(run(everything, inputs));
  }

  /** Computes some roots of the graph, and nothing that they do not need. */
  public Map<String, Tensor> compute(Map<String, Tensor> inputs, List<String> wanted) {
    Map<String, Node> roots = new LinkedHashMap<>();
    wanted.forEach(name -> roots.put(name, everything.root(name)));
    return turnByTurn(run(Graph.of(roots), inputs));
  }

  /**
   * The loss while parameters move from where they are now. What {@code stop_gradient} gives stays what it is here, at every
   * step of a loop: so the gradient takes it.
   */
  public DoubleSupplier lossAround(Map<String, Tensor> inputs) {
    Graph loss = Graph.of(Map.of(LOSS, everything.root(LOSS)));
    List<Tensor> stopped = new ArrayList<>();
    run(
        loss,
        inputs,
        value -> {
          stopped.add(value);
          return value;
        });
    return () -> {
      Iterator<Tensor> held = stopped.iterator();
      return Known.in(run(loss, inputs, value -> held.next()), LOSS).scalar();
    };
  }

  /**
   * One training step: gradients, then the optimizers' equations, then buffers take their next values.
   *
   * @return loss, metrics, gradients and sums of this batch, before the update
   */
  public Map<String, Tensor> step(Map<String, Tensor> inputs) {
    Map<String, Tensor> values = run(training, inputs);
    update(values);
    values.forEach((name, value) -> {
      if (name.startsWith(Planner.UPDATE)) {
        parameters.put(name.substring(Planner.UPDATE.length()), value.values());
      }
    });
    k++;
    return values;
  }

  /** Gradients by the parameters that users know. */
  private static Map<String, Tensor> turnByTurn(Map<String, Tensor> values) {
    Map<String, Tensor> parts = new LinkedHashMap<>();
    values.forEach((name, whole) -> {
      for (Turn turn : Turn.of(name, whole.shape())) {
        Tensor part = Tensor.zeros(turn.shape());
        System.arraycopy(whole.values(), turn.from(), part.values(), 0, part.values().length);
        parts.put(turn.path(), part);
      }
    });
    return parts;
  }

  private Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs) {
    return run(graph, inputs, UnaryOperator.identity());
  }

  private Map<String, Tensor> run(
      Graph graph, Map<String, Tensor> inputs, UnaryOperator<Tensor> stopped) {
    Map<String, Tensor> variables = new HashMap<>(inputs);
    for (TypedModel.Parameter parameter : model.parameters()) {
      double[] values = Objects.requireNonNull(parameters.get(parameter.path()));
      variables.put(parameter.path(), new Tensor(parameter.shape().at(Map.of()), values.clone()));
    }
    return new Interpreter(extents(inputs), variables, this::draw, stopped).run(graph);
  }

  private Map<Dim, Integer> extents(Map<String, Tensor> inputs) {
    Map<Dim, Integer> extents = new HashMap<>();
    for (TypedModel.Input input : model.inputs()) {
      Tensor value = inputs.get(input.name());
      for (int axis = 0; value != null && axis < input.type().shape().rank(); axis++) {
        Size size = input.type().shape().size(axis);
        if (size.dims().size() == 1 && size.factor() == 1) {
          extents.put(size.dims().getFirst(), value.shape()[axis]);
        }
      }
    }
    return extents;
  }

  /** The same numbers that generated code draws: floats of a stream named by the path, at this step. */
  private void draw(String path, double[] values) {
    float[] drawn = new float[values.length];
    Philox.uniform(seed, Philox.stream(path), k, 0, drawn, 0, drawn.length);
    System.arraycopy(
        Tensor.of(new int[] {drawn.length}, drawn).values(), 0, values, 0, values.length);
  }

  private void update(Map<String, Tensor> values) {
    List<Training.Group> groups = model.train().groups();
    Map<String, Tensor> variables = new HashMap<>();
    variables.put("k", Tensor.scalar(k));
    variables.put("epoch", Tensor.scalar(epoch));
    variables.put("steps", Tensor.scalar(steps));
    for (int i = 0; i < groups.size(); i++) {
      variables.put("w" + i, joined(groups.get(i), parameters));
      Map<String, double[]> gradients = new HashMap<>();
      groups
          .get(i)
          .paths()
          .forEach(path -> gradients.put(path, Known.in(values, "grad." + path).values()));
      variables.put("g" + i, joined(groups.get(i), gradients));
    }
    for (Training.State state : model.train().states()) {
      double[] current = Known.in(states, state.name());
      variables.put(
          state.name(),
          new Tensor(state.scalar() ? new int[0] : new int[] {current.length}, current.clone()));
    }
    Map<String, Tensor> next =
        new Interpreter(Map.of(), variables, this::draw).run(model.train().update());
    for (int i = 0; i < groups.size(); i++) {
      split(Known.in(next, "w" + i).values(), groups.get(i));
    }
    states.replaceAll((name, old) -> Known.in(next, name).values().clone());
  }

  private static Tensor joined(Training.Group group, Map<String, double[]> parts) {
    Tensor whole = Tensor.zeros(group.elements());
    int at = 0;
    for (String path : group.paths()) {
      double[] part = Known.in(parts, path);
      System.arraycopy(part, 0, whole.values(), at, part.length);
      at += part.length;
    }
    return whole;
  }

  private void split(double[] whole, Training.Group group) {
    int at = 0;
    for (String path : group.paths()) {
      double[] part = Objects.requireNonNull(parameters.get(path));
      System.arraycopy(whole, at, part, 0, part.length);
      at += part.length;
    }
  }
}
