package nnc.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import nnc.cli.gradcheck.GradientCheck;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nnc gradcheck}. */
@Command(
    name = "gradcheck",
    mixinStandardHelpOptions = true,
    description = {
      "Compares three ways to the gradient of each parameter, on random inputs, with dropout off and gradients through time not"
          + " truncated: generated code in single precision, the interpreter in double precision, and differences of the"
          + " interpreter's loss.",
      "",
      "Errors are relative to the element, or to a hundredth of the parameter's largest element, where that is more. The exit code"
          + " is 1 if one is above "
          + GradientCheck.TOLERANCE
          + "."
    },
    footer = {
      "",
      "Examples:",
      "  nnc gradcheck models/digits.nn",
      "  nnc gradcheck models/digits.nn --rows 2 --seed 7"
    })
final class GradcheckCommand implements Callable<Integer> {
  private static final int ROWS = 4;

  @Mixin private ModelFile model = new ModelFile();

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "What inputs and parameters are drawn from. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description =
          "Rows of the random batch. Default: " + ROWS + ", or the batch if that is smaller.")
  private @Nullable Integer rows;

  @Override
  public Integer call() {
    Compilation compilation =
        Compiler.compile(
            model.program(), Compiler.Options.DEFAULT.with(model.settings()).withoutTrainEffects());
    int most = compilation.model().batch().map(dim -> dim.maximum()).orElse(1);
    if (rows != null && (rows < 1 || rows > most)) {
      throw new ParameterException(
          spec.commandLine(), "--rows is 1 to " + most + ", the batch of the model");
    }
    List<GradientCheck.Finding> findings =
        GradientCheck.of(compilation, rows != null ? rows : Math.min(ROWS, most), seed);
    PrintWriter out = spec.commandLine().getOut();
    int width =
        Math.max(
            "parameter".length(),
            findings.stream().mapToInt(finding -> finding.path().length()).max().orElse(0));
    String layout = "%-" + width + "s  %10s  %8s  %24s  %24s  %s";
    out.println(
        String.format(
                Locale.ROOT,
                layout,
                "parameter",
                "elements",
                "sampled",
                "generated / interpreted",
                "interpreted / difference",
                "")
            .stripTrailing());
    for (GradientCheck.Finding finding : findings) {
      out.println(
          String.format(
              Locale.ROOT,
              layout,
              finding.path(),
              String.format(Locale.ROOT, "%,d", finding.elements()),
              finding.sampled(),
              error(finding.generated()),
              error(finding.differences()),
              finding.agrees() ? "ok" : "WRONG"));
    }
    long wrong = findings.stream().filter(finding -> !finding.agrees()).count();
    out.println(
        wrong == 0
            ? "the gradients agree"
            : wrong + " of " + findings.size() + " gradients disagree");
    return wrong == 0 ? ExitCode.DONE : ExitCode.WRONG_INPUT;
  }

  private static String error(double value) {
    return String.format(Locale.ROOT, "%.1e", value);
  }
}
