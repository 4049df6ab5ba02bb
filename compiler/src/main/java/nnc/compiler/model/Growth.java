package nnc.compiler.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Supplier;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;

/** Counts the operations of one elaboration: functions that call functions twice grow a model without end. */
final class Growth {
  private static final int MOST_OPERATIONS = 100_000;

  /** The calls and copied turns around what is elaborated now, the outermost first. */
  private final Deque<Span> causes = new ArrayDeque<>();

  private int operations;

  boolean tooLarge() {
    return operations > MOST_OPERATIONS;
  }

  /** What is elaborated while the action runs is there because of this place. */
  <T> T within(Span cause, Supplier<T> action) {
    if (tooLarge()) {
      throw Problem.told();
    }
    causes.addLast(cause);
    try {
      return action.get();
    } finally {
      causes.removeLast();
    }
  }

  void run(Span cause, Runnable action) {
    within(
        cause,
        () -> {
          action.run();
          return null;
        });
  }

  /** Takes note of one operation; the first that is too many is told of at the outermost call around it. */
  void operation(Span place) {
    if (++operations == MOST_OPERATIONS + 1) {
      Span cause = causes.isEmpty() ? place : causes.getFirst();
      String limit = String.format(Locale.ROOT, "%,d", MOST_OPERATIONS);
      Diagnostic tooLarge =
          Diagnostic.at(
              cause, "size", "the model grows beyond the limit of " + limit + " operations here");
      throw Problem.of(
          (causes.size() < 2
                  ? tooLarge
                  : tooLarge.note(causes.size() + " levels deep, in '" + shown(causes.getLast())))
              .help(
                  "a function that calls another twice doubles what it stands for; turns of a"
                      + " 'repeat' that differ only in their parameters count once"));
    }
  }

  private static String shown(Span span) {
    return span.text().strip() + "', " + span.place();
  }
}
