package nnc.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0.0000",
    "0.97493, 0.9749",
    "-12.5, -12.5000",
    "0.0000123456, 1.235e-05",
    "12345678, 1.235e+07",
    "NaN, NaN"
  })
  void numbersHaveFourDigits(double value, String text) {
    assertThat(Figures.of(value)).isEqualTo(text);
  }
}
