package nnc.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.model.Program;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.syntax.Ast;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nnc check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Checks syntax, names, shapes and types; tells all errors at once.",
    footer = {
      "",
      "Examples:",
      "  nnc check models/digits.nn",
      "  nnc check models/digits.nn --set B=1"
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin private ModelFile model = new ModelFile();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Program program = model.program();
    List<Diagnostic> wrong = new ArrayList<>();
    for (Program each : models(program)) {
      try {
        Compilation compilation =
            Compiler.compile(each, Compiler.Options.DEFAULT.with(model.settings()));
        TypedModel typed = compilation.model();
        out.println(
            String.format(
                Locale.ROOT,
                "%s: model %s, %,d parameters, ok",
                model.file().getFileName(),
                typed.name(),
                typed.parameterElements()));
      } catch (CompileException e) {
        wrong.addAll(e.diagnostics());
      }
    }
    if (!wrong.isEmpty()) {
      out.flush();
      throw new CompileException(wrong.stream().distinct().toList());
    }
    return ExitCode.DONE;
  }

  /** Where a file declares several models and none was chosen, each is checked. */
  private static List<Program> models(Program program) {
    List<String> names =
        program.main().declarations().stream()
            .filter(Ast.ModelDeclaration.class::isInstance)
            .map(declaration -> declaration.name().text())
            .distinct()
            .toList();
    if (program.modelName().isPresent() || names.size() < 2) {
      return List.of(program);
    }
    return names.stream().map(name -> program.of(name)).toList();
  }
}
