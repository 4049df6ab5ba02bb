package nnc.compiler.plan;

import java.util.Optional;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import org.jspecify.annotations.Nullable;

/**
 * A place in memory for one value. The planner fixes its offset once all lifetimes are known.
 *
 * <p>The one mutable part of a plan while it is being made; nothing changes it afterwards.
 */
public final class Buffer {
  /** Which array a buffer lies in. */
  public enum Space {
    MEMORY,
    PARAMETERS,
    STATE,
    /** A thread's own. */
    SCRATCH
  }

  /** The loop of a part that moves from item to item of a group. */
  public static final int ITEM = -1;

  private final String name;
  private final Space space;
  private final Shape shape;
  private int offset = -1;
  private int firstUse = Integer.MAX_VALUE;
  private int lastUse = -1;
  private boolean inference;
  private @Nullable Part part;

  /**
   * Where a buffer lies that is part of another one.
   *
   * @param start behind the beginning of the whole
   * @param stride how far it moves at each step of a loop
   * @param loop which one: 1 for the outermost; 0 for none; {@link #ITEM} for that over the items of a group
   */
  public record Part(Buffer whole, Size start, Size stride, int loop) {}

  Buffer(String name, Space space, Shape shape) {
    this.name = name;
    this.space = space;
    this.shape = shape;
  }

  static Buffer fixed(String name, Space space, Shape shape, int offset) {
    Buffer buffer = new Buffer(name, space, shape);
    buffer.offset = offset;
    return buffer;
  }

  static Buffer within(String name, Shape shape, Part part) {
    Buffer buffer = new Buffer(name, part.whole.space, shape);
    buffer.part = part;
    return buffer;
  }

  /** Where in another buffer it lies, if it does. */
  public Optional<Part> part() {
    return Optional.ofNullable(part);
  }

  /** The buffer that has a place of its own. */
  public Buffer root() {
    return part == null ? this : part.whole.root();
  }

  public String name() {
    return name;
  }

  public Space space() {
    return part == null ? space : part.whole.space();
  }

  public Shape shape() {
    return shape;
  }

  /** In floats, from the start of its array. */
  public int offset() {
    if (offset < 0) {
      throw new IllegalStateException("plan: buffer " + name + " has no place yet");
    }
    return offset;
  }

  /** The number of the first kernel that uses it; kernels are numbered in their order. */
  public int firstUse() {
    return firstUse;
  }

  public int lastUse() {
    return lastUse;
  }

  /** Whether computing outputs needs it. */
  public boolean inference() {
    return inference;
  }

  /** Whether it has a place yet. */
  public boolean isPlaced() {
    return offset >= 0;
  }

  /** From now on it lies in another one. */
  void moveTo(Part where) {
    part = where;
  }

  void place(int where) {
    offset = where;
  }

  void use(int kernel) {
    if (part != null) {
      root().use(kernel);
      return;
    }
    firstUse = Math.min(firstUse, kernel);
    lastUse = Math.max(lastUse, kernel);
  }

  void markInference() {
    if (part != null) {
      root().markInference();
      return;
    }
    inference = true;
  }

  /** At most. */
  public long elements() {
    return shape.elements().maximum();
  }

  @Override
  public String toString() {
    return name + shape;
  }
}
