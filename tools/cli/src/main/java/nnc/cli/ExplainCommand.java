package nnc.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import nnc.cli.output.WholeFiles;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.explain.Derivation;
import nnc.compiler.explain.DerivationPrinter;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Planner;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.Nearest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nnc explain}. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Derives the gradient of the loss step by step, in mathematical notation: what is computed, what each value receives from"
            + " the loss on, by which rule, and what that comes to for each parameter.",
    footer = {
      "",
      "Examples:",
      "  nnc explain models/neuron.nn",
      "  nnc explain models/digits.nn --param dense1.W",
      "  nnc explain models/digits.nn --format latex -o digits.tex"
    })
final class ExplainCommand implements Callable<Integer> {
  /** How it is written. */
  enum Format {
    TEXT,
    LATEX,
    MARKDOWN
  }

  private static final class FormatChoice extends Choice<Format> {
    FormatChoice() {
      super(Format.class);
    }
  }

  @Mixin private ModelFile model = new ModelFile();

  @Spec private CommandSpec spec;

  @Option(
      names = "--param",
      paramLabel = "PATH",
      arity = "1..*",
      description = "Only what the gradients by these parameters need: --param dense1.W dense1.b.")
  private List<String> parameters = new ArrayList<>();

  @Option(
      names = "--format",
      converter = FormatChoice.class,
      paramLabel = "FORMAT",
      description =
          "text: Unicode, for a terminal; latex: a document; markdown: formulas between $$, as GitHub shows them. Default: text.")
  private Format format = Format.TEXT;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where it is written, instead of standard output.")
  private @Nullable Path output;

  @Override
  public Integer call() {
    Compilation compilation = model.compile(Compiler.Options.DEFAULT.with(model.settings()));
    Derivation derivation = Derivation.of(compilation.gradient(), roots(compilation));
    String title = "The gradient of " + compilation.model().name();
    String text =
        switch (format) {
          case TEXT -> DerivationPrinter.text(derivation);
          case LATEX -> DerivationPrinter.latex(derivation, title);
          case MARKDOWN -> DerivationPrinter.markdown(derivation, title);
        };
    if (output == null) {
      spec.commandLine().getOut().print(text);
    } else {
      WholeFiles.write(Map.of(output, text.getBytes(StandardCharsets.UTF_8)));
    }
    return ExitCode.DONE;
  }

  /** The gradients that are asked for: all, or those of the named parameters. */
  private List<String> roots(Compilation compilation) {
    Map<String, String> known = known(compilation);
    if (parameters.isEmpty()) {
      return List.copyOf(known.values());
    }
    List<Diagnostic> unknown =
        parameters.stream()
            .filter(path -> !known.containsKey(path))
            .map(path -> unknown(path, List.copyOf(known.keySet()), compilation.model()))
            .toList();
    if (!unknown.isEmpty()) {
      throw new CompileException(unknown);
    }
    return parameters.stream().distinct().map(known::get).toList();
  }

  /** The roots of the gradients, by the names of parameters. */
  private static Map<String, String> known(Compilation compilation) {
    TypedModel typed = compilation.model();
    if (typed.training().loss().isEmpty()) {
      throw new CompileException(
          List.of(
              Diagnostic.of(
                      "loss",
                      "the model " + typed.name() + " has no loss: there is no gradient to explain")
                  .help("give it one: loss = mse(prediction, target), for instance")));
    }
    Map<String, String> known = new LinkedHashMap<>();
    compilation.gradient().roots().keySet().stream()
        .filter(root -> root.startsWith(Planner.GRADIENT))
        .forEach(
            root -> known.put(TypedModel.shown(root.substring(Planner.GRADIENT.length())), root));
    if (known.isEmpty()) {
      throw new CompileException(
          List.of(
              Diagnostic.of(
                      "gradient",
                      "no parameter of "
                          + typed.name()
                          + " is trained: there is no gradient to explain")
                  .help("let the loss depend on a parameter that is not frozen")));
    }
    return known;
  }

  private static Diagnostic unknown(String path, List<String> known, TypedModel typed) {
    boolean parameter =
        typed.parameters().stream().anyMatch(each -> TypedModel.shown(each.path()).equals(path));
    Diagnostic diagnostic =
        Diagnostic.of(
                "parameter",
                parameter
                    ? "the parameter '" + path + "' is not trained: it has no gradient"
                    : "the model " + typed.name() + " has no parameter '" + path + "'")
            .note("those with a gradient are " + String.join(", ", known));
    return Nearest.to(path, known)
        .map(near -> diagnostic.help("did you mean '" + near + "'?"))
        .orElse(diagnostic);
  }
}
