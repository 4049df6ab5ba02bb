package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives buffers their offsets: two that live at the same time never overlap, others share. What computing outputs needs lies
 * first, so that a session that only does this can end its memory there.
 */
final class MemoryPlan {
  /** Floats of a cache line: buffers begin at one. */
  private static final int LINE = 16;

  /** The first element of an arena that lies at a cache line. */
  static final int FIRST = 12;

  private final Choices choices;
  private final List<Buffer> placed = new ArrayList<>();
  private long end = FIRST;
  private long inferenceEnd = FIRST;

  MemoryPlan(Choices choices) {
    this.choices = choices;
  }

  /** Places buffers whose uses are known. */
  void place(List<Buffer> buffers) {
    List<Buffer> open = new ArrayList<>(buffers);
    open.sort(
        Comparator.comparing((Buffer buffer) -> !buffer.inference())
            .thenComparing(Comparator.comparingLong(Buffer::elements).reversed())
            .thenComparing(Buffer::firstUse));
    for (Buffer buffer : open) {
      long at = choices.allow(PlanChoice.SHARE_MEMORY) ? lowest(buffer) : aligned(end);
      choices.count(PlanChoice.SHARE_MEMORY, at < end ? 1 : 0);
      buffer.place(Math.toIntExact(at));
      placed.add(buffer);
      end = Math.max(end, at + buffer.elements());
      if (buffer.inference()) {
        inferenceEnd = Math.max(inferenceEnd, at + buffer.elements());
      }
    }
  }

  /** A stretch that lives from start to end and is shared with nothing. */
  int reserve(long elements) {
    long at = aligned(end);
    end = at + elements;
    return Math.toIntExact(at);
  }

  private long lowest(Buffer buffer) {
    List<Buffer> inTheWay =
        placed.stream()
            .filter(other ->
                other.firstUse() <= buffer.lastUse() && buffer.firstUse() <= other.lastUse())
            .sorted(Comparator.comparingInt(Buffer::offset))
            .toList();
    long at = FIRST;
    for (Buffer other : inTheWay) {
      if (other.offset() - at >= buffer.elements()) {
        break;
      }
      at = Math.max(at, aligned(other.offset() + other.elements()));
    }
    return at;
  }

  private static long aligned(long offset) {
    return (offset - FIRST + LINE - 1) / LINE * LINE + FIRST;
  }

  int end() {
    return Math.toIntExact(end);
  }

  int inferenceEnd() {
    return Math.toIntExact(inferenceEnd);
  }
}
