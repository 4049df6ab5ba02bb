package nnc.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import nnc.cli.inspect.GraphJson;
import nnc.cli.inspect.PlanJson;
import nnc.cli.output.Json;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.emit.Emitter;
import nnc.compiler.emit.JavaSource;
import nnc.compiler.inspect.CostPrinter;
import nnc.compiler.inspect.Costs;
import nnc.compiler.inspect.Dot;
import nnc.compiler.inspect.Focus;
import nnc.compiler.inspect.LoopRemarks;
import nnc.compiler.inspect.MemoryPrinter;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.ir.Node;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;
import nnc.compiler.plan.PlanPrinter;
import nnc.compiler.source.CompileException;
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
  /** What can be printed, in the order of the pipeline. */
  enum Stage {
    AST,
    GRAPH,
    GRADIENT,
    OPTIMIZED,
    PLAN,
    MEMORY,
    COST,
    JAVA
  }

  /** For whom it is printed: people, programs, Graphviz. */
  enum Format {
    TEXT,
    JSON,
    DOT
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

  private static final class FormatChoice extends Choice<Format> {
    FormatChoice() {
      super(Format.class);
    }
  }

  private static final class FileChoice extends Choice<File> {
    FileChoice() {
      super(File.class);
    }
  }

  /** Of the machine of docs/performance.md: a core makes about 115 GFLOP/s, and copies about 8 GB/s. */
  private static final String BALANCE = "14";

  private static final Set<Stage> AS_JSON =
      EnumSet.of(Stage.GRAPH, Stage.GRADIENT, Stage.OPTIMIZED, Stage.PLAN, Stage.MEMORY);
  private static final Set<Stage> AS_DOT =
      EnumSet.of(Stage.GRAPH, Stage.GRADIENT, Stage.OPTIMIZED, Stage.PLAN);

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
        "plan: the kernels; memory: where values lie, and when most is needed; cost: operations and bytes; java: the generated code."
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
          "text; json, of graph, gradient, optimized, plan and memory; or dot, of all of these but memory, for Graphviz. text without it.")
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
    if (wanted == Stage.AST) {
      out.print(AstPrinter.print(model.program().main()));
    }
    if (wanted != null && wanted != Stage.AST || passes) {
      Compilation compilation = model.compile(options(Map.of()));
      if (wanted != null && wanted != Stage.AST) {
        out.print(new Inspection(compilation, focus(compilation)).print(wanted));
      }
      if (passes) {
        passes(compilation, out);
      }
    }
    return ExitCode.DONE;
  }

  private void checkOptions() {
    require(
        stage != null || passes,
        "say what to print: --stage ast, graph, gradient, optimized, plan, memory, cost or java; or --passes");
    require(only == null || stage == Stage.JAVA, "--only chooses a file of the Java: --stage java");
    require(layer == null || parameter == null, "--layer and --param each choose a part: give one");
    require(
        layer == null && parameter == null || stage != null && stage != Stage.AST,
        "--layer and --param choose a part of what a stage after ast prints: --stage graph");
    require(
        format == Format.TEXT || stage != null && !passes,
        "--format is that of a stage: --stage graph");
    require(
        format != Format.JSON || stage != null && AS_JSON.contains(stage),
        "there is JSON of the stages graph, gradient, optimized, plan and memory");
    require(
        format != Format.DOT || stage != null && AS_DOT.contains(stage),
        "there is dot of the stages graph, gradient, optimized and plan");
    require(balance > 0, "--balance is more than 0");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private Compiler.Options options(Map<String, Integer> more) {
    Map<String, Integer> settings = new LinkedHashMap<>(model.settings());
    settings.putAll(more);
    return Compiler.Options.DEFAULT.with(settings).with(switchedOff.optimizations());
  }

  /** The plan with other sizes of dims, if the model allows them. */
  private Optional<Plan> planned(Map<String, Integer> sizes) {
    try {
      return Optional.of(model.compile(options(sizes)).plan());
    } catch (CompileException notWithThese) {
      return Optional.empty();
    }
  }

  private Focus focus(Compilation compilation) {
    return layer != null
        ? Focus.layer(layer, compilation.model(), compilation.gradient())
        : parameter != null ? Focus.parameter(parameter, compilation.model()) : new Focus.Whole();
  }

  /** A compilation, and the part of it that is looked at. */
  private final class Inspection {
    private final Compilation compilation;
    private final Focus focus;
    private final boolean whole;

    Inspection(Compilation compilation, Focus focus) {
      this.compilation = compilation;
      this.focus = focus;
      this.whole = focus instanceof Focus.Whole;
    }

    String print(Stage wanted) {
      return switch (format) {
        case TEXT -> text(wanted);
        case JSON -> json(wanted) + "\n";
        case DOT -> dot(wanted);
      };
    }

    private Graph graph(Stage wanted) {
      return switch (wanted) {
        case GRAPH -> compilation.graph();
        case GRADIENT -> compilation.gradient();
        case AST, OPTIMIZED, PLAN, MEMORY, COST, JAVA -> compilation.optimized();
      };
    }

    private Predicate<Node> nodes(Stage wanted) {
      return whole ? _ -> true : focus.nodes(graph(wanted))::contains;
    }

    private Predicate<Kernel> kernels() {
      return whole ? _ -> true : Focus.kernels(focus.nodes(compilation.optimized()));
    }

    private String text(Stage wanted) {
      Plan plan = compilation.plan();
      return switch (wanted) {
        case AST -> "";
        case GRAPH, GRADIENT -> GraphPrinter.print(graph(wanted), nodes(wanted));
        case OPTIMIZED ->
            GraphPrinter.print(graph(wanted), nodes(wanted))
                + (hasUpdate() ? "\nupdate\n" + GraphPrinter.print(compilation.update()) : "");
        case PLAN ->
            whole
                ? PlanPrinter.print(plan, compilation.formulas()::of)
                : PlanPrinter.print(plan, compilation.formulas()::of, kernels());
        case MEMORY ->
            whole
                ? MemoryPrinter.print(plan, compilation.model())
                : MemoryPrinter.print(plan, compilation.model(), kernels());
        case COST ->
            CostPrinter.print(
                Costs.of(plan, compilation.model(), InspectCommand.this::planned).of(kernels()),
                balance);
        case JAVA -> whole ? java(compilation.java()) : methods();
      };
    }

    private boolean hasUpdate() {
      return whole && !compilation.update().roots().isEmpty();
    }

    private String methods() {
      @Nullable File chosen = only;
      StringBuilder text = new StringBuilder();
      Emitter.reading(
              compilation.model(),
              compilation.plan(),
              compilation.formulas(),
              compilation.packageName(),
              kernels())
          .forEach((name, reading) -> {
            if (chosen == null || name.toUpperCase(Locale.ROOT).endsWith(chosen.name())) {
              text.append(text.isEmpty() ? "" : "\n")
                  .append("// of ")
                  .append(name)
                  .append('\n')
                  .append(reading);
            }
          });
      return text.toString();
    }

    private String json(Stage wanted) {
      return Json.object(json -> {
        json.writeStringProperty("stage", Choice.typed(wanted));
        json.writeStringProperty("model", compilation.model().name());
        switch (wanted) {
          case GRAPH, GRADIENT, OPTIMIZED -> {
            GraphJson.write(json, graph(wanted), nodes(wanted));
            if (wanted == Stage.OPTIMIZED && hasUpdate()) {
              json.writeName("update");
              json.writeStartObject();
              GraphJson.write(json, compilation.update(), _ -> true);
              json.writeEndObject();
            }
          }
          case PLAN ->
              PlanJson.plan(
                  json,
                  compilation.plan(),
                  compilation.model(),
                  kernels(),
                  compilation.formulas()::of);
          case MEMORY -> PlanJson.memory(json, compilation.plan(), compilation.model(), kernels());
          case AST, COST, JAVA -> throw new IllegalStateException("no JSON of " + wanted);
        }
      });
    }

    private String dot(Stage wanted) {
      String name = compilation.model().name();
      return wanted == Stage.PLAN
          ? Dot.plan(name, compilation.plan(), kernels())
          : Dot.graph(name, graph(wanted), nodes(wanted));
    }
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
