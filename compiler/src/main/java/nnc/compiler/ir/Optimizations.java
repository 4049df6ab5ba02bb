package nnc.compiler.ir;

import java.util.Set;

/**
 * Which optimizations are made, of a graph and of its plan: all but those that are switched off, by their names. What is computed
 * does not depend on it, only in how much time and memory.
 */
public record Optimizations(Set<String> off) {
  public static final Optimizations ALL = new Optimizations(Set.of());

  public Optimizations {
    off = Set.copyOf(off);
  }

  public boolean include(String name) {
    return !off.contains(name);
  }
}
