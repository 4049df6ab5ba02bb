package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.ir.Size;
import nnc.runtime.Worker;

/**
 * Steps of a recurrence in which no row of the batch meets another one: threads need not wait for each other at each step,
 * nor fetch what others have written, if each takes its own rows from the first step to the last.
 */
final class RowShares {
  /** With fewer rows, no two threads have a share each. */
  private static final int FEWEST_ROWS = 2 * Worker.FEWEST_ROWS;

  private RowShares() {}

  /** The rows that threads can share out: {@code count} of them, if that is true of all kernels. */
  static Optional<Size> of(List<Kernel> steps, Size count) {
    if (count.maximum() < FEWEST_ROWS) {
      return Optional.empty();
    }
    ItemAccess items = new ItemAccess(count);
    List<Buffer> written = steps.stream().flatMap(RowShares::writes).toList();
    boolean apart =
        steps.stream().allMatch(step -> isWhole(step) && items.hasItems(step))
            && steps.stream().allMatch(step -> touchesOwn(step, written, items));
    return apart ? Optional.of(count) : Optional.empty();
  }

  /** A batch of products outside of a group goes through all of its items; packing for one step needs all threads. */
  private static boolean isWhole(Kernel kernel) {
    return !(kernel instanceof Kernel.Loop loop)
        || loop.product().stream()
            .allMatch(head -> head.batch().isOne() && (head.packed().isEmpty() || head.uses() > 1));
  }

  /** Of what any step writes. */
  private static boolean touchesOwn(Kernel kernel, List<Buffer> written, ItemAccess items) {
    return Stream.concat(kernel.head().reads().stream(), writes(kernel))
        .allMatch(buffer -> {
          List<Buffer> same =
              written.stream().filter(other -> other.root() == buffer.root()).toList();
          return same.isEmpty()
              || same.stream().allMatch(other -> ItemAccess.isAligned(buffer, other))
                  && items.isOwn(kernel, buffer);
        });
  }

  /** But for operands that are packed before the first step. */
  private static Stream<Buffer> writes(Kernel kernel) {
    List<Buffer> writes = new ArrayList<>(kernel.head().writes());
    if (kernel instanceof Kernel.Loop loop) {
      loop.product().flatMap(Kernel.ProductHead::packed).ifPresent(writes::remove);
    }
    return writes.stream();
  }
}
