package nnc.cli;

import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.emit.Formulas;
import nnc.compiler.emit.JavaSource;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.plan.MemoryPrinter;
import nnc.compiler.plan.PlanPrinter;
import nnc.compiler.syntax.AstPrinter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nnc inspect}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Prints what a stage of the compiler makes of a model.",
    footer = {
      "",
      "Examples:",
      "  nnc inspect models/digits.nn --stage gradient",
      "  nnc inspect models/digits.nn --stage java --only gradient",
      "  nnc inspect models/digits.nn --passes"
    })
final class InspectCommand implements Callable<Integer> {
  /** What can be printed, in the order of the pipeline. */
  enum Stage {
    AST,
    GRAPH,
    GRADIENT,
    OPTIMIZED,
    PLAN,
    MEMORY,
    JAVA
  }

  /** The files of generated code. */
  enum File {
    MODEL,
    SIGNATURE,
    MEMORY,
    FORWARD,
    GRADIENT,
    UPDATE
  }

  private static final class StageChoice extends Choice<Stage> {
    StageChoice() {
      super(Stage.class);
    }
  }

  private static final class FileChoice extends Choice<File> {
    FileChoice() {
      super(File.class);
    }
  }

  private static final Set<File> EQUATIONS = EnumSet.of(File.FORWARD, File.GRADIENT, File.UPDATE);

  @Mixin private ModelFile model = new ModelFile();

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Spec private CommandSpec spec;

  @Option(
      names = "--stage",
      converter = StageChoice.class,
      paramLabel = "STAGE",
      description = {
        "ast: the syntax; graph: what is computed; gradient: with the gradients; optimized: after all passes, and the optimizer's equations;",
        "plan: the kernels; memory: where values lie; java: the generated code."
      })
  private @Nullable Stage stage;

  @Option(
      names = "--only",
      converter = FileChoice.class,
      paramLabel = "FILE",
      description =
          "Of the Java, one file: forward, gradient or update, which are printed if none is named; model, what users call; memory, where values lie; signature, what is in the model.")
  private @Nullable File only;

  @Option(
      names = "--full",
      description =
          "The Java as it is compiled: every file, what holds kernels and loops together, and the loops over vectors, which say the same as those over numbers.")
  private boolean full;

  @Option(
      names = "--passes",
      description =
          "Prints how often each optimization was made, and the law that it keeps; off where it is left out by --without.")
  private boolean passes;

  @Override
  public Integer call() {
    if (stage == null && !passes) {
      throw new ParameterException(
          spec.commandLine(),
          "say what to print: --stage ast, graph, gradient, optimized, plan, memory or java; or --passes");
    }
    if (only != null && stage != Stage.JAVA) {
      throw new ParameterException(
          spec.commandLine(), "--only chooses a file of the Java: --stage java");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (stage == Stage.AST) {
      out.print(AstPrinter.print(model.program().main()));
    }
    if (stage != null && stage != Stage.AST || passes) {
      Compilation compilation =
          model.compile(
              Compiler.Options.DEFAULT.with(model.settings()).with(switchedOff.optimizations()));
      if (stage != null) {
        out.print(text(compilation, stage));
      }
      if (passes) {
        passes(compilation.counts(), out);
      }
    }
    return ExitCode.DONE;
  }

  private String text(Compilation compilation, Stage wanted) {
    return switch (wanted) {
      case AST -> "";
      case GRAPH -> GraphPrinter.print(compilation.graph());
      case GRADIENT -> GraphPrinter.print(compilation.gradient());
      case OPTIMIZED ->
          GraphPrinter.print(compilation.optimized())
              + (compilation.update().roots().isEmpty()
                  ? ""
                  : "\nupdate\n" + GraphPrinter.print(compilation.update()));
      case PLAN -> PlanPrinter.print(compilation.plan(), Formulas::of);
      case MEMORY -> MemoryPrinter.print(compilation.plan());
      case JAVA -> java(compilation.java());
    };
  }

  private String java(List<JavaSource> sources) {
    String main = sources.getFirst().name();
    StringBuilder text = new StringBuilder();
    for (JavaSource source : sources) {
      String part =
          source.name().equals(main)
              ? File.MODEL.name()
              : source.name().substring(main.length()).toUpperCase(Locale.ROOT);
      boolean equations = EQUATIONS.stream().anyMatch(file -> file.name().equals(part));
      if (only != null ? only.name().equals(part) : full || equations) {
        text.append(text.isEmpty() ? "" : "\n")
            .append("// ")
            .append(source.path())
            .append('\n')
            .append(full ? source.text() : source.reading());
      }
    }
    return text.toString();
  }

  private static void passes(Map<String, Integer> counts, PrintWriter out) {
    Compiler.optimizations()
        .forEach((name, law) -> {
          Integer count = counts.get(name);
          out.println(
              String.format(
                  Locale.ROOT, "%-20s %6s   %s", name, count == null ? "off" : count, law));
        });
  }
}
