package nnc.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import nnc.compiler.Project;
import nnc.compiler.model.Models;
import nnc.compiler.model.Program;
import nnc.compiler.source.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PreparationTest {
  private static Preparation of(String formula) {
    String text =
        """
        model M {
          dim B = 2
          input x: f32[B]
          W = Dense(1)
          loss = mean(W(reshape(x, (B, 1))))
        }
        train M { data csv("a.csv") { x = FORMULA }
        optimizer SGD() }
        """;
    Program program =
        Project.of(new Source("m.nn", text.replace("FORMULA", formula)), Optional.empty());
    return new Preparation(
        Models.elaborate(program, Map.of())
            .train()
            .data()
            .orElseThrow()
            .mappings()
            .getFirst()
            .preparation());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          column(0)            | 3   | 3
          column(0) / 16       | 3   | 0.1875
          (column(0) - 2) * 10 | 2.5 | 5
          log(1 + column(0))   | 0   | 0
          log(1 + column(0))   | 1   | 0.6931472
          column(0) * 0 + 7    | -1  | 7
          max(column(0), 1)    | 0.5 | 1
          """)
  void aFormulaIsAppliedToEachValue(String formula, float raw, float prepared) {
    Preparation preparation = of(formula);
    assertThat(preparation.apply(raw)).isEqualTo(prepared);
    assertThat(preparation.apply(raw)).isEqualTo(prepared);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void valuesThatShareAPlaceInMemoryDoNotMix(int seed) {
    Preparation preparation = of("column(0) * 2 + 1");
    for (int i = 0; i < 20_000; i++) {
      float raw = (i * 7919 + seed) % 10_007 / 3f;
      assertThat(preparation.apply(raw)).isEqualTo((float) (raw * 2.0 + 1.0));
    }
  }
}
