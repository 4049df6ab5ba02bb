package nnc.compiler;

import java.util.List;
import java.util.Map;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.emit.JavaSource;
import nnc.compiler.explain.KernelFormulas;
import nnc.compiler.ir.Graph;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Plan;
import nnc.runtime.CompiledModel;

/**
 * Every stage of a compilation, for whoever wants to look at it.
 *
 * @param graph what is computed; roots {@code output.…}, {@code loss}, {@code metric.…} and the same with {@code eval.} before
 *     them, where train-only effects are off, and the sums of the measures
 * @param gradient with the gradients, roots {@code grad.PATH}
 * @param optimized after all passes
 * @param update the optimizers' equations, after all passes
 * @param counts how often each optimization was made, of those that are not switched off
 * @param formulas what each kernel of the plan computes
 * @param trainingMeasures loss and metrics over the batches of an epoch
 * @param evaluationMeasures loss and metrics over held-out rows
 */
public record Compilation(
    TypedModel model,
    Graph graph,
    Graph gradient,
    Graph optimized,
    Graph update,
    Map<String, Integer> counts,
    Plan plan,
    KernelFormulas formulas,
    List<JavaSource> java,
    List<Measure> trainingMeasures,
    List<Measure> evaluationMeasures,
    String packageName) {

  /**
   * Compiles the Java in memory and makes a model of it, its parameters all zero.
   *
   * @throws nnc.compiler.source.CompileException if the model needs more memory than Java may use
   */
  public CompiledModel load() {
    Capacity.checkMemory(model, plan);
    return InMemoryCompiler.compile(java).load(packageName + "." + java.getFirst().name());
  }
}
