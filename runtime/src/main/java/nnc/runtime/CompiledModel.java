package nnc.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import nnc.runtime.text.Vocabulary;

/**
 * The parameters of a compiled model, shared by all its sessions. Any number of sessions may compute outputs at once; while
 * one trains, no other may run.
 */
public abstract class CompiledModel {
  /** What a checkpoint calls the optimizer's memory of a parameter: {@code optimizer.m.dense1.W}. */
  private static final String STATE = "optimizer.";

  private final Signature signature;
  private float[] parameters;
  private Updates updates = new Updates();
  private float[] state = {};
  private Map<String, Vocabulary> vocabularies = Map.of();

  protected CompiledModel(Signature signature) {
    this.signature = signature;
    this.parameters =
        Arena.of(signature.parameterElements(), signature.model(), signature.training());
  }

  /**
   * Lets this model, compiled for other sizes, have the parameters of another one: what one trains, the other has. To be called
   * before this one has sessions.
   *
   * @throws IllegalArgumentException if a parameter depends on what has another size
   */
  public final void share(CompiledModel other) {
    List<Signature.Parameter> own = signature.parameters();
    List<Signature.Parameter> others = other.signature.parameters();
    for (int i = 0; i < own.size(); i++) {
      if (i >= others.size()
          || !own.get(i).path().equals(others.get(i).path())
          || own.get(i).offset() != others.get(i).offset()
          || !Arrays.equals(own.get(i).shape(), others.get(i).shape())) {
        throw new IllegalArgumentException(
            "the parameter '"
                + own.get(i).path()
                + "' "
                + Arrays.toString(own.get(i).shape())
                + " has another shape where sequences are shorter");
      }
    }
    parameters = other.parameters;
    state = other.optimizerState();
    updates = other.updates;
  }

  /** A session with one arena of memory, computing on the caller's thread. */
  public abstract Session session();

  /** A session that computes on a team, and can train. */
  public abstract Session session(Team team);

  /** A session that computes outputs on a team: without the memory that training takes. */
  public abstract Session inferenceSession(Team team);

  public final Signature signature() {
    return signature;
  }

  /**
   * All parameters, one after the other; {@link Signature#parameters} says where each lies. Behind the last one there is room
   * for vectors, which means nothing.
   */
  public final float[] parameters() {
    return parameters;
  }

  /** What the optimizers remember; made when it is first needed. */
  public final synchronized float[] optimizerState() {
    if (state.length == 0) {
      state = Arena.of(signature.stateElements(), signature.model(), signature.training());
      forget(state);
    }
    return state;
  }

  final Updates updates() {
    return updates;
  }

  /** How the symbols of its texts are numbered, by the field of the data; what {@link #read} has found beside the parameters. */
  public final Map<String, Vocabulary> vocabularies() {
    return vocabularies;
  }

  /**
   * Generates texts, on the caller's thread.
   *
   * @throws IllegalStateException if the model has no generate block, or was read without vocabularies
   */
  public final TextGenerator textGenerator() {
    return new TextGenerator(session());
  }

  /** First values for all parameters, from the seed alone. */
  public final void initialise(long seed) {
    for (Signature.Parameter parameter : signature.parameters()) {
      parameter
          .initialiser()
          .fill(
              parameters,
              parameter.offset(),
              parameter.shape(),
              seed,
              Philox.stream(parameter.path()));
    }
  }

  /** Lets the optimizers forget all they remember. */
  public final void resetOptimizer() {
    forget(optimizerState());
  }

  private void forget(float[] memory) {
    for (Signature.State part : signature.states()) {
      Arrays.fill(
          memory,
          part.offset(),
          part.offset() + (part.scalar() ? 1 : part.elements()),
          part.initial());
    }
  }

  /** A copy of a parameter's values. */
  public final float[] parameter(String path) {
    Signature.Parameter parameter = signature.parameter(path);
    return Arrays.copyOfRange(
        parameters, parameter.offset(), parameter.offset() + parameter.elements());
  }

  public final void setParameter(String path, float[] values) {
    Signature.Parameter parameter = signature.parameter(path);
    if (values.length != parameter.elements()) {
      throw new IllegalArgumentException(
          "the parameter "
              + path
              + " "
              + Arrays.toString(parameter.shape())
              + " has "
              + parameter.elements()
              + " values, was given "
              + values.length);
    }
    System.arraycopy(values, 0, parameters, parameter.offset(), values.length);
  }

  /**
   * Reads all parameters, and vocabularies if there are any, from a safetensors file. What an optimizer, of this model or
   * another one, remembers of them is passed over.
   *
   * @throws TensorFileException if one is missing or has another shape, or the file has a tensor that the model has no place
   *     for; then nothing has been changed
   */
  public final void read(Path file) {
    read(Safetensors.read(file));
  }

  /** Reads all parameters from tensors already in memory. */
  public final void read(Safetensors tensors) {
    List<String> missing = new ArrayList<>();
    for (Signature.Parameter parameter : signature.parameters()) {
      if (!tensors.has(parameter.path())) {
        missing.add(parameter.path());
      }
    }
    if (!missing.isEmpty()) {
      throw new TensorFileException(
          tensors.file(),
          missing.getFirst(),
          "every parameter of the model " + signature.model(),
          "no tensor of this name",
          "is this a checkpoint of another model?");
    }
    Set<String> paths = paths();
    requireKnown(tensors, name -> paths.contains(name) || isState(name, paths), paths);
    Map<String, Vocabulary> found = Vocabularies.of(tensors);
    signature
        .parameters()
        .forEach(parameter -> requireShape(tensors, parameter.path(), parameter.shape()));
    signature
        .parameters()
        .forEach(parameter -> setParameter(parameter.path(), tensors.floats(parameter.path())));
    vocabularies = found;
  }

  /**
   * Refuses tensors of a checkpoint that are neither a parameter nor what this model's optimizers remember of one.
   *
   * @throws TensorFileException if there is one
   */
  public final void requireKnown(Safetensors checkpoint) {
    Set<String> known = paths();
    for (Signature.State part : signature.states()) {
      covered(part).forEach(parameter -> known.add(stateName(part, parameter)));
    }
    requireKnown(checkpoint, known::contains, known);
  }

  private void requireKnown(Safetensors tensors, Predicate<String> hasPlace, Set<String> known) {
    for (String name : tensors.names()) {
      if (!hasPlace.test(name)) {
        throw new TensorFileException(
            tensors.file(),
            name,
            "a parameter of the model " + signature.model() + ", or its optimizer's memory of one",
            "a tensor that the model has no place for",
            Nearest.to(name, known)
                .map(near -> "did you mean " + Quoted.text(near) + "?")
                .orElse("the model has " + Quoted.list(known)));
      }
    }
  }

  private Set<String> paths() {
    Set<String> paths = new LinkedHashSet<>();
    signature.parameters().forEach(parameter -> paths.add(parameter.path()));
    return paths;
  }

  /** Whether this is the name of what some optimizer remembers of a parameter. */
  private static boolean isState(String name, Set<String> paths) {
    String[] parts = name.split("[.]", 3);
    return parts.length == 3 && name.startsWith(STATE) && paths.contains(parts[2]);
  }

  /** Reads those parameters that the file has; the names of what was read. Tensors of other names are passed over. */
  public final List<String> readSome(Safetensors tensors) {
    List<String> found =
        signature.parameters().stream()
            .map(Signature.Parameter::path)
            .filter(tensors::has)
            .toList();
    found.forEach(path -> requireShape(tensors, path, signature.parameter(path).shape()));
    found.forEach(path -> setParameter(path, tensors.floats(path)));
    return found;
  }

  /** Reads what the optimizers remember. */
  public final void readOptimizer(Safetensors tensors) {
    float[] target = optimizerState();
    for (Signature.State part : signature.states()) {
      for (Signature.Parameter parameter : covered(part)) {
        String name = stateName(part, parameter);
        requireShape(tensors, name, part.scalar() ? new int[0] : parameter.shape());
        float[] values = tensors.floats(name);
        System.arraycopy(values, 0, target, stateOffset(part, parameter), values.length);
      }
    }
  }

  /** Writes the parameters as safetensors, whole or not at all. */
  public final void write(Path file) {
    write(file, Map.of(), false);
  }

  /** The bytes that {@link #write(Path)} writes. */
  public final byte[] toSafetensors() {
    return writer(Map.of(), false).bytes();
  }

  /** Writes parameters, if asked what the optimizers remember, and remarks; the file appears whole or not at all. */
  public final void write(Path file, Map<String, String> metadata, boolean withOptimizer) {
    writer(metadata, withOptimizer).write(file);
  }

  private SafetensorsWriter writer(Map<String, String> metadata, boolean withOptimizer) {
    SafetensorsWriter writer = Safetensors.writer();
    metadata.forEach(writer::metadata);
    if (!vocabularies.isEmpty() && !metadata.containsKey(Vocabularies.KEY)) {
      writer.metadata(Vocabularies.KEY, Vocabularies.write(vocabularies));
    }
    for (Signature.Parameter parameter : signature.parameters()) {
      writer.add(parameter.path(), parameter.shape(), parameters, parameter.offset());
    }
    if (withOptimizer) {
      float[] source = optimizerState();
      for (Signature.State part : signature.states()) {
        for (Signature.Parameter parameter : covered(part)) {
          writer.add(
              stateName(part, parameter),
              part.scalar() ? new int[0] : parameter.shape(),
              source,
              stateOffset(part, parameter));
        }
      }
    }
    return writer;
  }

  private List<Signature.Parameter> covered(Signature.State part) {
    List<Signature.Parameter> covered = new ArrayList<>();
    for (Signature.Parameter parameter : signature.parameters()) {
      if (parameter.offset() >= part.first()
          && parameter.offset() < part.first() + part.elements()) {
        covered.add(parameter);
      }
    }
    return part.scalar() ? covered.subList(0, 1) : covered;
  }

  private static String stateName(Signature.State part, Signature.Parameter parameter) {
    return STATE + part.name() + "." + parameter.path();
  }

  private static int stateOffset(Signature.State part, Signature.Parameter parameter) {
    return part.scalar() ? part.offset() : part.offset() + parameter.offset() - part.first();
  }

  private static void requireShape(Safetensors tensors, String name, int[] shape) {
    if (!tensors.has(name)) {
      throw new TensorFileException(
          tensors.file(),
          name,
          "shape " + Arrays.toString(shape),
          "no tensor of this name",
          "the file was written by another model, or without the optimizer's state");
    }
    int[] found = tensors.tensor(name).shape();
    if (!Arrays.equals(found, shape)) {
      throw new TensorFileException(
          tensors.file(),
          name,
          "shape " + Arrays.toString(shape),
          "shape " + Arrays.toString(found),
          "is this a checkpoint of another model, or of other sizes?");
    }
  }
}
