package nnc.cli.cases;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import nnc.cli.train.Divergence;
import nnc.compiler.Compilation;
import nnc.compiler.InterpretedTraining;
import nnc.compiler.ir.Tensor;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.CompiledModel;
import nnc.runtime.Safetensors;
import nnc.runtime.SafetensorsWriter;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;
import nnc.runtime.Turn;

/**
 * Runs a model on a case. Both ways give tensors of the same names: {@code output.NAME}, {@code loss}, {@code grad.PATH}, and
 * {@code stepK.PATH}, the parameters after K steps on this one batch.
 */
public final class CaseRun {
  private static final String LOSS = "loss";

  private final Compilation compilation;
  private final TensorCase tensors;
  private final int steps;

  /**
   * @param steps how many optimizer steps are made
   * @throws CompileException if there are to be steps, and nothing says how they are made
   */
  public CaseRun(Compilation compilation, TensorCase tensors, int steps) {
    this.compilation = compilation;
    this.tensors = tensors;
    this.steps = steps;
    if (steps > 0 && compilation.model().train().groups().isEmpty()) {
      throw new CompileException(
          Diagnostic.at(
                  compilation.model().span(),
                  "train",
                  "steps are made by an optimizer, and '"
                      + compilation.model().name()
                      + "' has none")
              .help(
                  "add a train block: train "
                      + compilation.model().name()
                      + " { optimizer SGD(lr = 0.1) }"));
    }
  }

  /** By generated code, in single precision. */
  public SafetensorsWriter generated(int threads) {
    CompiledModel model = compilation.load();
    Signature signature = model.signature();
    signature
        .parameters()
        .forEach(
            parameter -> model.setParameter(parameter.path(), tensors.parameter(parameter.path())));
    SafetensorsWriter results = Safetensors.writer();
    try (Team team = Team.of(threads);
        Session session = model.session(team)) {
      tensors.model().inputs().forEach(input -> session.feed(input.name(), tensors.input(input)));
      session.at(1, 1, Math.max(1, steps), compilation.model().train().seed());
      session.run();
      read(session, "output.", results);
      if (signature.has(LOSS)) {
        session.gradient();
        requireFinite(session);
        read(session, LOSS, results);
        read(session, "grad.", results);
      }
      for (int step = 1; step <= steps; step++) {
        if (!session.step()) {
          throw Divergence.in(session);
        }
        for (Signature.Parameter parameter : signature.parameters()) {
          results.add(
              "step" + step + "." + parameter.path(),
              parameter.shape(),
              model.parameter(parameter.path()),
              0);
        }
      }
    }
    return results;
  }

  private static void requireFinite(Session session) {
    if (!Float.isFinite(session.loss())) {
      throw Divergence.in(session);
    }
  }

  private static void read(Session session, String kind, SafetensorsWriter results) {
    for (Signature.Value value : session.model().signature().values()) {
      if (kind.endsWith(".") ? value.name().startsWith(kind) : value.name().equals(kind)) {
        results.add(value.name(), value.shape(session.rows()), session.read(value.name()), 0);
      }
    }
  }

  /** By the interpreter, in double precision, from the graphs before any pass. */
  public SafetensorsWriter interpreted() {
    TypedModel model = compilation.model();
    InterpretedTraining training = new InterpretedTraining(compilation);
    List<Turn> parameters = TensorCase.turns(model);
    parameters.forEach(turn ->
        training.setParameter(
            turn.path(), tensors.exact().doubles(TensorCase.PARAMETER + turn.path())));
    training.at(1, 1, Math.max(1, steps), model.train().seed());
    Map<String, Tensor> inputs = new HashMap<>();
    for (TypedModel.Input input : model.inputs()) {
      String name = TensorCase.INPUT + input.name();
      inputs.put(
          input.name(),
          new Tensor(tensors.exact().tensor(name).shape(), tensors.exact().doubles(name)));
    }
    List<String> wanted = new ArrayList<>(compilation.gradient().roots().keySet());
    wanted.removeIf(
        name -> !name.startsWith("output.") && !name.equals(LOSS) && !name.startsWith("grad."));
    SafetensorsWriter results = Safetensors.writer();
    training
        .compute(inputs, wanted)
        .forEach((name, value) -> results.add(name, value.shape(), value.values()));
    for (int step = 1; step <= steps; step++) {
      double loss = Objects.requireNonNull(training.step(inputs).get(LOSS)).scalar();
      if (!Double.isFinite(loss)) {
        throw new CompileException(
            Diagnostic.of("loss", "the loss is " + loss + " at step " + step)
                .help("without --interpret the kernel is named where it began"));
      }
      for (Turn parameter : parameters) {
        Tensor value = training.parameter(parameter.path());
        results.add("step" + step + "." + parameter.path(), value.shape(), value.values());
      }
    }
    return results;
  }
}
