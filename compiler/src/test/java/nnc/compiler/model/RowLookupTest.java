package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** E[ids]. */
class RowLookupTest {
  private static final String GIVEN =
      "dim B = 2; dim d = 3; input x: i32[B]; input r: f32[B]; input s: i32[B, 4]; param E: [5, d]";

  private static final Map<String, double[]> VALUES =
      Map.of(
          "x",
          new double[] {2, 0},
          "r",
          new double[] {1.9, 0.2},
          "s",
          new double[] {0, 1, 2, 3, 3, 2, 1, 0},
          "E",
          new double[] {0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42});

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "E[x]                    | 20 21 22 0 1 2",
        "E[x, 1]                 | 21 1",
        "E[x, 1..]               | 21 22 1 2",
        "E[x, ..]                | 20 21 22 0 1 2",
        "E[..., 2][x]            | 22 2",
        "E[x + 1, 0]             | 30 10",
        "E[floor(r), 0]          | 10 0",
        "E[where(r > 1, x, 4), 0]| 20 40",
        "E[s[..., 3], 0]         | 30 0",
        "E[argmax(s), 0]         | 30 0",
        "sum(E[x] over d)        | 63 3",
        "mean(E[s] over (1, d))  | 16 16",
      })
  void looksRowsUp(String expression, String expected) {
    double[] values = Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
    Equation equation = new Equation(GIVEN, expression);
    assertThat(equation.value(VALUES)).containsExactly(values);
    assertThat(equation.disagreement(VALUES)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "E[r]            | type  | rows are looked up by whole numbers",
        "E[x / 2]        | type  | rows are looked up by whole numbers",
        "E[x == 1]       | type  | rows are looked up by whole numbers",
        "E[.., x]        | index | ids look up the first axis, this is axis 1",
        "E[x..2]         | index | a position was expected here",
        "E[x, 0, 0]      | shape | 3 subscripts for a tensor of 2 axes",
      })
  void tellsOfIdsThatAreNone(String expression, String kind, String message) {
    Diagnostic told =
        catchThrowableOfType(CompileException.class, () -> new Equation(GIVEN, expression))
            .diagnostics()
            .getFirst();
    assertThat(told.id()).isEqualTo(kind);
    assertThat(told.message()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "E[x]                                                      | 5 |",
        "E[x] + E[1..][x]                                            | 4 |",
        "E[reshape(x, (B, 1))]                                     | 5 |",
        "E[x, 0] * sum(one_hot(x, 9, ignore = -1) over 1) | 5 |",
        "E[x, 0] * sum(one_hot(x, 3, ignore = 4) over 1)  | 3 | 4",
        "E[x + 1]                                                  |   |",
      })
  void saysWhichIdsAreLegal(String expression, Integer classes, Integer ignored) {
    Optional<TypedModel.IdRange> found =
        new Equation(GIVEN, expression)
            .model().inputs().stream()
                .filter(input -> input.name().equals("x"))
                .findFirst()
                .orElseThrow()
                .idRange();
    assertThat(found)
        .isEqualTo(Optional.ofNullable(classes).map(rows -> new TypedModel.IdRange(rows, ignored)));
  }

  @Test
  void theAxesOfTheIdsComeFirst() {
    Equation equation =
        new Equation("input s: i32[2, 4]; param E: [5, 3, 2]", "E[permute(s, (1, 0))]");
    assertThat(equation.shape()).containsExactly(4, 2, 3, 2);
  }
}
