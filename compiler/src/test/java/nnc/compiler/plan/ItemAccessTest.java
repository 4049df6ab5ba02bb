package nnc.compiler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import org.junit.jupiter.api.Test;

/** A buffer of 4 items of [3, 10]; kernels of 12 rows, three for each item. */
class ItemAccessTest {
  private static final Size ROWS = Size.of(12);
  private static final Buffer BUFFER = new Buffer("b", Buffer.Space.MEMORY, Shape.of(4, 3, 10));
  private static final Buffer OTHER = new Buffer("c", Buffer.Space.MEMORY, Shape.of(12, 10));

  @Test
  void rowsAsTheyLieAreOwn() {
    assertThat(isOwn(access(0, 1, term(1, 10)), 10)).isTrue();
  }

  @Test
  void aPartOfTheColumnsIsOwn() {
    assertThat(isOwn(access(4, 1, term(1, 10)), 6)).isTrue();
  }

  @Test
  void columnsBeyondTheItemAreNot() {
    assertThat(isOwn(access(5, 1, term(1, 10)), 6)).isFalse();
  }

  @Test
  void rowsOfAnItemInAnotherOrderAreOwn() {
    assertThat(isOwn(access(0, 3, term(3, 30), term(1, 3, 1)), 10)).isTrue();
  }

  @Test
  void theSameRowForAllIsNot() {
    assertThat(isOwn(access(0, 1), 10)).isFalse();
    assertThat(isOwn(access(0, 1, term(1, 3, 10)), 10)).isFalse();
  }

  @Test
  void itemsInReverseAreNot() {
    assertThat(isOwn(access(90, 1, term(3, -30), term(1, 3, 10)), 10)).isFalse();
  }

  @Test
  void otherItemsAreNot() {
    assertThat(isOwn(access(30, 1, term(1, 10)), 10)).isFalse();
  }

  @Test
  void withRunTimeDimsOnlyRowsAsTheyLieAreOwn() {
    Size dim = Size.of(new Dim("B", 7));
    Buffer buffer = new Buffer("b", Buffer.Space.MEMORY, new Shape(List.of(ROWS, dim)));
    ItemAccess items = new ItemAccess(Size.of(4));
    Access.Term row = new Access.Term(Size.ONE, Optional.empty(), dim);
    assertThat(
            items.isOwn(copy(buffer, new Access(Size.of(0), List.of(row), Size.ONE), dim), buffer))
        .isTrue();
    assertThat(items.isOwn(copy(buffer, new Access(Size.of(0), List.of(), Size.ONE), dim), buffer))
        .isFalse();
  }

  private static boolean isOwn(Access access, long columns) {
    return new ItemAccess(Size.of(4)).isOwn(copy(BUFFER, access, Size.of(columns)), BUFFER);
  }

  private static Kernel copy(Buffer from, Access access, Size columns) {
    Access to =
        new Access(
            Size.of(0), List.of(new Access.Term(Size.ONE, Optional.empty(), columns)), Size.ONE);
    Kernel.Head head =
        new Kernel.Head(
            "copy",
            new GraphBuilder().constant(0),
            Kernel.Part.FORWARD,
            List.of(from),
            List.of(OTHER));
    return new Kernel.Copy(
        head,
        List.of(new Kernel.Stretch(new Operand.Load(from, access), to, ROWS, columns)),
        OTHER,
        Optional.empty());
  }

  private static Access access(long offset, long column, Access.Term... terms) {
    return new Access(Size.of(offset), List.of(terms), Size.of(column));
  }

  private static Access.Term term(long divisor, long stride) {
    return new Access.Term(Size.of(divisor), Optional.empty(), Size.of(stride));
  }

  private static Access.Term term(long divisor, long modulus, long stride) {
    return new Access.Term(Size.of(divisor), Optional.of(Size.of(modulus)), Size.of(stride));
  }
}
