package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.ir.Known;
import nnc.compiler.model.Program;
import nnc.compiler.model.TypedModel;
import nnc.compiler.syntax.Ast;

/**
 * What is known of a model before it is looked at.
 *
 * @param clips whether its train block clips gradients
 * @param matrices how parameters of two axes and more begin, by the paths of their turns
 * @param square which of them are square
 */
record Facts(boolean clips, Map<String, String> matrices, List<String> square) {

  static Facts of(Program program, TypedModel model) {
    boolean clips =
        program.main().declarations().stream()
            .filter(Ast.TrainDeclaration.class::isInstance)
            .map(Ast.TrainDeclaration.class::cast)
            .filter(block -> block.name().text().equals(model.name()))
            .filter(block ->
                block.variant().isEmpty()
                    || program.variant().equals(block.variant().map(Ast.Name::text)))
            .flatMap(block -> block.items().stream())
            .anyMatch(Ast.ClipItem.class::isInstance);
    Map<String, String> matrices = new LinkedHashMap<>();
    List<String> square = new ArrayList<>();
    for (TypedModel.Parameter parameter : model.parameters()) {
      parameter.turns().stream()
          .filter(turn -> !parameter.buffer() && turn.shape().length > 1)
          .forEach(turn -> {
            int[] shape = turn.shape();
            matrices.put(turn.path(), parameter.initialiser().text().replace("each ", ""));
            if (shape[shape.length - 1] == shape[shape.length - 2]) {
              square.add(turn.path());
            }
          });
    }
    return new Facts(clips, matrices, square);
  }

  /** Whether a matrix of these layers begins with numbers whose size does not follow from its shape. */
  boolean unscaled(List<String> layers) {
    return matrices.entrySet().stream()
        .anyMatch(matrix ->
            matrix.getValue().matches("(normal|uniform|constant|zeros|ones).*")
                && layers.stream().anyMatch(layer -> isIn(matrix.getKey(), layer)));
  }

  /** Whether a recurrence has square matrices, of which none begins orthogonal. */
  boolean unorthogonal(Flow.Through recurrence) {
    List<String> own =
        square.stream()
            .filter(path ->
                recurrence
                    .layer()
                    .map(layer -> isIn(path, layer))
                    .orElseGet(() -> !path.contains(".")))
            .toList();
    return !own.isEmpty()
        && own.stream().noneMatch(path -> Known.in(matrices, path).startsWith("orthogonal"));
  }

  private static boolean isIn(String path, String layer) {
    return path.startsWith(layer.replaceFirst(" .*", "") + ".");
  }
}
