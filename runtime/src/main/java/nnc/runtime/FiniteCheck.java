package nnc.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whether all gradients, and after the update all parameters, are finite. A team looks at them right after it has written them,
 * when each worker still has its pieces in its caches.
 */
final class FiniteCheck {
  /** As the loops of optimizers are cut, so that a worker looks at what it has written itself. */
  private static final int GRAIN = 4096;

  private final Rows rows = Provider.best().rows();
  private final Signature signature;
  private final float[] memory;
  private final float[] parameters;
  private final List<Signature.Value> gradients;
  private final int[] starts;
  private final int[] ends;
  private volatile boolean broken;

  FiniteCheck(Signature signature, float[] memory, float[] parameters) {
    this.signature = signature;
    this.memory = memory;
    this.parameters = parameters;
    gradients =
        signature.values().stream()
            .filter(value -> value.name().startsWith(NonFinite.GRADIENT))
            .sorted(Comparator.comparingInt(Signature.Value::offset))
            .toList();
    List<Integer> from = new ArrayList<>();
    List<Integer> to = new ArrayList<>();
    for (Signature.Value gradient : gradients) { // most follow upon each other, and are one stretch
      int end = gradient.offset() + gradient.elements(1);
      if (!to.isEmpty() && to.getLast() == gradient.offset()) {
        to.set(to.size() - 1, end);
      } else {
        from.add(gradient.offset());
        to.add(end);
      }
    }
    starts = from.stream().mapToInt(Integer::intValue).toArray();
    ends = to.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Before a step: nothing is known to be wrong. */
  void begin() {
    broken = false;
  }

  /** Whether what was looked at since {@link #begin} is finite. */
  boolean holds() {
    return !broken;
  }

  /** The regions of a program that look at all gradients. */
  void gradients(Worker worker) {
    for (int i = 0; i < starts.length; i++) {
      look(memory, starts[i], ends[i], worker);
    }
  }

  /** The region of a program that looks at all parameters. */
  void parameters(Worker worker) {
    look(parameters, 0, parameters.length, worker);
  }

  private void look(float[] values, int start, int end, Worker worker) {
    for (worker.rows(end - start, GRAIN); worker.next(); ) {
      if (rows.firstNonFinite(values, start + worker.from, worker.to - worker.from) >= 0) {
        broken = true;
      }
    }
    worker.join();
  }

  /** The name of the first gradient that holds such a number, and the number. */
  Optional<NonFinite> inGradients() {
    for (Signature.Value gradient : gradients) {
      int at = rows.firstNonFinite(memory, gradient.offset(), gradient.elements(1));
      if (at >= 0) {
        return Optional.of(
            new NonFinite(gradient.name(), memory[gradient.offset() + at], Optional.empty()));
      }
    }
    return Optional.empty();
  }

  /** The same of the parameters. */
  Optional<NonFinite> inParameters() {
    for (Signature.Parameter parameter : signature.parameters()) {
      int at = rows.firstNonFinite(parameters, parameter.offset(), parameter.elements());
      if (at >= 0) {
        return Optional.of(
            new NonFinite(
                NonFinite.PARAMETER + parameter.path(),
                parameters[parameter.offset() + at],
                Optional.empty()));
      }
    }
    return Optional.empty();
  }
}
