package nnc.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import nnc.cli.inspect.Format;
import nnc.cli.inspect.Inspection;
import nnc.cli.inspect.JavaText;
import nnc.cli.inspect.Stage;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.inspect.Focus;
import nnc.compiler.inspect.LoopRemarks;
import nnc.compiler.model.Program;
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
      "  nnc inspect models/digits.nn --stage optimized --param dense1.W",
      "  nnc inspect models/charlm-transformer.nn --stage plan --layer block.self",
      "  nnc inspect models/digits.nn --stage graph --format dot",
      "  nnc inspect models/charlm-transformer.nn --stage cost",
      "  nnc inspect models/digits.nn --passes"
    })
final class InspectCommand implements Callable<Integer> {
  private static final class StageChoice extends Choice<Stage> {
    StageChoice() {
      super(Stage.class);
    }
  }

  private static final class FormatChoice extends Choice<Format> {
    FormatChoice() {
      super(Format.class);
    }
  }

  private static final class FileChoice extends Choice<JavaText.File> {
    FileChoice() {
      super(JavaText.File.class);
    }
  }

  /** Of the machine of docs/performance.md: a core makes about 115 GFLOP/s, and copies about 8 GB/s. */
  private static final String BALANCE = "14";

  @Mixin private ModelFile model = new ModelFile();

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Spec private CommandSpec spec;

  @Option(
      names = "--stage",
      converter = StageChoice.class,
      paramLabel = "STAGE",
      description = {
        "ast: the syntax; graph: what is computed; gradient: with the gradients; optimized: after all passes, and the optimizer's equations;",
        "plan: the kernels; memory: where values lie, and when most is needed; cost: operations and bytes; java: the generated code."
      })
  private @Nullable Stage stage;

  @Option(
      names = "--only",
      converter = FileChoice.class,
      paramLabel = "FILE",
      description =
          "Of the Java, one file: forward, gradient or update, which are printed if none is named; model, what users call; memory, where values lie; signature, what is in the model.")
  private JavaText.@Nullable File only;

  @Option(
      names = "--full",
      description =
          "The Java as it is compiled: every file, what holds kernels and loops together, and the loops over vectors, which say the same as those over numbers.")
  private boolean full;

  @Option(
      names = "--layer",
      paramLabel = "PATH",
      description =
          "Only what is computed inside of this layer, and its gradient: dense1, block.self.")
  private @Nullable String layer;

  @Option(
      names = "--param",
      paramLabel = "PATH",
      description =
          "Only the way from the loss to the gradient of this parameter, dense1.W; in the graph, from it to the loss.")
  private @Nullable String parameter;

  @Option(
      names = "--format",
      converter = FormatChoice.class,
      paramLabel = "FORMAT",
      description =
          "text; json, of all stages but ast and java; or dot, of graph, gradient, optimized and plan, for Graphviz. text without it.")
  private Format format = Format.TEXT;

  @Option(
      names = "--balance",
      paramLabel = "N",
      defaultValue = BALANCE,
      description =
          "Of --stage cost: how many operations the machine makes in the time that a byte takes; ${DEFAULT-VALUE} without it.")
  private double balance;

  @Option(
      names = "--passes",
      description =
          "Prints how often each optimization was made, the law that it keeps (off where it is left out by --without), and what was not merged or fused, and why.")
  private boolean passes;

  @Override
  public Integer call() {
    checkOptions();
    PrintWriter out = spec.commandLine().getOut();
    @Nullable Stage wanted = stage;
    Program program = model.program();
    if (wanted == Stage.AST) {
      out.print(AstPrinter.print(program.main()));
    }
    if (wanted != null && wanted != Stage.AST || passes) {
      Compilation compilation = Compiler.compile(program, options());
      if (wanted != null && wanted != Stage.AST) {
        out.print(
            print(new Inspection(program, compilation, options(), focus(compilation)), wanted));
      }
      if (passes) {
        passes(compilation, out);
      }
    }
    return ExitCode.DONE;
  }

  private String print(Inspection inspection, Stage wanted) {
    return switch (format) {
      case TEXT -> inspection.text(wanted, new JavaText(Optional.ofNullable(only), full), balance);
      case JSON -> inspection.json(wanted, balance) + "\n";
      case DOT -> inspection.dot(wanted);
    };
  }

  private void checkOptions() {
    require(
        stage != null || passes,
        "say what to print: --stage ast, graph, gradient, optimized, plan, memory, cost or java; or --passes");
    require(only == null || stage == Stage.JAVA, "--only chooses a file of the Java: --stage java");
    require(!full || stage == Stage.JAVA, "--full prints all of the Java: --stage java");
    require(
        stage == Stage.COST || !spec.commandLine().getParseResult().hasMatchedOption("--balance"),
        "--balance is that of the costs: --stage cost");
    require(layer == null || parameter == null, "--layer and --param each choose a part: give one");
    require(
        layer == null && parameter == null || stage != null && stage != Stage.AST,
        "--layer and --param choose a part of what a stage after ast prints: --stage graph");
    require(
        format == Format.TEXT || stage != null && !passes,
        "--format is that of a stage: --stage graph");
    require(
        format != Format.JSON || stage != null && stage.hasJson(),
        "there is JSON of the stages graph, gradient, optimized, plan, memory and cost");
    require(
        format != Format.DOT || stage != null && stage.hasDot(),
        "there is dot of the stages graph, gradient, optimized and plan");
    require(balance > 0, "--balance is more than 0");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private Compiler.Options options() {
    return Compiler.Options.DEFAULT.with(model.settings()).with(switchedOff.optimizations());
  }

  private Focus focus(Compilation compilation) {
    return layer != null
        ? Focus.layer(layer, compilation.model(), compilation.gradient())
        : parameter != null ? Focus.parameter(parameter, compilation.model()) : new Focus.Whole();
  }

  private static void passes(Compilation compilation, PrintWriter out) {
    Compiler.optimizations()
        .forEach((name, law) -> {
          Integer count = compilation.counts().get(name);
          out.println(
              String.format(
                  Locale.ROOT, "%-20s %6s   %s", name, count == null ? "off" : count, law));
        });
    List<String> remarks =
        new ArrayList<>(LoopRemarks.of(compilation.optimized(), compilation.counts().keySet()));
    remarks.addAll(compilation.plan().report());
    if (!remarks.isEmpty()) {
      out.println();
      out.println("not done, and why");
      remarks.forEach(remark -> out.println("  " + remark));
    }
  }
}
