package nnc.compiler.plan;

import java.util.List;
import java.util.Map;

/**
 * Everything that is decided about a model's execution.
 *
 * @param kernels in the order in which they run
 * @param roots where each root of the graph lies
 * @param computed which programs compute each root
 * @param programs which kernels compute outputs, evaluate, compute gradients, update: numbers of kernels
 * @param sparse the tables of which a step updates only the rows that its ids name, by their numbers
 * @param parameterOffsets where each parameter lies
 * @param sums where gradients of several batches are added up, as they lie themselves; -1 if a step has one batch
 * @param choices how often each {@link PlanChoice} was made, by its name
 * @param report what was fused, and what was not, and why
 */
public record Plan(
    List<Kernel> kernels,
    List<Buffer> buffers,
    Map<String, Buffer> inputs,
    Map<String, Buffer> roots,
    Map<String, List<Program>> computed,
    Map<Program, List<Integer>> programs,
    List<SparseTable> sparse,
    Map<String, Integer> parameterOffsets,
    Map<String, Integer> stateOffsets,
    int parameterElements,
    int stateElements,
    int sums,
    int inferenceMemory,
    int trainingMemory,
    int scratch,
    Map<String, Integer> choices,
    List<String> report) {

  /**
   * A table whose gradient is zero but for the rows that ids name.
   *
   * @param ids how many a step has at most
   */
  public record SparseTable(String path, int ids) {}

  /** What a session can be asked to do. */
  public enum Program {
    INFER,
    EVALUATE,
    GRADIENT,
    UPDATE
  }
}
