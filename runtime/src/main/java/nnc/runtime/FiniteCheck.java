package nnc.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether all gradients, and after the update all that it wrote to the parameters, are finite. A team looks at them right after
 * it has written them, when each worker still has its pieces in its caches; of sparse tables at the rows that the step touches.
 */
final class FiniteCheck {
  /** Elements at a time. */
  static final int GRAIN = 4096;

  /** Rows of a table, which are short, at a time. */
  static final int ROWS = 64;

  private final Rows rows = Provider.best().rows();
  private final Signature signature;
  private final float[] memory;
  private final float[] parameters;
  private final List<Signature.Value> gradientValues;
  private final Stretch[] gradients;
  private final Stretch[] updated;
  private final Table[] tables;
  private volatile boolean broken;

  /** A part of an array. */
  record Stretch(int start, int end) {
    /** One for all that follow upon each other. */
    static Stretch[] joined(List<Stretch> parts) {
      List<Stretch> joined = new ArrayList<>();
      parts.stream()
          .sorted(Comparator.comparingInt(Stretch::start))
          .forEach(part -> {
            if (!joined.isEmpty() && joined.getLast().end == part.start) {
              joined.set(joined.size() - 1, new Stretch(joined.getLast().start, part.end));
            } else {
              joined.add(part);
            }
          });
      return joined.toArray(Stretch[]::new);
    }
  }

  /** A sparse table: where its gradient begins in the session's memory, and where it begins itself in the parameters. */
  record Table(TouchedRows touched, int gradient, int parameter, int height, int width) {}

  /**
   * @param touched of each of {@link Signature#sparse}, in their order
   * @param update the kernels of an update
   */
  FiniteCheck(
      Signature signature,
      float[] memory,
      float[] parameters,
      TouchedRows[] touched,
      List<Signature.Kernel> update) {
    this.signature = signature;
    this.memory = memory;
    this.parameters = parameters;
    List<String> sparse = signature.sparse().stream().map(Signature.SparseTable::path).toList();
    gradientValues =
        signature.values().stream()
            .filter(value -> value.name().startsWith(NonFinite.GRADIENT))
            .toList();
    gradients =
        Stretch.joined(
            gradientValues.stream()
                .filter(value -> !sparse.contains(NonFinite.path(value.name())))
                .map(value -> new Stretch(value.offset(), value.offset() + value.elements(1)))
                .toList());
    updated =
        Stretch.joined(
            signature.parameters().stream()
                .filter(parameter -> !sparse.contains(parameter.path()))
                .filter(parameter -> update.stream().anyMatch(kernel -> writes(kernel, parameter)))
                .map(parameter ->
                    new Stretch(parameter.offset(), parameter.offset() + parameter.elements()))
                .toList());
    tables =
        IntStream.range(0, touched.length)
            .mapToObj(i -> table(sparse.get(i), touched[i]))
            .toArray(Table[]::new);
  }

  private static boolean writes(Signature.Kernel kernel, Signature.Parameter parameter) {
    return kernel.results().stream()
        .filter(result -> result.space() == Signature.Space.PARAMETERS)
        .anyMatch(result ->
            result.offset() <= parameter.offset()
                && parameter.offset() + parameter.elements()
                    <= result.offset() + result.elements(1));
  }

  private Table table(String path, TouchedRows touched) {
    Signature.Parameter parameter = signature.parameter(path);
    return new Table(
        touched,
        signature.value(NonFinite.GRADIENT + path).offset(),
        parameter.offset(),
        parameter.shape()[0],
        parameter.elements() / parameter.shape()[0]);
  }

  /** Before a step: nothing is known to be wrong. */
  void begin() {
    broken = false;
  }

  /** Whether what was looked at since {@link #begin} is finite. */
  boolean holds() {
    return !broken;
  }

  /** Where gradients lie, but for those of sparse tables. */
  Stretch[] gradients() {
    return gradients;
  }

  Table[] tables() {
    return tables;
  }

  /** The regions of a program that look at all gradients. */
  void gradients(Worker worker) {
    look(memory, gradients, worker);
    for (Table table : tables) {
      look(memory, table, table.gradient, worker);
    }
  }

  /** The regions of a program that look at all parameters that were updated. */
  void parameters(Worker worker) {
    look(parameters, updated, worker);
    for (Table table : tables) {
      look(parameters, table, table.parameter, worker);
    }
  }

  private void look(float[] values, Stretch[] stretches, Worker worker) {
    for (Stretch stretch : stretches) {
      for (worker.rows(stretch.end - stretch.start, GRAIN); worker.next(); ) {
        look(values, stretch.start + worker.from, worker.to - worker.from);
      }
      worker.join();
    }
  }

  private void look(float[] values, Table table, int start, Worker worker) {
    for (worker.rows(table.touched.places(), ROWS); worker.next(); ) {
      for (int place = worker.from; place < worker.to; place++) {
        int row = table.touched.row(place);
        if (row >= 0) {
          look(values, start + row * table.width, table.width);
        }
      }
    }
    worker.join();
  }

  private void look(float[] values, int from, int count) {
    if (rows.firstNonFinite(values, from, count) >= 0) {
      broken = true;
    }
  }

  /** The first gradient that holds such a number; by which kernel is not known here. */
  Optional<NonFinite> inGradients() {
    return gradientValues.stream()
        .flatMap(value -> first(memory, value.offset(), value.elements(1), value.name()).stream())
        .findFirst();
  }

  /** The same of the parameters. */
  Optional<NonFinite> inParameters() {
    return signature.parameters().stream()
        .flatMap(parameter ->
            first(
                parameters,
                parameter.offset(),
                parameter.elements(),
                NonFinite.PARAMETER + parameter.path())
                .stream())
        .findFirst();
  }

  private Optional<NonFinite> first(float[] values, int from, int count, String name) {
    int at = rows.firstNonFinite(values, from, count);
    return at < 0
        ? Optional.empty()
        : Optional.of(new NonFinite(name, values[from + at], Optional.empty()));
  }
}
