package nnc.cli.vectors;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nnc.cli.train.Checkpoint;
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
 * @param rows how many it has; those behind the vocabulary's stand for nothing
 * @param field the field of the data whose vocabulary it is
 */
public record VectorTable(String path, int rows, int width, String field, Vocabulary vocabulary) {
  private static final String OPTIMIZER = "optimizer.";

  /**
   * The table that is meant: the only one that has a row for each id of a vocabulary.
   *
   * @param path which one, if several have; may then have more rows than the vocabulary
   * @param field whose vocabulary, if several fit
   * @throws CompileException if there is none, or if there are several
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
    List<Safetensors.Tensor> tensors = tensors(checkpoint.tensors());
    path.ifPresent(name ->
        requireOneOf(
            name,
            tensors.stream().map(Safetensors.Tensor::name).toList(),
            "'" + model + "' has no table "));
    List<VectorTable> fitting = new ArrayList<>();
    List<VectorTable> roomy = new ArrayList<>();
    for (Safetensors.Tensor tensor : tensors) {
      vocabularies.forEach((name, vocabulary) -> {
        if (path.orElse(tensor.name()).equals(tensor.name()) && field.orElse(name).equals(name)) {
          int rows = tensor.shape()[0];
          VectorTable table =
              new VectorTable(tensor.name(), rows, tensor.shape()[1], name, vocabulary);
          if (rows == vocabulary.size()) {
            fitting.add(table);
          } else if (rows > vocabulary.size() && path.isPresent()) {
            roomy.add(table);
          }
        }
      });
    }
    List<VectorTable> found = fitting.isEmpty() ? roomy : fitting;
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw found.isEmpty() ? none(tensors, vocabularies, path) : several(found);
  }

  private static List<Safetensors.Tensor> tensors(Safetensors file) {
    return file.names().stream()
        .filter(name -> !name.startsWith(OPTIMIZER))
        .map(file::tensor)
        .filter(tensor -> tensor.shape().length == 2)
        .toList();
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
      List<Safetensors.Tensor> tensors,
      Map<String, Vocabulary> vocabularies,
      Optional<String> path) {
    String sizes =
        vocabularies.entrySet().stream()
            .map(each -> each.getValue().size() + " ids of '" + each.getKey() + "'")
            .collect(Collectors.joining(", "));
    String tables =
        tensors.stream()
            .map(each -> "'%s' [%d, %d]".formatted(each.name(), each.shape()[0], each.shape()[1]))
            .collect(Collectors.joining(", "));
    return wrong(
        path.map(each -> Quoted.text(each) + " does not have").orElse("no table has")
            + " a row for each of the "
            + sizes,
        "name one that has as many or more by --table, of " + tables);
  }

  private static CompileException several(List<VectorTable> found) {
    boolean oneTable = found.stream().map(VectorTable::path).distinct().count() == 1;
    return wrong(
        "several tables have a row for each word: "
            + found.stream()
                .map(each -> "'%s' (words of '%s')".formatted(each.path, each.field))
                .collect(Collectors.joining(", ")),
        oneTable
            ? "name the field whose words are meant by --field"
            : "name the table that is meant by --table");
  }

  private static CompileException wrong(String problem, String help) {
    return new CompileException(Diagnostic.of("table", problem).help(help));
  }
}
