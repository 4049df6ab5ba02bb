package nnc.data;

/**
 * The content of an IDX file.
 *
 * @param source the file's name as the user wrote it
 * @param shape the sizes of the axes, each at least 1; the first axis counts the rows
 * @param elements row-major
 */
public record IdxArray(String source, int[] shape, Elements elements) {
  /** The elements, as small as they may be kept. */
  public sealed interface Elements {
    long count();

    float get(long at);
  }

  /** Numbers from 0 to 255; not copied. */
  public record Bytes(byte[] values) implements Elements {
    @Override
    public long count() {
      return values.length;
    }

    @Override
    public float get(long at) {
      return Byte.toUnsignedInt(values[Math.toIntExact(at)]);
    }
  }

  /** Numbers of other types, which may be more than memory holds. */
  public record Floats(FloatStore values) implements Elements {
    @Override
    public long count() {
      return values.size();
    }

    @Override
    public float get(long at) {
      return values.get(at);
    }
  }

  public IdxArray {
    long count = 1;
    for (int size : shape) {
      count *= size;
    }
    if (shape.length < 1 || count < 1 || count != elements.count()) {
      throw new IllegalArgumentException(
          "the shape of " + source + " does not fit " + elements.count() + " values");
    }
  }

  public int rows() {
    return shape[0];
  }

  public int perRow() {
    return Math.toIntExact(elements.count() / shape[0]);
  }
}
