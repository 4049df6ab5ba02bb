package nnc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import nnc.compiler.model.Models;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Source;
import nnc.runtime.MemoryNeed;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CapacityTest {
  private static final int MEGABYTE = 1 << 20;

  private final TypedModel model =
      Models.elaborate(
          Project.of(
              new Source("m.nn", "model M { input x: f32[3]; output y = x }"), Optional.empty()),
          Map.of());

  private void check(int parameters, int state, int memory, int all, int array) {
    Capacity.requireRoom(
        model,
        new MemoryNeed(floats(parameters), floats(state), floats(memory)),
        new Capacity.Heap((long) all * MEGABYTE, (long) array * MEGABYTE));
  }

  private static long floats(int megabytes) {
    return (long) megabytes * MEGABYTE / Float.BYTES;
  }

  @ParameterizedTest
  @CsvSource({
    "100, 200, 300, 599, 599, 'parameters 100 MB, optimizer 200 MB, activations and gradients 300 MB, 600 MB in all; Java may use 599 MB',                                 2",
    "100, 200, 300, 900, 299, 'parameters 100 MB, optimizer 200 MB, activations and gradients 300 MB, 600 MB in all; Java may use 900 MB, 299 MB of it for large arrays', 2",
    "900,   0,   0, 899, 600, 'parameters 900 MB, optimizer 0 MB, activations and gradients 0 MB, 900 MB in all; Java may use 899 MB, 600 MB of it for large arrays',     2",
    "900, 900, 900, 100, 100, 'parameters 900 MB, optimizer 900 MB, activations and gradients 900 MB, 2.6 GB in all; Java may use 100 MB',                                5",
  })
  void whatHasNoRoomIsToldWithTheRemedy(
      int parameters, int state, int memory, int all, int array, String note, int gigabytes) {
    assertThatThrownBy(() -> check(parameters, state, memory, all, array))
        .asInstanceOf(InstanceOfAssertFactories.type(CompileException.class))
        .satisfies(e -> {
          Diagnostic told = e.diagnostics().getFirst();
          assertThat(told.message()).isEqualTo("the model needs more memory than Java may use");
          assertThat(told.notes()).containsExactly(note);
          assertThat(told.helps())
              .containsExactly(
                  "make the batch smaller, or give Java more: NNC_JAVA_OPTIONS=-Xmx%dg"
                      .formatted(gigabytes));
        });
  }

  @Test
  void whatFitsIsLetThrough() {
    check(100, 200, 300, 600, 300);
  }

  @Test
  void noArrayMayBeLargerThanTheHeap() {
    Capacity.Heap heap = Capacity.Heap.ofJava();
    assertThat(heap.all()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(heap.array()).isBetween(1L, heap.all());
  }
}
