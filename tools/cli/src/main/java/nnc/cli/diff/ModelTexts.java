package nnc.cli.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nnc.compiler.model.TypedModel;
import nnc.compiler.syntax.Ast;
import nnc.compiler.syntax.AstPrinter;

/** What a model says beside its equations: its dims and what goes in and out, and how it is trained and generates. */
final class ModelTexts {
  private ModelTexts() {}

  static List<String> of(Side side) {
    TypedModel model = side.model();
    List<String> lines = new ArrayList<>();
    model.batch().ifPresent(dim -> lines.add("dim " + dim.name() + " = " + dim.maximum()));
    model
        .dims()
        .forEach((dim, size) ->
            lines.add("dim " + dim + (model.bounded().containsKey(dim) ? " <= " : " = ") + size));
    model.inputs().forEach(input -> lines.add("input " + input.name() + ": " + input.type()));
    model
        .inference()
        .outputs()
        .forEach((name, node) -> lines.add("output " + name + ": " + node.type()));
    model.training().loss().ifPresent(_ -> lines.add("loss"));
    model.training().metrics().keySet().forEach(name -> lines.add("metric " + name));
    blocks(side).forEach(lines::add);
    return lines;
  }

  /** The train and generate blocks of the model, without the comments over them. */
  private static Stream<String> blocks(Side side) {
    return Stream.concat(Stream.of(side.program().main()), side.program().imported().stream())
        .flatMap(file ->
            file.declarations().stream()
                .filter(block -> block.name().text().equals(side.model().name()))
                .filter(block ->
                    block instanceof Ast.TrainDeclaration
                        || block instanceof Ast.GenerateDeclaration)
                .map(block -> new Ast.File(file.source(), List.of(), List.of(block))))
        .flatMap(block -> AstPrinter.print(block).lines())
        .filter(line -> !line.startsWith("///"))
        .map(line -> line.replaceFirst("^(train|generate) " + side.model().name(), "$1"));
  }
}
