package nnc.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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

  /** Deflate packs no more than 258 bytes, its longest repetition, into two bits. */
  private static final int HIGHEST_COMPRESSION = 1032;

  private final String source;
  private final InputStream in;
  private final long mostBytes;

  private Idx(String source, InputStream in, long mostBytes) {
    this.source = source;
    this.in = in;
    this.mostBytes = mostBytes;
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
      return new Idx(source, in, Files.size(file) * HIGHEST_COMPRESSION).read();
    } catch (IOException e) {
      throw DataFile.unreadable(source, e);
    }
  }

  static IdxArray read(InputStream in, String source) throws IOException {
    return new Idx(source, in, 0).read();
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
    int elements = elements(shape);
    float[] values = values(type, shape, elements);
    if (in.read() >= 0) {
      throw wrong("the file's end after " + elements + " elements of shape " + shape, "more bytes");
    }
    return new IdxArray(source, shape.stream().mapToInt(Integer::intValue).toArray(), values);
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

  private int elements(List<Integer> shape) {
    // No array is longer, and no heap that is smaller could hold it.
    long most = Math.min(Values.MOST, Runtime.getRuntime().maxMemory() / Float.BYTES);
    long elements = 1;
    for (int size : shape) {
      elements *= size;
      if (elements > most) {
        throw new DataException(
            source,
            "expected at most " + most + " elements, which fit in memory, found shape " + shape,
            "check that the file is whole, split it, or give Java more memory (-Xmx)");
      }
    }
    return (int) elements;
  }

  private float[] values(IdxType type, List<Integer> shape, int elements) throws IOException {
    Values values = new Values((int) Math.min(elements, mostBytes / type.bytes()));
    int inChunk = CHUNK_BYTES / type.bytes();
    while (values.size() < elements) {
      int count = Math.min(inChunk, elements - values.size());
      byte[] chunk = in.readNBytes(count * type.bytes());
      if (chunk.length < count * type.bytes()) {
        long found = (long) values.size() * type.bytes() + chunk.length;
        throw wrong(
            (long) elements * type.bytes() + " bytes of " + type + " for shape " + shape,
            found + " bytes");
      }
      values.reserve(count);
      ByteBuffer data = ByteBuffer.wrap(chunk);
      for (int i = 0; i < count; i++) {
        float value = type.number(data, i * type.bytes());
        if (!Float.isFinite(value)) {
          throw notFinite(values.size(), elements / shape.getFirst(), value);
        }
        values.add(value);
      }
    }
    return values.toArray();
  }

  private DataException notFinite(int element, int rowLength, float value) {
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
