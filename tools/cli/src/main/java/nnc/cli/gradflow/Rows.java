package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a table: a value is one, and in a repeat one for each turn; and which are computed from which. */
final class Rows {
  private final List<Row> rows = new ArrayList<>();
  private final List<Flow.Edge> edges = new ArrayList<>();

  private record Row(Tap tap, int turn) {}

  Rows(List<Tap> taps) {
    Map<Integer, Tap> known = new LinkedHashMap<>();
    for (int from = 0; from < taps.size(); ) {
      List<Tap> together = together(taps, from);
      for (int turn = 0; turn < together.getFirst().turns(); turn++) {
        for (Tap tap : together) {
          rows.add(new Row(tap, turn));
        }
      }
      together.forEach(tap -> known.put(tap.number(), tap));
      from += together.size();
    }
    for (int to = 0; to < rows.size(); to++) {
      for (Tap.Source source : rows.get(to).tap().below()) {
        Tap tap = known.get(source.tap());
        if (tap != null) {
          edge(tap, source.carried(), to);
        }
      }
    }
  }

  /** Values that stand in the same turns, one after the other. */
  private static List<Tap> together(List<Tap> taps, int from) {
    int end = from + 1;
    while (taps.get(from).turns() > 1
        && end < taps.size()
        && outermost(taps.get(end)).equals(outermost(taps.get(from)))
        && taps.get(end).turns() == taps.get(from).turns()) {
      end++;
    }
    return taps.subList(from, end);
  }

  private static Object outermost(Tap tap) {
    return tap.loops().isEmpty() ? tap : tap.loops().getFirst().recurrence();
  }

  private void edge(Tap from, boolean carried, int to) {
    Row target = rows.get(to);
    boolean same = from.turns() > 1 && outermost(from).equals(outermost(target.tap()));
    int turn = !same ? from.turns() - 1 : carried ? target.turn() - 1 : target.turn();
    boolean enters = !same && target.turn() > 0;
    if (turn >= 0 && !enters) {
      int place = rows.indexOf(new Row(from, turn));
      if (place >= 0 && place != to) {
        edges.add(new Flow.Edge(place, to));
      }
    }
  }

  int count() {
    return rows.size();
  }

  Tap tap(int row) {
    return rows.get(row).tap();
  }

  /** From 0. */
  int turn(int row) {
    return rows.get(row).turn();
  }

  List<Flow.Edge> edges() {
    return List.copyOf(edges);
  }

  /** The rows that are computed from one. */
  List<Integer> above(int row) {
    return edges.stream().filter(edge -> edge.from() == row).map(Flow.Edge::to).toList();
  }
}
