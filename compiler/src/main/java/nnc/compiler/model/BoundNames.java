package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import nnc.compiler.syntax.Ast;

/** The names that a statement binds in the scope it stands in. */
final class BoundNames {
  private BoundNames() {}

  /** Where a statement fails, what it would have bound is broken: whoever reads it is not told that it is unknown. */
  static void breakThose(Ast.Statement statement, Scope scope) {
    boolean again =
        statement instanceof Ast.AssignStatement || statement instanceof Ast.OutputStatement;
    for (Ast.Name name : of(statement)) {
      if (again || scope.own(name.text()).isEmpty() && scope.ownDim(name.text()).isEmpty()) {
        scope.bind(name.text(), new Value.Broken());
      }
    }
  }

  static List<Ast.Name> of(Ast.Statement statement) {
    return switch (statement) {
      case Ast.DimStatement dim -> List.of(dim.name());
      case Ast.InputStatement input -> input.names();
      case Ast.OutputStatement output -> List.of(output.name());
      case Ast.MetricStatement metric -> List.of(metric.name());
      case Ast.ParamStatement param -> param.names();
      case Ast.BufferStatement buffer -> buffer.names();
      case Ast.StateStatement state -> state.names();
      case Ast.StartStatement start -> start.names();
      case Ast.AssignStatement assign -> assign.targets().stream().map(Ast.Target::name).toList();
      case Ast.RecurStatement recur -> sequences(recur);
      case Ast.RepeatStatement ignored -> List.of(); // what it carries is bound outside of it
      case Ast.UpdateStatement ignored -> List.of();
      case Ast.TruncateStatement ignored -> List.of();
      case Ast.ValueStatement ignored -> List.of();
    };
  }

  /** What the equations over time define, and the states that were to be defined. */
  private static List<Ast.Name> sequences(Ast.RecurStatement recur) {
    List<Ast.Name> names = new ArrayList<>();
    for (Ast.Statement each : recur.body()) {
      if (each instanceof Ast.StartStatement start) {
        names.addAll(start.names());
      } else if (each instanceof Ast.AssignStatement assign) {
        assign.targets().stream()
            .filter(target -> target.index().isPresent())
            .forEach(target -> names.add(target.name()));
      }
    }
    return names;
  }
}
