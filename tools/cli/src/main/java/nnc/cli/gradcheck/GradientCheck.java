package nnc.cli.gradcheck;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import nnc.compiler.Compilation;
import nnc.compiler.InterpretedTraining;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Tensor;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.CompiledModel;
import nnc.runtime.Philox;
import nnc.runtime.Session;
import nnc.runtime.Team;

/**
 * Three ways to a gradient, side by side: generated code in single precision, the interpreter in double precision, and
 * differences of the interpreter's loss, (L(w + h) - L(w - h)) / 2h, which know nothing of gradient rules. The loss is that of a
 * training step; its random numbers, and what {@code stop_gradient} gives, are the same at w + h and w - h.
 */
public final class GradientCheck {
  /** Where two of them differ by more than this share, something is wrong; rounding stays far below. */
  public static final double TOLERANCE = 1e-3;

  private static final String LOSS = "loss";
  private static final String GRADIENT = "grad.";
  private static final int SAMPLED = 20;

  /** Small elements are judged by the scale of their parameter's gradient: rounding goes by that. */
  private static final double SMALL = 1e-2;

  /** What single precision may round away where large terms cancel: this share of the loss, or of the largest gradient of all. */
  private static final double ROUNDING = 1e-6;

  private static final double SMALLEST = 1e-6;

  /** The first is tried on every element; the others where it fails, since a kink of relu may lie between w - h and w + h. */
  private static final double[] STEPS = {1e-6, 1e-5, 1e-7};

  private final Compilation compilation;
  private final TypedModel model;
  private final int rows;
  private final long seed;
  private final Listener listener;
  private final InterpretedTraining interpreted;
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();

  private GradientCheck(Compilation compilation, int rows, long seed, Listener listener) {
    this.compilation = compilation;
    this.model = compilation.model();
    this.rows = rows;
    this.seed = seed;
    this.listener = listener;
    this.interpreted = new InterpretedTraining(compilation);
  }

  /** Whoever tells the user: differences of a large model take minutes. */
  public interface Listener {
    /** Called once, when there are gradients to compare. */
    default void begin(List<String> paths) {}

    /** Called before a difference is taken, of so many for this parameter. */
    default void sample(String path, int done, int sampled) {}

    /** Called as soon as a parameter has been checked. */
    default void found(Finding finding) {}
  }

  /** The gradient by one element, found in three ways. */
  public record Element(int index, double generated, double interpreted, double difference) {}

  /**
   * What was found for a parameter.
   *
   * @param sampled of how many elements differences were taken
   * @param generated the largest relative error of the generated gradient by the interpreted one
   * @param differences the largest relative error of the interpreted gradient by differences
   * @param worst of the sampled elements the one that differs most
   */
  public record Finding(
      String path, int elements, int sampled, double generated, double differences, Element worst) {
    public boolean agrees() {
      return generated <= TOLERANCE && differences <= TOLERANCE; // not so if one is NaN
    }
  }

  /**
   * Checks the gradient of every trained parameter.
   *
   * @param compilation with gradients through all steps of a recurrence
   * @param rows of the random batch
   * @throws CompileException if there is no gradient to check
   */
  public static List<Finding> of(Compilation compilation, int rows, long seed, Listener listener) {
    return new GradientCheck(compilation, rows, seed, listener).findings();
  }

  private List<Finding> findings() {
    List<String> wanted = new ArrayList<>(compilation.gradient().roots().keySet());
    wanted.removeIf(name -> !name.startsWith(GRADIENT));
    if (wanted.isEmpty()) {
      throw new CompileException(
          Diagnostic.at(
              model.span(),
              "gradient",
              "'"
                  + model.name()
                  + "' has no gradient to check: no loss that depends on a parameter"));
    }
    CompiledModel generatedModel = compilation.load();
    RandomCase.parameters(generatedModel, seed);
    interpreted.copyParameters(generatedModel);
    interpreted.at(1, 1, 1, seed);
    Map<String, float[]> batch = RandomCase.inputs(model, rows, seed);
    model
        .inputs()
        .forEach(input ->
            inputs.put(
                input.name(),
                Tensor.of(
                    input.type().shape().at(RandomCase.extents(model, rows)),
                    Known.in(batch, input.name()))));
    List<String> exact = new ArrayList<>(wanted);
    exact.add(LOSS);
    Map<String, Tensor> values = interpreted.compute(inputs, exact);
    List<String> gradients =
        values.keySet().stream().filter(name -> name.startsWith(GRADIENT)).toList();
    Map<String, float[]> generated = generated(generatedModel, batch, gradients);
    double loss = Known.in(values, LOSS).scalar();
    if (!Double.isFinite(loss)) {
      throw new CompileException(
          Diagnostic.at(
                  model.span(),
                  "loss",
                  "the loss is " + loss + " for random inputs: no gradient can be checked there")
              .help(
                  "another --seed may help; or the model takes a logarithm or root of numbers that can be negative"));
    }
    double largest =
        gradients.stream()
            .mapToDouble(name -> largest(Known.in(values, name).values()))
            .max()
            .orElse(0);
    Base base = new Base(Math.abs(loss), largest, interpreted.lossAround(inputs));
    listener.begin(gradients.stream().map(GradientCheck::path).toList());
    List<Finding> findings = new ArrayList<>();
    for (String name : gradients) {
      Finding finding =
          finding(path(name), Known.in(generated, name), Known.in(values, name).values(), base);
      findings.add(finding);
      listener.found(finding);
    }
    return findings;
  }

  private static String path(String gradient) {
    return gradient.substring(GRADIENT.length());
  }

  private Map<String, float[]> generated(
      CompiledModel generatedModel, Map<String, float[]> batch, List<String> wanted) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    try (Team team = Team.of(1);
        Session session = generatedModel.session(team)) {
      batch.forEach(session::feed);
      session.at(1, 1, 1, seed);
      session.gradient();
      wanted.forEach(name -> gradients.put(name, session.read(name)));
    }
    return gradients;
  }

  /**
   * Where gradients are taken.
   *
   * @param loss its magnitude
   * @param steepest the largest magnitude of a gradient by any element of any parameter
   * @param around the loss while parameters move
   */
  private record Base(double loss, double steepest, DoubleSupplier around) {}

  private static double largest(double[] gradient) {
    return Arrays.stream(gradient).map(Math::abs).max().orElse(0);
  }

  private Finding finding(String path, float[] generated, double[] gradient, Base base) {
    double floor = Math.max(SMALL * largest(gradient), SMALLEST * Math.max(1, base.loss()));
    double rounded = Math.max(floor, ROUNDING / TOLERANCE * Math.max(base.loss(), base.steepest()));
    double generatedError = 0; // NaN, once it occurs, stays the largest
    for (int i = 0; i < gradient.length; i++) {
      generatedError = Math.max(generatedError, relative(generated[i], gradient[i], rounded));
    }
    int[] sample =
        Arrays.copyOf(
            Philox.permutation(seed, Philox.stream("sample " + path), gradient.length),
            Math.min(SAMPLED, gradient.length));
    double differenceError = 0;
    double most = -1;
    Element worst = new Element(0, Double.NaN, Double.NaN, Double.NaN);
    int done = 0;
    for (int i : sample) {
      listener.sample(path, done++, sample.length);
      double difference = nearest(path, i, gradient[i], floor, base.around());
      double error = relative(gradient[i], difference, floor);
      differenceError = Math.max(differenceError, error);
      double both = error + relative(generated[i], gradient[i], rounded);
      if (!(both <= most)) { // NaN differs most
        most = both;
        worst = new Element(i, generated[i], gradient[i], difference);
      }
    }
    return new Finding(
        path, gradient.length, sample.length, generatedError, differenceError, worst);
  }

  /** The difference, of several steps, that the gradient agrees with best. */
  private double nearest(
      String path, int element, double gradient, double floor, DoubleSupplier loss) {
    double nearest = Double.NaN;
    for (double step : STEPS) {
      double difference = difference(path, element, step, loss);
      boolean nearer =
          !(relative(gradient, difference, floor) >= relative(gradient, nearest, floor));
      if (!Double.isNaN(difference) && nearer) {
        nearest = difference;
      }
      if (relative(gradient, nearest, floor) <= TOLERANCE) {
        return nearest;
      }
    }
    return nearest;
  }

  private double difference(String path, int element, double step, DoubleSupplier loss) {
    DoubleBuffer values = interpreted.elements(path);
    double before = values.get(element);
    double h = step * Math.max(1, Math.abs(before));
    values.put(element, before + h);
    double above = loss.getAsDouble();
    double upper = values.get(element);
    values.put(element, before - h);
    double below = loss.getAsDouble();
    double width = upper - values.get(element);
    values.put(element, before);
    return (above - below) / width;
  }

  private static double relative(double value, double reference, double floor) {
    return Math.abs(value - reference) / Math.max(Math.abs(reference), floor);
  }
}
