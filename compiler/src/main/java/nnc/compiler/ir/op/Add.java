package nnc.compiler.ir.op;

import java.util.List;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import org.jspecify.annotations.Nullable;

/** The sum of two numbers. */
public record Add() implements Elementwise {
  @Override
  public String name() {
    return "add";
  }

  @Override
  public int arity() {
    return 2;
  }

  @Override
  public <T> T formula(Algebra<T> algebra, List<T> inputs) {
    return algebra.add(inputs.get(0), inputs.get(1));
  }

  @Override
  public List<@Nullable Node> gradient(Node self, Node upstream) {
    return List.of(upstream, upstream);
  }
}
