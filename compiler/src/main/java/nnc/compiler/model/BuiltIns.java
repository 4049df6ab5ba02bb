package nnc.compiler.model;

import java.util.LinkedHashMap;
import java.util.Map;

/** The functions that are not written in the language: the primitives. Their home is a class for each kind. */
final class BuiltIns {
  private BuiltIns() {}

  /** What a call of a primitive means. */
  interface Entry {
    Value apply(Arguments arguments);
  }

  static void bind(Scope scope) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    ElementwiseFunctions.register(entries);
    ReductionFunctions.register(entries);
    ShapeFunctions.register(entries);
    ProductFunctions.register(entries);
    GraphFunctions.register(entries);
    entries.forEach((name, entry) -> scope.bind(name, new Value.BuiltIn(name, entry)));
    scope.bind("pi", new Value.Num(Math.PI, false));
    scope.bind("infinity", new Value.Num(Double.POSITIVE_INFINITY, false));
    scope.bind("true", new Value.Num(1, true));
    scope.bind("false", new Value.Num(0, true));
    scope.bind("all", new Value.Num(1, true));
    scope.bind("none", new Value.None());
    scope.bind("every", new Value.Axes(java.util.List.of(), true, scope));
  }
}
