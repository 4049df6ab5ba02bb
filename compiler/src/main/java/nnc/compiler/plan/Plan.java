package nnc.compiler.plan;

import java.util.List;
import java.util.Map;

/**
 * Everything that is decided about a model's execution.
 *
 * @param kernels in the order in which they run
 * @param roots where each root of the graph lies
 * @param programs which kernels compute outputs, evaluate, compute gradients, update: numbers of kernels
 * @param parameterOffsets where each parameter lies
 * @param report what was fused, and what was not, and why
 */
public record Plan(
    List<Kernel> kernels,
    List<Buffer> buffers,
    Map<String, Buffer> inputs,
    Map<String, Buffer> roots,
    Map<Program, List<Integer>> programs,
    Map<String, Integer> parameterOffsets,
    Map<String, Integer> stateOffsets,
    int parameterElements,
    int stateElements,
    int inferenceMemory,
    int trainingMemory,
    int scratch,
    List<String> report) {

  /** What a session can be asked to do. */
  public enum Program {
    INFER,
    EVALUATE,
    GRADIENT,
    UPDATE
  }
}
