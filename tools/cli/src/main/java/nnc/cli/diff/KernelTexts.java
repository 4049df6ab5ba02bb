package nnc.cli.diff;

import java.util.ArrayList;
import java.util.List;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.PlanPrinter;

/** The kernels of the gradient as text: of each its name, how large it is, and its formulas. Nothing that depends on its number. */
final class KernelTexts {
  private final List<String> lines = new ArrayList<>();

  private KernelTexts() {}

  private static List<String> gradient(Side side) {
    KernelTexts texts = new KernelTexts();
    side.compilation().plan().kernels().stream()
        .filter(kernel -> kernel.head().part() == Kernel.Part.GRADIENT)
        .filter(side.kernels())
        .forEach(kernel -> texts.add(kernel, "", side));
    return List.copyOf(texts.lines);
  }

  /**
   * In what two models' kernels differ. Values without a name are called by a number, which says nothing of them:
   * {@code concat27} may be {@code concat33}.
   *
   * @return lines in the unified form of diff
   */
  static List<String> difference(Side a, Side b, Renaming renaming) {
    return TextDifference.of(
        gradient(a).stream().map(renaming::text).toList(),
        gradient(b),
        new UnnamedValues(a)::withoutNumbers,
        new UnnamedValues(b)::withoutNumbers);
  }

  private void add(Kernel kernel, String indent, Side side) {
    lines.add(indent + kernel.head().name());
    lines.add(indent + "    " + PlanPrinter.form(kernel));
    side.compilation()
        .formulas()
        .of(kernel)
        .forEach(formula -> lines.add(indent + "    " + formula));
    kernel.inner().stream()
        .filter(side.kernels())
        .forEach(inner -> add(inner, indent + "    ", side));
  }
}
