package nnc.compiler.ir;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The length of an axis, or how far apart neighbours lie: a whole number times any run-time dims, {@code 49 * B}. Only the
 * distance of neighbours that lie in reverse is negative.
 */
public record Size(long factor, List<Dim> dims) {
  public static final Size ONE = of(1);

  public Size {
    dims = dims.stream().sorted(Comparator.comparing(Dim::name)).toList();
  }

  public static Size of(long constant) {
    return new Size(constant, List.of());
  }

  public static Size of(Dim dim) {
    return new Size(1, List.of(dim));
  }

  public boolean isConstant() {
    return dims.isEmpty();
  }

  /** Whether it is a run-time dim itself. */
  public boolean isDim() {
    return factor == 1 && dims.size() == 1;
  }

  public boolean isOne() {
    return dims.isEmpty() && factor == 1;
  }

  /** The value of a constant size. */
  public int constant() {
    if (!isConstant()) {
      throw new IllegalStateException("size " + this + " is known only at run time");
    }
    return Math.toIntExact(factor);
  }

  public Size times(Size other) {
    List<Dim> all = new ArrayList<>(dims);
    all.addAll(other.dims);
    return new Size(Math.multiplyExact(factor, other.factor), all);
  }

  /** This divided by a size, if that comes out exact for every extent. */
  public Optional<Size> dividedBy(Size divisor) {
    List<Dim> left = new ArrayList<>(dims);
    for (Dim dim : divisor.dims) {
      if (!left.remove(dim)) {
        return Optional.empty();
      }
    }
    return divisor.factor != 0 && factor % divisor.factor == 0
        ? Optional.of(new Size(factor / divisor.factor, left))
        : Optional.empty();
  }

  /** The value when the run-time dims have these extents. */
  public long at(Map<Dim, Integer> extents) {
    long value = factor;
    for (Dim dim : dims) {
      Integer extent = extents.get(dim);
      if (extent == null) {
        throw new IllegalStateException("no extent given for dim " + dim);
      }
      value = Math.multiplyExact(value, extent.longValue());
    }
    return value;
  }

  /** The value when every run-time dim is at its maximum. */
  public long maximum() {
    long value = factor;
    for (Dim dim : dims) {
      value = Math.multiplyExact(value, (long) dim.maximum());
    }
    return value;
  }

  @Override
  public String toString() {
    String names = dims.stream().map(Dim::name).collect(Collectors.joining(" * "));
    return isConstant() ? Long.toString(factor) : factor == 1 ? names : factor + " * " + names;
  }
}
