package nnc.compiler.grad;

import static nnc.compiler.grad.Operands.Domain.ANY;
import static nnc.compiler.grad.Operands.Domain.AROUND_ZERO;
import static nnc.compiler.grad.Operands.Domain.AWAY_FROM_ZERO;
import static nnc.compiler.grad.Operands.Domain.POSITIVE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import nnc.compiler.grad.Operands.Domain;
import nnc.compiler.ir.Algebra.Comparison;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Concat;
import nnc.compiler.ir.Draw;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Gather;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Op;
import nnc.compiler.ir.OverlapAdd;
import nnc.compiler.ir.Pad;
import nnc.compiler.ir.Permute;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Reshape;
import nnc.compiler.ir.Reverse;
import nnc.compiler.ir.ScatterAdd;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slice;
import nnc.compiler.ir.Sum;
import nnc.compiler.ir.Windows;
import nnc.compiler.ir.op.Abs;
import nnc.compiler.ir.op.Add;
import nnc.compiler.ir.op.And;
import nnc.compiler.ir.op.Compare;
import nnc.compiler.ir.op.Cos;
import nnc.compiler.ir.op.Divide;
import nnc.compiler.ir.op.Erf;
import nnc.compiler.ir.op.Exp;
import nnc.compiler.ir.op.Expm1;
import nnc.compiler.ir.op.Floor;
import nnc.compiler.ir.op.Log;
import nnc.compiler.ir.op.Log1p;
import nnc.compiler.ir.op.Maximum;
import nnc.compiler.ir.op.Minimum;
import nnc.compiler.ir.op.Multiply;
import nnc.compiler.ir.op.Negate;
import nnc.compiler.ir.op.Not;
import nnc.compiler.ir.op.Number;
import nnc.compiler.ir.op.Or;
import nnc.compiler.ir.op.Power;
import nnc.compiler.ir.op.Round;
import nnc.compiler.ir.op.Select;
import nnc.compiler.ir.op.Sigmoid;
import nnc.compiler.ir.op.Sign;
import nnc.compiler.ir.op.Sin;
import nnc.compiler.ir.op.Sqrt;
import nnc.compiler.ir.op.Subtract;
import nnc.compiler.ir.op.Tanh;

/** An op with random operands: a line for each op there is. */
record OpCase(Class<? extends Op> op, String name, Function<Operands, Node> recipe) {
  static final List<OpCase> ALL =
      List.of(
          // arithmetic
          elementwise(new Add(), ANY, ANY),
          elementwise(new Subtract(), ANY, ANY),
          elementwise(new Multiply(), ANY, ANY),
          elementwise(new Divide(), ANY, AWAY_FROM_ZERO),
          elementwise(new Power(), POSITIVE, ANY),
          elementwise(new Negate(), ANY),
          elementwise(new Abs(), AWAY_FROM_ZERO),
          elementwise(new Maximum(), ANY, ANY),
          elementwise(new Minimum(), ANY, ANY),
          // functions
          elementwise(new Cos(), ANY),
          elementwise(new Erf(), ANY),
          elementwise(new Exp(), ANY),
          elementwise(new Expm1(), ANY),
          elementwise(new Log(), POSITIVE),
          elementwise(new Log1p(), AROUND_ZERO),
          elementwise(new Sigmoid(), ANY),
          elementwise(new Sin(), ANY),
          elementwise(new Sqrt(), POSITIVE),
          elementwise(new Tanh(), ANY),
          // flat wherever they are smooth
          elementwise(new Floor(), ANY),
          elementwise(new Round(), ANY),
          elementwise(new Sign(), AWAY_FROM_ZERO),
          // truths
          number("less", Compare.class, (o, shape) -> truth(o, shape)),
          number(
              "and",
              And.class,
              (o, shape) -> o.builder().add(new And(), truth(o, shape), truth(o, shape))),
          number(
              "or",
              Or.class,
              (o, shape) -> o.builder().add(new Or(), truth(o, shape), truth(o, shape))),
          number("not", Not.class, (o, shape) -> truth(o, shape).not()),
          number("number", Number.class, (o, shape) -> truth(o, shape)),
          new OpCase(
              Select.class,
              "where",
              o -> {
                Shape shape = o.shape(0, 3);
                return truth(o, shape).choose(o.broadcast(shape, ANY), o.broadcast(shape, ANY));
              }),
          // reductions
          new OpCase(
              Sum.class,
              "sum",
              o -> {
                Node x = o.variable(o.shape(1, 3));
                return x.sum(o.some(x.shape().rank(), 1));
              }),
          new OpCase(
              Max.class,
              "max",
              o -> {
                Node x = o.variable(o.shape(1, 3));
                return o.builder().add(new Max(o.some(x.shape().rank(), 1)), x);
              }),
          new OpCase(
              ArgMax.class,
              "argmax",
              o -> {
                Node x = o.variable(o.shape(1, 3));
                return o.builder().add(new ArgMax(o.some(x.shape().rank(), 1)), x);
              }),
          new OpCase(Product.class, "product", OpCase::product),
          // rows
          new OpCase(
              Draw.class,
              "draw",
              o -> {
                Node weights = o.variable(o.shape(1, 1));
                Node numbers = o.variable(o.shape(0, 2));
                return o.builder()
                    .add(new Draw(), weights.apply(new Exp()), numbers.apply(new Sigmoid()));
              }),
          new OpCase(
              Gather.class,
              "gather",
              o -> {
                Node table = o.variable(o.shape(1, 3));
                return o.builder().add(new Gather(), table, ids(o, table.shape().size(0)));
              }),
          new OpCase(
              ScatterAdd.class,
              "scatter_add",
              o -> {
                Size rows = Size.of(o.size());
                Shape row = o.shape(0, 2);
                List<Node> inputs = new ArrayList<>();
                for (int i = 0; i <= o.number(2); i++) {
                  Node ids = ids(o, rows);
                  List<Size> sizes = new ArrayList<>(ids.shape().sizes());
                  sizes.addAll(row.sizes());
                  inputs.add(ids);
                  inputs.add(o.variable(new Shape(sizes)));
                }
                return o.builder().add(new ScatterAdd(rows), inputs);
              }),
          // moves
          new OpCase(Broadcast.class, "broadcast", o -> o.broadcast(o.shape(0, 3), ANY)),
          new OpCase(
              Permute.class,
              "permute",
              o -> {
                Node x = o.variable(o.shape(0, 4));
                return o.builder().add(new Permute(o.shuffled(x.shape().rank())), x);
              }),
          new OpCase(
              Reshape.class,
              "reshape",
              o -> {
                Shape shape = o.shape(0, 3);
                List<Size> target = new ArrayList<>(o.shuffled(shape.sizes()));
                target.add(o.number(target.size() + 1), Size.ONE);
                return o.builder().add(new Reshape(new Shape(target)), o.variable(shape));
              }),
          new OpCase(
              Reverse.class,
              "reverse",
              o -> {
                Node x = o.variable(o.shape(1, 3));
                return o.builder().add(new Reverse(o.number(x.shape().rank())), x);
              }),
          new OpCase(
              Slice.class,
              "slice",
              o -> {
                Node x = o.variable(o.shape(1, 3));
                int axis = o.number(x.shape().rank());
                int from = o.number(x.shape().size(axis).constant());
                return o.builder()
                    .add(
                        new Slice(axis, from, 1 + o.number(x.shape().size(axis).constant() - from)),
                        x);
              }),
          new OpCase(
              Pad.class,
              "pad",
              o -> {
                Node x = o.variable(o.shape(1, 3));
                return o.builder()
                    .add(new Pad(o.number(x.shape().rank()), o.number(3), o.number(3)), x);
              }),
          new OpCase(
              Windows.class,
              "windows",
              o -> {
                int size = 1 + o.number(3);
                int stride = 1 + o.number(3);
                int dilation = 1 + o.number(2);
                Shape shape = o.shape(1, 3);
                int axis = o.number(shape.rank());
                int length = (int) Windows.reach(size, dilation) + o.number(6);
                return o.builder()
                    .add(
                        new Windows(axis, size, stride, dilation),
                        o.variable(shape.with(axis, Size.of(length))));
              }),
          new OpCase(
              OverlapAdd.class,
              "overlap_add",
              o -> {
                int size = 1 + o.number(3);
                int stride = 1 + o.number(3);
                int dilation = 1 + o.number(2);
                int length = (int) Windows.reach(size, dilation) + o.number(6);
                Shape shape = o.shape(1, 3);
                int axis = o.number(shape.rank());
                List<Size> sizes = new ArrayList<>(shape.sizes());
                sizes.set(axis, Size.of(Windows.places(length, size, stride, dilation)));
                sizes.add(axis + 1, Size.of(size));
                return o.builder()
                    .add(
                        new OverlapAdd(axis, length, stride, dilation),
                        o.variable(new Shape(sizes)));
              }),
          new OpCase(
              Concat.class,
              "concat",
              o -> {
                Shape shape = o.shape(1, 3);
                int axis = o.number(shape.rank());
                List<Node> parts = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                  parts.add(o.variable(shape.with(axis, Size.of(o.size()))));
                }
                return o.builder().add(new Concat(axis), parts);
              }));

  private static OpCase elementwise(Elementwise op, Domain... domains) {
    return new OpCase(
        op.getClass(),
        op.name(),
        o -> {
          Shape shape = o.shape(0, 3);
          return o.builder()
              .add(op, Arrays.stream(domains).map(domain -> o.broadcast(shape, domain)).toList());
        });
  }

  private interface Truth {
    Node of(Operands operands, Shape shape);
  }

  /** A truth value as a number, so that it can be summed. */
  private static OpCase number(String name, Class<? extends Op> op, Truth truth) {
    return new OpCase(op, name, o -> truth.of(o, o.shape(0, 3)).number());
  }

  private static Node truth(Operands o, Shape shape) {
    return o.broadcast(shape, ANY).compared(Comparison.LESS, o.broadcast(shape, ANY));
  }

  /** Ids of rows, some of them twice: places of largest elements, which no small step moves. */
  private static Node ids(Operands o, Size rows) {
    Shape shape = o.shape(0, 2);
    List<Size> sizes = new ArrayList<>(shape.sizes());
    sizes.add(rows);
    return o.builder().add(new ArgMax(shape.rank()), o.variable(new Shape(sizes)));
  }

  /** Labels of all kinds in any order: of both operands and the result, of one and the result, summed in both or in one. */
  private static Node product(Operands o) {
    List<Integer> left = new ArrayList<>();
    List<Integer> right = new ArrayList<>();
    List<Integer> result = new ArrayList<>();
    List<Size> sizes = new ArrayList<>();
    int labels = 1 + o.number(4);
    for (int label = 0; label < labels; label++) {
      int kind = o.number(8);
      boolean inLeft = kind < 6;
      boolean inRight = kind >= 6 || kind >= 2 && kind < 6;
      boolean inResult = kind == 0 || kind == 2 || kind == 3 || kind == 6;
      sizes.add(Size.of(Math.min(3, o.size())));
      if (inLeft) {
        left.add(label);
      }
      if (inRight) {
        right.add(label);
      }
      if (inResult) {
        result.add(label);
      }
    }
    Product product = new Product(o.shuffled(left), o.shuffled(right), o.shuffled(result));
    Node a = o.variable(new Shape(product.left().stream().map(sizes::get).toList()));
    Node b = o.variable(new Shape(product.right().stream().map(sizes::get).toList()));
    return o.builder().product(a, b, product);
  }

  @Override
  public String toString() {
    return name;
  }
}
