package nnc.runtime;

import java.util.Arrays;

/**
 * The gradients of several batches, added up as they lie. Of sparse tables these are the rows that any of the batches touches.
 * Each is multiplied by its weight, and their sum divided by all weights at the end.
 */
final class Accumulation {
  private final Signature.Accumulation kind;
  private final float[] memory;
  private final FiniteCheck.Stretch[] gradients;
  private final FiniteCheck.Table[] tables;

  /** Of each table, the rows that the batches so far touch. */
  private final TouchedRows[] touched;

  /** From a gradient to its sum. */
  private final int distance;

  private final int count;
  private int batches;
  private int updates;
  private double weights;
  private float weight;

  /** @param check knows where gradients lie */
  Accumulation(Signature signature, float[] memory, FiniteCheck check) {
    this.kind = signature.accumulation();
    this.memory = memory;
    this.gradients = check.gradients();
    this.tables = kind.batches() > 1 ? check.tables() : new FiniteCheck.Table[0];
    this.touched =
        Arrays.stream(tables)
            .map(table -> new TouchedRows(table.height(), table.touched().places()))
            .toArray(TouchedRows[]::new);
    this.distance = kind.sums() - firstGradient(signature);
    this.count =
        kind.weight() == Signature.Weight.COUNT ? signature.value(Signature.WEIGHT).offset() : -1;
  }

  private static int firstGradient(Signature signature) {
    return signature.values().stream()
        .filter(value -> value.name().startsWith(NonFinite.GRADIENT))
        .mapToInt(Signature.Value::offset)
        .min()
        .orElse(0);
  }

  /** How many have been added since the last step. */
  int batches() {
    return batches;
  }

  /** How many updates the parameters had seen when the first of them was computed. */
  int updates() {
    return updates;
  }

  /** Before the gradient in memory is added. */
  void begin(int rows, int seenUpdates) {
    weight =
        switch (kind.weight()) {
          case ROWS -> rows;
          case COUNT -> memory[count];
          case ONE -> 1;
        };
    if (batches == 0) {
      updates = seenUpdates;
      weights = 0;
    }
    weights += weight;
    for (int i = 0; i < tables.length; i++) {
      FiniteCheck.Table table = tables[i];
      for (int place = 0; place < table.touched().places(); place++) {
        int row = table.touched().row(place);
        if (row >= 0 && touched[i].list(row)) {
          int sum = table.gradient() + distance + row * table.width();
          Arrays.fill(memory, sum, sum + table.width(), 0f);
        }
      }
    }
    batches++;
  }

  /** The regions of a program that adds it. */
  void add(Worker worker) {
    for (FiniteCheck.Stretch stretch : gradients) {
      for (worker.rows(stretch.end() - stretch.start(), FiniteCheck.GRAIN); worker.next(); ) {
        int from = stretch.start() + worker.from;
        if (batches == 1) {
          Arrays.fill(memory, from + distance, stretch.start() + worker.to + distance, 0f);
        }
        add(from, worker.to - worker.from);
      }
      worker.join();
    }
    for (FiniteCheck.Table table : tables) {
      for (worker.rows(table.touched().places(), FiniteCheck.ROWS); worker.next(); ) {
        for (int place = worker.from; place < worker.to; place++) {
          int row = table.touched().row(place);
          if (row >= 0) {
            add(table.gradient() + row * table.width(), table.width());
          }
        }
      }
      worker.join();
    }
  }

  private void add(int gradient, int elements) {
    for (int i = gradient; i < gradient + elements; i++) {
      memory[i + distance] += weight * memory[i];
    }
  }

  /** Before the sums become the gradient of a step, which touches what any of its batches does. */
  void beginTake() {
    weight = kind.weight() == Signature.Weight.ONE ? 1 : (float) (1 / weights);
    for (int i = 0; i < tables.length; i++) {
      for (int place = 0; place < touched[i].places(); place++) {
        int row = touched[i].row(place);
        if (row >= 0) {
          tables[i].touched().list(row);
        }
      }
    }
    forget();
  }

  /** Gives up what has been added. */
  void forget() {
    for (TouchedRows rows : touched) {
      rows.begin();
    }
    batches = 0;
  }

  /** The regions of a program that puts them there. */
  void take(Worker worker) {
    for (FiniteCheck.Stretch stretch : gradients) {
      for (worker.rows(stretch.end() - stretch.start(), FiniteCheck.GRAIN); worker.next(); ) {
        take(stretch.start() + worker.from, worker.to - worker.from);
      }
      worker.join();
    }
    for (FiniteCheck.Table table : tables) {
      for (worker.rows(table.touched().places(), FiniteCheck.ROWS); worker.next(); ) {
        for (int place = worker.from; place < worker.to; place++) {
          int row = table.touched().row(place);
          if (row >= 0) {
            take(table.gradient() + row * table.width(), table.width());
          }
        }
      }
      worker.join();
    }
  }

  private void take(int gradient, int elements) {
    for (int i = gradient; i < gradient + elements; i++) {
      memory[i] = weight * memory[i + distance];
    }
  }
}
