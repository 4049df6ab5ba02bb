package nnc.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * IDX, the format of the MNIST files (LeCun, Cortes and Burges): two zero bytes, the element type,
 * the number of axes, the size of each axis in four bytes, then the elements, row-major; everything
 * big-endian.
 */
public final class Idx {
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int SIZE_BYTES = 4;
  private static final String DAMAGED = "the file is damaged or no IDX file: fetch it again";

  private final String source;
  private final InputStream in;

  private Idx(String source, InputStream in) {
    this.source = source;
    this.in = in;
  }

  /**
   * Reads a whole file, gzipped if its name ends in {@code .gz}. Elements become floats: integers
   * beyond 2^24 and doubles are rounded.
   *
   * @throws DataException if the file cannot be read, contradicts itself, or has an element that is
   *     no finite float
   */
  public static IdxArray read(Path file) {
    String source = file.toString();
    try (InputStream in = DataFile.open(file)) {
      return new Idx(source, in).read();
    } catch (IOException e) {
      throw DataFile.unreadable(source, e);
    }
  }

  static IdxArray read(InputStream in, String source) throws IOException {
    return new Idx(source, in).read();
  }

  private IdxArray read() throws IOException {
    byte[] magic = in.readNBytes(4);
    if (magic.length < 4 || magic[0] != 0 || magic[1] != 0) {
      String help =
          source.endsWith(".gz") ? DAMAGED : DAMAGED + ", or end its name in .gz if it is gzipped";
      String found =
          magic.length == 0 ? "an empty file" : HexFormat.ofDelimiter(" ").formatHex(magic);
      throw new DataException(
          source,
          "expected an IDX file, four bytes of which the first two are zero, found " + found,
          help);
    }
    IdxType type =
        IdxType.of(magic[2])
            .orElseThrow(() ->
                wrong(
                    "an element type of " + IdxType.codes(),
                    IdxType.hex(Byte.toUnsignedInt(magic[2]))));
    List<Integer> shape = shape(Byte.toUnsignedInt(magic[3]));
    long count = count(shape);
    IdxArray.Elements elements =
        type == IdxType.U8 ? bytes(type, shape, count) : floats(type, shape, count);
    if (in.read() >= 0) {
      throw wrong("the file's end after " + count + " elements of shape " + shape, "more bytes");
    }
    return new IdxArray(source, shape.stream().mapToInt(Integer::intValue).toArray(), elements);
  }

  private List<Integer> shape(int axes) throws IOException {
    if (axes == 0) {
      throw wrong("at least one axis", "0 axes");
    }
    byte[] sizes = in.readNBytes(axes * SIZE_BYTES);
    if (sizes.length < axes * SIZE_BYTES) {
      throw wrong("the sizes of " + axes + " axes", "the file's end");
    }
    List<Integer> shape = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      int size = ByteBuffer.wrap(sizes).getInt(axis * SIZE_BYTES);
      if (size < 1) {
        throw wrong(
            "sizes of 1 to 2147483647",
            "size " + Integer.toUnsignedString(size) + " of axis " + axis);
      }
      shape.add(size);
    }
    return shape;
  }

  private long count(List<Integer> shape) {
    long count = 1;
    for (int size : shape) {
      if (count > Long.MAX_VALUE / size) {
        throw tooLarge(shape);
      }
      count *= size;
    }
    return count;
  }

  private DataException tooLarge(List<Integer> shape) {
    return new DataException(
        source,
        "expected elements that fit in memory, found shape " + shape,
        "check that the file is whole, split it, or give Java more memory (-Xmx)");
  }

  /** Memory grows with what has been read, not with what a header promises. */
  private IdxArray.Elements bytes(IdxType type, List<Integer> shape, long count)
      throws IOException {
    if (count > Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory())) {
      throw tooLarge(shape);
    }
    byte[] values = in.readNBytes((int) count);
    if (values.length < count) {
      throw truncated(type, shape, count, values.length);
    }
    return new IdxArray.Bytes(values);
  }

  private IdxArray.Elements floats(IdxType type, List<Integer> shape, long count)
      throws IOException {
    FloatStore values = new FloatStore();
    int inChunk = CHUNK_BYTES / type.bytes();
    while (values.size() < count) {
      int wanted = (int) Math.min(inChunk, count - values.size());
      byte[] chunk = in.readNBytes(wanted * type.bytes());
      if (chunk.length < wanted * type.bytes()) {
        throw truncated(type, shape, count, values.size() * type.bytes() + chunk.length);
      }
      ByteBuffer data = ByteBuffer.wrap(chunk);
      for (int i = 0; i < wanted; i++) {
        float value = type.number(data, i * type.bytes());
        if (!Float.isFinite(value)) {
          throw notFinite(values.size(), count / shape.getFirst(), value);
        }
        values.add(value);
      }
    }
    return new IdxArray.Floats(values.finish());
  }

  private DataException truncated(IdxType type, List<Integer> shape, long count, long found) {
    return wrong(
        count * type.bytes() + " bytes of " + type + " for shape " + shape, found + " bytes");
  }

  private DataException notFinite(long element, long rowLength, float value) {
    return new DataException(
        source,
        "expected finite numbers, found "
            + value
            + " at element "
            + element % rowLength
            + " of row "
            + element / rowLength,
        "write the file again without it (elements and rows are counted from 0)");
  }

  private DataException wrong(String expected, String found) {
    return new DataException(source, "expected " + expected + ", found " + found, DAMAGED);
  }
}
