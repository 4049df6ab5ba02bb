package nnc.compiler.explain;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Graph;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;

/**
 * What each kernel of a plan computes. Of a value that the derivation has a line for it is that line, and before it the lines of
 * what no kernel keeps; of any other value its formula, in the same notation and with the same names.
 */
public final class KernelFormulas {
  private final PartFormulas model;
  private final PartFormulas update;

  private KernelFormulas(PartFormulas model, PartFormulas update) {
    this.model = model;
    this.update = update;
  }

  /**
   * @param graph that was planned
   * @param derivation of the gradient, if the model has a loss
   */
  public static KernelFormulas of(Plan plan, Graph graph, Optional<Derivation> derivation) {
    return new KernelFormulas(
        new PartFormulas(
            kernels(plan, false),
            derivation.map(Derivation::lines).orElseGet(DerivedLines::new),
            derivation.isPresent() ? Derivation.derived(graph) : Set.of(),
            Notation.TEXT),
        new PartFormulas(kernels(plan, true), new DerivedLines(), Set.of(), Notation.DECIMALS));
  }

  private static List<Kernel> kernels(Plan plan, boolean update) {
    return plan.kernels().stream()
        .flatMap(kernel -> kernel.all().stream())
        .filter(kernel -> isUpdate(kernel) == update)
        .toList();
  }

  private static boolean isUpdate(Kernel kernel) {
    return kernel.head().part() == Kernel.Part.UPDATE;
  }

  /** What a kernel computes, line by line. */
  public List<String> of(Kernel kernel) {
    return (isUpdate(kernel) ? update : model).of(kernel);
  }

  /** A formula below its equals sign, if it is too long for a line. */
  public static List<String> broken(String formula, int width) {
    int equals = formula.indexOf(" = ");
    String left = equals < 0 ? "" : formula.substring(0, equals + " = ".length());
    return Breaks.lines(left, formula.substring(left.length()), width);
  }
}
