package nnc.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapeTest {
  private static final Dim B = new Dim("B", 64);
  private static final Shape IMAGES = new Shape(List.of(Size.of(B), Size.of(28), Size.of(28)));

  @Test
  void printsItsSizes() {
    assertThat(IMAGES).hasToString("[B, 28, 28]");
    assertThat(Shape.SCALAR).hasToString("[]");
  }

  @Test
  void aScalarHasOneElement() {
    assertThat(Shape.SCALAR.elements()).isEqualTo(Size.ONE);
  }

  @Test
  void theNumberOfElementsIsASizeToo() {
    assertThat(IMAGES.elements()).hasToString("784 * B");
  }

  @Test
  void losesAxesByNumber() {
    assertThat(IMAGES.without(List.of(0, 2))).isEqualTo(Shape.of(28));
  }

  @Test
  void changesOneAxis() {
    assertThat(IMAGES.with(1, Size.ONE)).hasToString("[B, 1, 28]");
  }

  @Test
  void hasNumbersOnceTheExtentsAreKnown() {
    assertThat(IMAGES.at(Map.of(B, 5))).containsExactly(5, 28, 28);
  }

  @Test
  void isConstantWithoutRunTimeDims() {
    assertThat(IMAGES.isConstant()).isFalse();
    assertThat(IMAGES.without(List.of(0)).isConstant()).isTrue();
  }
}
