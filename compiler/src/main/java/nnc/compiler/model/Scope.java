package nnc.compiler.model;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Size;
import nnc.compiler.model.Value.TensorValue;
import org.jspecify.annotations.Nullable;

/** The names that are visible at a place: values and dims, the nearest first. */
final class Scope {
  private final @Nullable Scope parent;
  private final Frame frame;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, Size> dims = new LinkedHashMap<>();
  private final Map<String, String> hints = new LinkedHashMap<>();
  private @Nullable TensorValue argument;

  private Scope(@Nullable Scope parent, Frame frame) {
    this.parent = parent;
    this.frame = frame;
  }

  static Scope outermost() {
    return new Scope(null, Frame.root());
  }

  /** A scope whose calls and parameters get their paths from the same frame. */
  Scope inner() {
    return new Scope(this, frame);
  }

  Scope inner(Frame ownFrame) {
    return new Scope(this, ownFrame);
  }

  Frame frame() {
    return frame;
  }

  void bind(String name, Value value) {
    values.put(name, value);
  }

  /** What to do where a name is read here that has been bound only in a block. */
  void hint(String name, String remedy) {
    hints.put(name, remedy);
  }

  Optional<String> hint(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      if (scope.hints.containsKey(name)) {
        return Optional.ofNullable(scope.hints.get(name));
      }
    }
    return Optional.empty();
  }

  /** The first tensor that the layer around was given. */
  Optional<TensorValue> argument() {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      if (scope.argument != null) {
        return Optional.of(scope.argument);
      }
    }
    return Optional.empty();
  }

  void bindArgument(TensorValue first) {
    if (argument == null) {
      argument = first;
    }
  }

  void bindDim(String name, Size size) {
    dims.put(name, size);
  }

  Optional<Size> ownDim(String name) {
    return Optional.ofNullable(dims.get(name));
  }

  Optional<Size> dim(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Size size = scope.dims.get(name);
      if (size != null) {
        return Optional.of(size);
      }
    }
    return Optional.empty();
  }

  Optional<Value> value(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Value value = scope.values.get(name);
      if (value != null) {
        return Optional.of(value);
      }
      Size size = scope.dims.get(name);
      if (size != null) {
        return Optional.of(ofSize(size, name));
      }
    }
    return Optional.empty();
  }

  /** A value bound in this scope or around it, but not yet in an outer one. */
  Optional<Value> value(String name, Scope outer) {
    for (Scope scope = this; scope != null && scope != outer; scope = scope.parent) {
      Value value = scope.values.get(name);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** A value bound in this very scope, not outside. */
  Optional<Value> own(String name) {
    return Optional.ofNullable(values.get(name));
  }

  static Value ofSize(Size size) {
    return ofSize(size, null);
  }

  private static Value ofSize(Size size, @Nullable String dim) {
    return size.isConstant()
        ? new Value.Num(size.constant(), true, dim)
        : new Value.RunTimeSize(size, dim);
  }

  /** Every name that could be meant, for suggestions. */
  Set<String> visible() {
    Set<String> names = new LinkedHashSet<>();
    for (Scope scope = this; scope != null; scope = scope.parent) {
      names.addAll(scope.values.keySet());
      names.addAll(scope.dims.keySet());
    }
    return names;
  }
}
