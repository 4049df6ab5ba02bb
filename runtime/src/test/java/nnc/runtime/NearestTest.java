package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestTest {
  private static final List<String> KNOWN =
      List.of("petal_length", "petal_width", "species", "p40", "p41");

  @ParameterizedTest
  @CsvSource({
    "petal_lenght, petal_length", // two letters changed places
    "PETAL_WIDTH, petal_width", // letter case costs nothing
    "speces, species", // one letter too few
    "p4, p40" // the first of the equally near
  })
  void aSlipFindsTheNameThatWasMeant(String wanted, String meant) {
    assertThat(Nearest.to(wanted, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "p", "q7", "temperature"})
  void aNameThatIsFarFromAllFindsNone(String wanted) {
    assertThat(Nearest.to(wanted, KNOWN)).isEmpty();
  }
}
