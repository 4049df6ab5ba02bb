package nnc.cli.gradflow;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import nnc.compiler.model.Program;
import nnc.compiler.syntax.Ast;

/** The names that a model's own text gives to values. */
final class NamedValues {
  private NamedValues() {}

  static Set<String> of(Program program, String model) {
    Set<String> names = new HashSet<>();
    program.main().declarations().stream()
        .filter(Ast.ModelDeclaration.class::isInstance)
        .map(Ast.ModelDeclaration.class::cast)
        .filter(declaration -> declaration.name().text().equals(model))
        .forEach(declaration -> add(declaration.body(), names));
    return names;
  }

  private static void add(List<Ast.Statement> body, Set<String> names) {
    for (Ast.Statement statement : body) {
      switch (statement) {
        case Ast.AssignStatement assign ->
            assign.targets().forEach(target -> names.add(target.name().text()));
        case Ast.OutputStatement output -> names.add(output.name().text());
        case Ast.RepeatStatement repeat -> add(repeat.body(), names);
        case Ast.RecurStatement recur -> add(recur.body(), names);
        default -> {}
      }
    }
    names.remove("loss");
  }
}
