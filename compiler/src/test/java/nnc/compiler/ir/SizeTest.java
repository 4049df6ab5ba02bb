package nnc.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SizeTest {
  private static final Dim B = new Dim("B", 64);
  private static final Dim T = new Dim("T", 10);
  private static final Size ROWS = Size.of(B);

  /** A size as it prints, with B = 7 and T = 3, and at most. */
  private record Row(Size size, String text, long value, long maximum) {}

  static final List<Row> SIZES =
      List.of(
          new Row(Size.of(49), "49", 49, 49),
          new Row(ROWS, "B", 7, 64),
          new Row(ROWS.times(Size.of(49)), "49 * B", 343, 3136),
          new Row(Size.of(49).times(ROWS), "49 * B", 343, 3136),
          new Row(Size.of(T).times(ROWS), "B * T", 21, 640),
          new Row(ROWS.times(ROWS), "B * B", 49, 4096));

  @ParameterizedTest
  @FieldSource("SIZES")
  void isAFactorTimesDims(Row row) {
    assertThat(row.size()).hasToString(row.text());
    assertThat(row.size().at(Map.of(B, 7, T, 3))).isEqualTo(row.value());
    assertThat(row.size().maximum()).isEqualTo(row.maximum());
  }

  @Test
  void equalSizesAreEqualHoweverTheyWereMultiplied() {
    assertThat(Size.of(T).times(ROWS).times(Size.of(2)))
        .isEqualTo(Size.of(2).times(ROWS).times(Size.of(T)));
  }

  /** A quotient; null where it is not a whole size for every extent. */
  private record Quotient(Size dividend, Size divisor, @Nullable Size result) {}

  static final List<Quotient> QUOTIENTS =
      List.of(
          new Quotient(Size.of(12), Size.of(4), Size.of(3)),
          new Quotient(Size.of(12), Size.of(5), null),
          new Quotient(ROWS.times(Size.of(6)), ROWS, Size.of(6)),
          new Quotient(ROWS.times(Size.of(6)), Size.of(3), ROWS.times(Size.of(2))),
          new Quotient(Size.of(6), ROWS, null),
          new Quotient(ROWS, Size.of(64), null),
          new Quotient(ROWS.times(ROWS), ROWS, ROWS),
          new Quotient(Size.of(6), Size.of(0), null));

  @ParameterizedTest
  @FieldSource("QUOTIENTS")
  void dividesOnlyWhereItComesOutForEveryExtent(Quotient quotient) {
    assertThat(quotient.dividend().dividedBy(quotient.divisor()).orElse(null))
        .isEqualTo(quotient.result());
  }

  @Test
  void aRunTimeSizeIsNoConstant() {
    assertThat(ROWS.isConstant()).isFalse();
    assertThatThrownBy(ROWS::constant).hasMessage("size B is known only at run time");
  }

  @Test
  void withoutAnExtentThereIsNoValue() {
    assertThatThrownBy(() -> ROWS.at(Map.of())).hasMessage("no extent given for dim B");
  }

  @Test
  void whatNoArrayCanHoldIsNotWrappedAround() {
    Size large = Size.of(Integer.MAX_VALUE);
    assertThatThrownBy(() -> large.times(large).times(large))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(large.times(Size.of(2))::constant).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Size.of(1L << 62).times(ROWS).maximum())
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void illegalSizesCannotBeBuilt() {
    assertThatThrownBy(() -> Shape.of(-1)).hasMessageContaining("not negative");
    assertThatThrownBy(() -> new Dim("B", 0)).hasMessage("dim B must be at least 1, is 0");
  }
}
