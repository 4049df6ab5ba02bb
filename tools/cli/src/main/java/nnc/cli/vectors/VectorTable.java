package nnc.cli.vectors;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.cli.train.Checkpoint;
import nnc.compiler.ir.Gather;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.Nearest;
import nnc.runtime.Quoted;
import nnc.runtime.Safetensors;
import nnc.runtime.text.Vocabulary;

/**
 * A parameter of two axes whose rows are the vectors of a vocabulary's words.
 *
 * @param path the parameter's
 * @param width how many numbers a row has; rows behind the vocabulary's stand for nothing
 * @param field the field of the data whose vocabulary it is
 */
public record VectorTable(String path, int width, String field, Vocabulary vocabulary) {
  private static final String OPTIMIZER = "optimizer.";

  /** That a model looks up rows of a parameter by an input that holds ids of a field. */
  private record Lookup(String path, String field) {}

  /**
   * The table that is meant: the first whose rows the model looks up by words.
   *
   * @param path which one instead; of one that is not looked up, rows are by the ids of the vocabulary that has as many, or
   *     fewer
   * @param field whose words, if several fields have vocabularies
   * @throws CompileException if there is none, or if words of several fields may be meant
   */
  public static VectorTable choose(
      Checkpoint checkpoint, Optional<String> path, Optional<String> field) {
    Map<String, Vocabulary> vocabularies = checkpoint.metadata().vocabularies();
    String model = checkpoint.metadata().model();
    if (vocabularies.isEmpty()) {
      throw wrong(
          "the checkpoint has no vocabulary: '" + model + "' was trained on numbers",
          "train a model on words: data text(\"file.txt\", words(4000)) { … }");
    }
    field.ifPresent(name -> requireOneOf(name, vocabularies.keySet(), "the data has no field "));
    Map<String, Safetensors.Tensor> tensors =
        checkpoint.tensors().names().stream()
            .filter(name -> !name.startsWith(OPTIMIZER))
            .map(checkpoint.tensors()::tensor)
            .filter(tensor -> tensor.shape().length == 2)
            .collect(Collectors.toMap(Safetensors.Tensor::name, tensor -> tensor));
    path.ifPresent(name -> requireOneOf(name, tensors.keySet(), "'" + model + "' has no table "));
    List<Lookup> lookups =
        lookups(checkpoint.elaborate()).stream()
            .filter(lookup -> tensors.containsKey(lookup.path()))
            .toList();
    List<Lookup> meant =
        (path.isPresent()
                ? named(path.get(), rows(tensors, path.get()), lookups, vocabularies)
                : lookups)
            .stream()
                .filter(lookup -> field.orElse(lookup.field()).equals(lookup.field()))
                .toList();
    if (meant.isEmpty()) {
      throw none(model, path, field, lookups);
    }
    List<String> fields = meant.stream().map(Lookup::field).distinct().toList();
    if (fields.size() > 1) {
      throw wrong(
          "words of several fields have vectors: " + listed(meant),
          "name the field whose words are meant by --field");
    }
    Lookup first = meant.getFirst();
    return new VectorTable(
        first.path(),
        Known.in(tensors, first.path()).shape()[1],
        first.field(),
        Known.in(vocabularies, first.field()));
  }

  private static int rows(Map<String, Safetensors.Tensor> tensors, String path) {
    return Known.in(tensors, path).shape()[0];
  }

  /** By which words the rows of a table go: those it is looked up by, else those of the largest vocabularies that fit. */
  private static List<Lookup> named(
      String path, int rows, List<Lookup> lookups, Map<String, Vocabulary> vocabularies) {
    List<Lookup> found = lookups.stream().filter(lookup -> lookup.path().equals(path)).toList();
    if (!found.isEmpty()) {
      return found;
    }
    int largest =
        vocabularies.values().stream()
            .mapToInt(Vocabulary::size)
            .filter(size -> size <= rows)
            .max()
            .orElse(0);
    return vocabularies.entrySet().stream()
        .filter(each -> each.getValue().size() == largest)
        .map(each -> new Lookup(path, each.getKey()))
        .toList();
  }

  /** In the order in which the model is computed. */
  private static List<Lookup> lookups(TypedModel model) {
    TypedModel.Values values = model.inference();
    List<Node> roots = new ArrayList<>(values.outputs().values());
    values.loss().ifPresent(roots::add);
    return Graph.needed(roots).stream()
        .filter(node ->
            node.op() instanceof Gather
                && node.input(0).op() instanceof Variable table
                && table.kind() == Variable.Kind.PARAMETER)
        .sorted(Comparator.comparingInt(Node::id))
        .flatMap(node ->
            fields(model, node.input(1))
                .map(field -> new Lookup(((Variable) node.input(0).op()).variable(), field)))
        .distinct()
        .toList();
  }

  /** The fields of the inputs that ids are computed from. */
  private static Stream<String> fields(TypedModel model, Node ids) {
    Optional<Training.Data> data = model.train().data();
    return Graph.needed(List.of(ids)).stream()
        .map(Node::op)
        .filter(Variable.class::isInstance)
        .map(Variable.class::cast)
        .filter(input -> input.kind() == Variable.Kind.INPUT)
        .flatMap(input ->
            data
                .flatMap(source ->
                    source
                        .mapping(input.variable())
                        .flatMap(source::field)
                        .or(() -> source.fields().keySet().stream().findFirst()))
                .stream())
        .distinct();
  }

  public WordVectors vectors(Safetensors tensors) {
    return new WordVectors(vocabulary, tensors.floats(path), width);
  }

  private static void requireOneOf(String name, Collection<String> known, String problem) {
    if (!known.contains(name)) {
      throw wrong(
          problem + Quoted.text(name),
          Nearest.to(name, known)
              .map(near -> "did you mean " + Quoted.text(near) + "?")
              .orElse("it has " + Quoted.list(known)));
    }
  }

  private static CompileException none(
      String model, Optional<String> path, Optional<String> field, List<Lookup> lookups) {
    String words = field.map(name -> "words of '" + name + "'").orElse("words");
    return wrong(
        path.map(name -> "the rows of '" + name + "' are not vectors of " + words)
            .orElse("'" + model + "' looks up no table by " + words),
        lookups.isEmpty()
            ? "name a table that has a row for each word by --table"
            : "it has the tables " + listed(lookups));
  }

  private static String listed(List<Lookup> lookups) {
    return lookups.stream()
        .map(each -> "'%s' (words of '%s')".formatted(each.path(), each.field()))
        .collect(Collectors.joining(", "));
  }

  private static CompileException wrong(String problem, String help) {
    return new CompileException(Diagnostic.of("table", problem).help(help));
  }
}
