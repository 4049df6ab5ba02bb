package nnc.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
  private final int[] gradientStretches;
  private final int[] parameterStretches;
  private final List<Table> sparse = new ArrayList<>();
  private volatile boolean broken;

  /** A table of which a step changes only the rows that it touches. */
  private record Table(TouchedRows touched, int gradient, int parameter, int width) {}

  /** @param touched of each sparse table, the rows of a step */
  FiniteCheck(Signature signature, float[] memory, float[] parameters, List<TouchedRows> touched) {
    this.signature = signature;
    this.memory = memory;
    this.parameters = parameters;
    gradients =
        signature.values().stream()
            .filter(value -> value.name().startsWith(NonFinite.GRADIENT))
            .sorted(Comparator.comparingInt(Signature.Value::offset))
            .toList();
    Set<String> rowsOnly = new HashSet<>();
    for (int i = 0; i < touched.size(); i++) {
      String path = signature.sparse().get(i).path();
      Signature.Parameter table = signature.parameter(path);
      int gradient = signature.value(NonFinite.GRADIENT + path).offset();
      int width = table.elements() / table.shape()[0];
      sparse.add(new Table(touched.get(i), gradient, table.offset(), width));
      rowsOnly.add(path);
    }
    gradientStretches =
        stretches(
            gradients.stream()
                .filter(value ->
                    !rowsOnly.contains(value.name().substring(NonFinite.GRADIENT.length())))
                .map(value -> new int[] {value.offset(), value.offset() + value.elements(1)})
                .toList());
    parameterStretches =
        stretches(
            signature.parameters().stream()
                .filter(parameter -> !rowsOnly.contains(parameter.path()))
                .sorted(Comparator.comparingInt(Signature.Parameter::offset))
                .map(parameter ->
                    new int[] {parameter.offset(), parameter.offset() + parameter.elements()})
                .toList());
  }

  /** Beginnings and ends, one after the other; what follows upon each other is one stretch. */
  private static int[] stretches(List<int[]> parts) {
    List<Integer> bounds = new ArrayList<>();
    for (int[] part : parts) {
      if (!bounds.isEmpty() && bounds.getLast() == part[0]) {
        bounds.removeLast();
      } else {
        bounds.add(part[0]);
      }
      bounds.add(part[1]);
    }
    return bounds.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Before a step: nothing is known to be wrong. */
  void begin() {
    broken = false;
  }

  /** Whether what was looked at since {@link #begin} is finite. */
  boolean holds() {
    return !broken;
  }

  /** The regions of a program that look at all gradients that a step can have changed. */
  void gradients(Worker worker) {
    look(memory, gradientStretches, worker);
    for (int i = 0; i < sparse.size(); i++) {
      Table table = sparse.get(i);
      look(memory, table.gradient, table, worker);
    }
  }

  /** The regions of a program that look at all parameters that a step can have changed. */
  void parameters(Worker worker) {
    look(parameters, parameterStretches, worker);
    for (int i = 0; i < sparse.size(); i++) {
      Table table = sparse.get(i);
      look(parameters, table.parameter, table, worker);
    }
  }

  private void look(float[] values, int[] stretches, Worker worker) {
    for (int i = 0; i < stretches.length; i += 2) {
      int start = stretches[i];
      for (worker.rows(stretches[i + 1] - start, GRAIN); worker.next(); ) {
        look(values, start + worker.from, worker.to - worker.from);
      }
      worker.join();
    }
  }

  private void look(float[] values, int start, Table table, Worker worker) {
    for (worker.rows(table.touched.places(), Math.max(1, GRAIN / table.width)); worker.next(); ) {
      for (int place = worker.from; place < worker.to; place++) {
        int row = table.touched.row(place);
        if (row >= 0) {
          look(values, start + row * table.width, table.width);
        }
      }
    }
    worker.join();
  }

  private void look(float[] values, int start, int n) {
    if (rows.firstNonFinite(values, start, n) >= 0) {
      broken = true;
    }
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
