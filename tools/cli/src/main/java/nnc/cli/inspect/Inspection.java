package nnc.cli.inspect;

import java.util.Locale;
import java.util.function.Predicate;
import nnc.cli.output.Json;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.inspect.CostPrinter;
import nnc.compiler.inspect.Costs;
import nnc.compiler.inspect.Dot;
import nnc.compiler.inspect.Focus;
import nnc.compiler.inspect.MemoryPrinter;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.ir.Node;
import nnc.compiler.model.Program;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;
import nnc.compiler.plan.PlanPrinter;
import nnc.compiler.syntax.AstPrinter;

/** A compilation, and the part of it that is looked at: its stages in each format. */
public final class Inspection {
  private final Program program;
  private final Compilation compilation;
  private final Compiler.Options options;
  private final Focus focus;
  private final boolean whole;

  /** @param options those that the program was compiled with */
  public Inspection(
      Program program, Compilation compilation, Compiler.Options options, Focus focus) {
    this.program = program;
    this.compilation = compilation;
    this.options = options;
    this.focus = focus;
    this.whole = focus instanceof Focus.Whole;
  }

  /**
   * A stage for people.
   *
   * @param java which of the Java
   * @param balance of costs: how many operations a machine makes in the time that it takes to move a byte
   */
  public String text(Stage wanted, JavaText java, double balance) {
    Plan plan = compilation.plan();
    return switch (wanted) {
      case AST -> AstPrinter.print(program.main());
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
      case COST -> CostPrinter.print(costs(), balance);
      case JAVA -> whole ? java.files(compilation.java()) : java.methods(compilation, kernels());
    };
  }

  /** A stage for programs, one that has JSON. */
  public String json(Stage wanted, double balance) {
    return Json.object(json -> {
      json.writeStringProperty("stage", wanted.name().toLowerCase(Locale.ROOT));
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
        case COST -> CostJson.write(json, costs(), balance);
        case AST, JAVA -> throw new IllegalStateException("no JSON of " + wanted);
      }
    });
  }

  /** A stage for Graphviz, one that has such a picture. */
  public String dot(Stage wanted) {
    String name = compilation.model().name();
    return wanted == Stage.PLAN
        ? Dot.plan(name, compilation.plan(), kernels())
        : Dot.graph(name, graph(wanted), nodes(wanted));
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

  private Costs costs() {
    return ModelCosts.of(compilation, program, options).of(focus, kernels());
  }

  private boolean hasUpdate() {
    return whole && !compilation.update().roots().isEmpty();
  }
}
