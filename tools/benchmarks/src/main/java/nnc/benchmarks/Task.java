package nnc.benchmarks;

import java.util.Locale;

/** The workloads; the README of the benchmarks says what they are. */
enum Task {
  W1(true),
  W2(true),
  W3(false),
  W4(false),
  W5(false),
  W6(false),
  W7(false),
  W8(true),
  W9(false),
  W10(false);

  private final boolean inference;

  Task(boolean inference) {
    this.inference = inference;
  }

  /** Whether inferences of one row are timed as well. */
  boolean inference() {
    return inference;
  }

  String file() {
    return name().toLowerCase(Locale.ROOT) + ".nn";
  }
}
