package nnc.cli.inspect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.inspect.Costs;
import nnc.compiler.model.Program;
import nnc.compiler.plan.Plan;
import nnc.compiler.source.CompileException;

/** The costs of a compiled model as formulas in its dims, for which it is planned once more for each of them. */
public final class ModelCosts {
  private ModelCosts() {}

  /** @param options those that it was compiled with */
  public static Costs of(Compilation compilation, Program program, Compiler.Options options) {
    return Costs.of(
        compilation.plan(), compilation.model(), sizes -> planned(program, options, sizes));
  }

  /** The plan with other sizes of dims, if the model allows them. */
  private static Optional<Plan> planned(
      Program program, Compiler.Options options, Map<String, Integer> sizes) {
    Map<String, Integer> settings = new LinkedHashMap<>(options.settings());
    settings.putAll(sizes);
    try {
      return Optional.of(Compiler.plan(program, options.with(settings)));
    } catch (CompileException notWithThese) {
      return Optional.empty();
    }
  }
}
