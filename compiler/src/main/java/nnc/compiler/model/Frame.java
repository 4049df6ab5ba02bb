package nnc.compiler.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nnc.compiler.source.Span;
import nnc.runtime.Turn;

/**
 * Gives parameters and instances their paths: the names of the bound instances joined by dots; an unbound call is named
 * after its layer and numbered; inside {@code repeat} every name gets the numbers of the turns.
 */
final class Frame {
  private final String path;
  private final List<String> turns;
  private final List<RepeatBlock> repeats;
  private final List<Span> callers;
  private final Map<String, Integer> calls;

  private Frame(
      String path,
      List<String> turns,
      List<RepeatBlock> repeats,
      List<Span> callers,
      Map<String, Integer> calls) {
    this.path = path;
    this.turns = turns;
    this.repeats = repeats;
    this.callers = callers;
    this.calls = calls;
  }

  static Frame root() {
    return of("", List.of());
  }

  /**
   * Inside an instance.
   *
   * @param repeats those of the stars in its path
   */
  static Frame of(String path, List<RepeatBlock> repeats) {
    return new Frame(path, List.of(), repeats, List.of(), new HashMap<>());
  }

  /** One turn of a repeat, counted from 1; all turns of one repeat begin with the same numbers. */
  Frame turn(int number) {
    return turn(String.valueOf(number), repeats);
  }

  /** Any turn of a repeat. */
  Frame turn(RepeatBlock repeat) {
    List<RepeatBlock> inner = new ArrayList<>(repeats);
    inner.add(repeat);
    return turn(Turn.ANY, inner);
  }

  private Frame turn(String number, List<RepeatBlock> around) {
    List<String> inner = new ArrayList<>(turns);
    inner.add(number);
    return new Frame(path, inner, around, callers, new HashMap<>(calls));
  }

  /** The repeats whose turns the stars in this frame's paths stand for, in the stars' order. */
  List<RepeatBlock> repeats() {
    return repeats;
  }

  /** Inside a function that is called here: its paths are as if its statements stood here. */
  Frame called(Span call) {
    List<Span> inner = new ArrayList<>(callers);
    inner.add(call);
    return new Frame(path, turns, repeats, inner, calls);
  }

  /** The calls of functions that lead here. */
  List<Span> callers() {
    return callers;
  }

  /** What follows a repeat is numbered on from its turns. */
  void after(Frame turn) {
    turn.calls.forEach((call, number) -> calls.merge(call, number, Math::max));
  }

  /** The path of what is bound to a name here. */
  String bound(String name) {
    return dotted(name + joined());
  }

  /** The path of the next call of a layer that is bound to no name. */
  String unbound(String layer) {
    String base = snakeCase(layer);
    int number = calls.merge(turns.size() + base, 1, Integer::sum); // depth by depth
    return numbered(base, number);
  }

  /** The path of one of several of a name here. */
  String numbered(String name, int number) {
    return dotted(name + number + (turns.isEmpty() ? "" : "_" + joined()));
  }

  /** A name of a value inside this frame, as readers of generated code see it. */
  String label(String name) {
    return shown(dotted(name + joined()));
  }

  /** A path without the places of turns. */
  static String shown(String path) {
    return path.replace("_" + Turn.ANY, "").replace(Turn.ANY, "");
  }

  private String joined() {
    return String.join("_", turns);
  }

  private String dotted(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** {@code EncoderLayer} becomes {@code encoder_layer}, {@code LSTM} becomes {@code lstm}. */
  static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
