package nnc.compiler.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Iota;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reduction;

/** Finds where the formulas of a kernel find their inputs: computed beside them, in memory, or known without it. */
final class Operands {
  private static final Views NOTHING_COPIED = new Views(Set.of());

  private final Views views;
  private final Function<Node, Buffer> buffers;

  /** @param buffers where a value lies that is in memory */
  Operands(Views views, Function<Node, Buffer> buffers) {
    this.views = views;
    this.buffers = buffers;
  }

  /** The operands of all formulas of a group, by the nodes that they name as inputs. */
  Map<Node, Operand> of(Group group, int split) {
    Map<Node, Operand> operands = new LinkedHashMap<>();
    for (Node node : group.nodes) {
      if (views.isSetting(node)) {
        operands.put(node, new Operand.Setting(node));
      }
      for (Node input : node.inputs()) {
        if (node.op() instanceof Reduction) {
          operands.put(input, reduced(input, group, split));
        } else if (!operands.containsKey(input)) {
          operands.put(input, operand(input, group, split));
        }
      }
    }
    return operands;
  }

  /** Reductions read whole rows from memory. */
  private Operand reduced(Node input, Group group, int split) {
    Node base = views.base(input);
    if (group.computes(base)) {
      return operand(input, group, split);
    }
    boolean virtual =
        views.isVirtual(base) || input.constantValue().isPresent() && !views.isCopy(input);
    Optional<Access> access = virtual ? Optional.empty() : Access.of(views.of(input), split);
    if (access.isEmpty() || !access.get().columnStride().isOne()) {
      throw new Views.NeedsCopy(input);
    }
    return new Operand.Load(buffers.apply(base), access.get());
  }

  private Operand operand(Node input, Group group, int split) {
    if (input.constantValue().isPresent()) {
      return new Operand.Known(
          input.constantValue().get(), input.type().element() == ElementType.BOOL);
    }
    Node base = views.base(input);
    if (views.isSetting(base)) {
      return new Operand.Setting(base);
    }
    if (group.computes(base)) {
      if (base == group.product) {
        return new Operand.Load(
            buffers.apply(base),
            Access.of(View.contiguous(base), Math.min(split, base.shape().rank())).orElseThrow());
      }
      if (input != base && !(input.op() instanceof Broadcast)) {
        throw new IllegalStateException(
            "planner: " + input + " moves what its own kernel computes");
      }
      return new Operand.Computed(base);
    }
    View view = views.of(input);
    Optional<Access> access = Access.of(view, Math.min(split, view.shape().rank()));
    if (access.isEmpty() || !access.get().columnStride().isOne() && !access.get().oneColumn()) {
      boolean movedFirst = input.op() instanceof Broadcast && views.isView(input.input(0));
      throw new Views.NeedsCopy(movedFirst ? input.input(0) : input); // the smaller of the two
    }
    return base.op() instanceof Iota
        ? new Operand.Place(access.get())
        : new Operand.Load(buffers.apply(base), access.get());
  }

  /** What a copy finds at the places of an access. What lies nowhere may have been copied to memory; it is made again. */
  Operand copied(Node base, Access access) {
    if (base.constantValue().isPresent()) {
      return new Operand.Known(
          base.constantValue().get(), base.type().element() == ElementType.BOOL);
    }
    if (base.op() instanceof Iota) {
      return new Operand.Place(access);
    }
    return NOTHING_COPIED.isSetting(base)
        ? new Operand.Setting(base)
        : new Operand.Load(buffers.apply(base), access);
  }
}
