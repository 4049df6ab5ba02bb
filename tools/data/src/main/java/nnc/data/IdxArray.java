package nnc.data;

/**
 * The content of an IDX file.
 *
 * @param source the file's name as the user wrote it
 * @param shape the sizes of the axes, each at least 1; the first axis counts the rows
 * @param values row-major; neither array is copied
 */
public record IdxArray(String source, int[] shape, float[] values) {
  public IdxArray {
    long elements = 1;
    for (int size : shape) {
      elements *= size;
    }
    if (shape.length < 1 || elements < 1 || elements != values.length) {
      throw new IllegalArgumentException(
          "the shape of " + source + " does not fit " + values.length + " values");
    }
  }
}
