package nnc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import nnc.runtime.SourceMap.Place;
import org.junit.jupiter.api.Test;

class SourceMapTest {
  private static final SourceMap MAP =
      new SourceMap(
          new TreeMap<>(
              Map.of(
                  7, new Place("my model.nn", 12),
                  8, new Place("my model.nn", 12),
                  9, new Place("library/optimizers.nn", 5),
                  12, new Place("my model.nn", 12))));

  @Test
  void linesThatFollowEachOtherAreOneEntry() {
    assertThat(MAP.text("MForward.java"))
        .isEqualTo(
            """
            SMAP
            MForward.java
            NN
            *S NN
            *F
            + 1 my model.nn
            my model.nn
            + 2 optimizers.nn
            library/optimizers.nn
            *L
            12#1:7,2
            5#2:9,1
            12#1:12,1
            *E
            """);
  }

  @Test
  void whatWasWrittenCanBeRead() {
    assertThat(SourceMap.parse(MAP.text("MForward.java"))).isEqualTo(MAP);
    assertThat(MAP.place(9)).map(Place::toString).contains("optimizers.nn:5");
    assertThat(MAP.place(10)).isEmpty();
  }
}
