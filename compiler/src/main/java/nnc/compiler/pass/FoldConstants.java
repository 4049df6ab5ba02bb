package nnc.compiler.pass;

import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.DoubleAlgebra;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Extent;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Sum;

/** Computes what is known now. */
final class FoldConstants {
  static final List<Rule> RULES =
      List.of(
          FoldConstants::elementwise,
          FoldConstants::extent,
          FoldConstants::moved,
          FoldConstants::reduced,
          FoldConstants::zeroProduct);

  private FoldConstants() {}

  private static Optional<Node> elementwise(Node node) {
    if (!(node.op() instanceof Elementwise op)
        || node.inputs().stream().anyMatch(input -> input.constantValue().isEmpty())) {
      return Optional.empty();
    }
    List<Double> values =
        node.inputs().stream().map(input -> input.constantValue().orElseThrow()).toList();
    return Optional.of(
        constant(node, op.formula(DoubleAlgebra.INSTANCE, values), node.type().element()));
  }

  private static Node constant(Node node, double value, ElementType element) {
    return node.builder().add(new Constant(value, element)).broadcast(node.shape(), List.of());
  }

  private static Optional<Node> extent(Node node) {
    return node.op() instanceof Extent extent && extent.size().isConstant()
        ? Optional.of(node.builder().add(new Constant(extent.size().constant(), ElementType.I32)))
        : Optional.empty();
  }

  /** A constant moved is the constant. */
  private static Optional<Node> moved(Node node) {
    boolean moves =
        node.op() instanceof Reshape || node.op() instanceof Permute || node.op() instanceof Slice;
    return moves
        ? node.input(0).constantValue().map(value -> constant(node, value, node.type().element()))
        : Optional.empty();
  }

  private static Optional<Node> zeroProduct(Node node) {
    return node.op() instanceof Product
            && node.inputs().stream().anyMatch(input -> input.isConstant(0))
        ? Optional.of(constant(node, 0, node.type().element()))
        : Optional.empty();
  }

  /** The sum of n equal numbers is n times the number; their maximum is the number. */
  private static Optional<Node> reduced(Node node) {
    if (node.inputs().isEmpty() || node.input(0).constantValue().isEmpty()) {
      return Optional.empty();
    }
    double value = node.input(0).constantValue().get();
    Shape whole = node.input(0).shape();
    return switch (node.op()) {
      case Max ignored -> Optional.of(constant(node, value, node.type().element()));
      case Sum sum -> {
        Size count = sum.axes().stream().map(whole::size).reduce(Size.ONE, Size::times);
        Node scalar = node.builder().add(new Extent(count)).times(value);
        yield Optional.of(scalar.broadcast(node.shape(), List.of()));
      }
      default -> Optional.empty();
    };
  }
}
