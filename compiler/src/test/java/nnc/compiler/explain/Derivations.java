package nnc.compiler.explain;

import java.util.Map;
import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.plan.Planner;
import nnc.compiler.source.Source;

/** Derivations of small models. */
final class Derivations {
  private Derivations() {}

  /** Of the gradients by all parameters. */
  static Derivation of(Compilation compilation) {
    return Derivation.of(
        compilation.gradient(),
        compilation.gradient().roots().keySet().stream()
            .filter(root -> root.startsWith(Planner.GRADIENT))
            .toList());
  }

  static Derivation of(Source source) {
    return of(
        Compiler.compile(
            Project.of(source, Optional.empty()), Compiler.Options.DEFAULT.with(Map.of())));
  }

  static String text(String model) {
    return DerivationPrinter.text(of(new Source("model.nn", model)));
  }
}
