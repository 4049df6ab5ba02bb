package nnc.runtime;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a safetensors file, in memory.
 *
 * <p>The format (huggingface/safetensors): eight bytes with the header's length N, little-endian; N
 * bytes of JSON, {@code {"W": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}}, with
 * texts under {@code __metadata__}; then the elements, little-endian and row-major, without a gap.
 * Read are F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL.
 *
 * <p>A file is not trusted: every size is checked against the file's own length before memory is
 * taken for it, and a file that contradicts itself anywhere is refused as a whole with a {@link
 * TensorFileException}. Values are not judged: NaN and infinities are read as they are.
 */
public final class Safetensors {
  private static final int LENGTH_BYTES = 8;

  private final String file;
  private final SafetensorsHeader header;
  private final Map<String, ByteBuffer> data;

  private Safetensors(String file, SafetensorsHeader header, Map<String, ByteBuffer> data) {
    this.file = file;
    this.header = header;
    this.data = data;
  }

  /**
   * What a file says about one tensor.
   *
   * @param dtype the element type as the file writes it: {@code F32} …
   * @param shape the sizes of the axes; empty for a scalar
   */
  public record Tensor(String name, String dtype, int[] shape) {
    public Tensor {
      shape = shape.clone();
    }

    /** The sizes of the axes: a copy. */
    @Override
    public int[] shape() {
      return shape.clone();
    }

    /** The number of elements. */
    public long elements() {
      long elements = 1;
      for (int size : shape) {
        elements *= size;
      }
      return elements;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Tensor that
          && name.equals(that.name)
          && dtype.equals(that.dtype)
          && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * name.hashCode() + dtype.hashCode()) + Arrays.hashCode(shape);
    }

    /** {@code W: F32[2, 3]}. */
    @Override
    public String toString() {
      return name + ": " + dtype + Arrays.toString(shape);
    }
  }

  /** Reads a whole file. The thread's interruption does not stop it. */
  public static Safetensors read(Path path) {
    String file = path.toString();
    if (!Files.isRegularFile(path)) {
      String found =
          Files.isDirectory(path)
              ? "a directory"
              : Files.exists(path) ? "a device or pipe" : "no such file";
      throw new TensorFileException(file, "", "a safetensors file", found, "check the path");
    }
    try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
      return read(
          file,
          in.length(),
          (from, length) -> {
            byte[] bytes = new byte[length];
            in.seek(from);
            in.readFully(bytes);
            return ByteBuffer.wrap(bytes);
          });
    } catch (EOFException shrunk) {
      throw new TensorFileException(
          file,
          "",
          "a file that stays as it is",
          "that it shrank while it was read",
          "read it again");
    } catch (IOException e) {
      throw new TensorFileException(
          file, "", "a readable file", e.getMessage(), "check the file's permissions");
    }
  }

  /**
   * Reads the content of a file that is in memory already, such as a resource of a jar.
   *
   * @param content must not change afterwards: it is not copied
   * @param name what errors call the file
   */
  public static Safetensors read(byte[] content, String name) {
    try {
      return read(
          name,
          content.length,
          (from, length) -> ByteBuffer.wrap(content).slice((int) from, length));
    } catch (IOException e) {
      throw new AssertionError("memory is read without input or output", e);
    }
  }

  /** The bytes {@code from} (inclusive) to {@code from + length} (exclusive) of a file. */
  private interface Section {
    ByteBuffer read(long from, int length) throws IOException;
  }

  private static Safetensors read(String file, long length, Section section) throws IOException {
    if (length < LENGTH_BYTES) {
      throw new TensorFileException(
          file,
          "",
          "at least 8 bytes, the header's length",
          length + " bytes",
          SafetensorsHeader.DAMAGED);
    }
    long headerLength = section.read(0, LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(SafetensorsHeader.LONGEST, length - LENGTH_BYTES);
    if (headerLength < 0 || headerLength > most) {
      throw new TensorFileException(
          file,
          "",
          "a header of at most " + most + " bytes",
          "a length of " + Long.toUnsignedString(headerLength),
          SafetensorsHeader.DAMAGED);
    }
    long dataStart = LENGTH_BYTES + headerLength;
    SafetensorsHeader header =
        SafetensorsHeader.parse(
            file, utf8(file, section.read(LENGTH_BYTES, (int) headerLength)), length - dataStart);
    if (length - dataStart > Runtime.getRuntime().maxMemory()) {
      throw new TensorFileException(
          file,
          "",
          "at most "
              + Runtime.getRuntime().maxMemory()
              + " bytes of data, all the memory of this process",
          (length - dataStart) + " bytes",
          "give Java more memory (-Xmx)");
    }
    Map<String, ByteBuffer> data = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry entry : header.entries().values()) {
      ByteBuffer bytes = section.read(dataStart + entry.from(), entry.bytes());
      data.put(entry.tensor().name(), bytes.order(ByteOrder.LITTLE_ENDIAN));
    }
    return new Safetensors(file, header, data);
  }

  private static String utf8(String file, ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new TensorFileException(
          file, "", "a header in UTF-8", "bytes that are none", SafetensorsHeader.DAMAGED);
    }
  }

  /** A writer without tensors. */
  public static SafetensorsWriter writer() {
    return new SafetensorsWriter();
  }

  /** The file's name, as errors call it. */
  public String file() {
    return file;
  }

  /** The texts under {@code __metadata__}, in the file's order; unmodifiable. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** The tensors' names, in the file's order; unmodifiable. */
  public Set<String> names() {
    return header.entries().keySet();
  }

  public boolean has(String name) {
    return header.entries().containsKey(name);
  }

  /**
   * @throws TensorFileException if the file has no tensor of that name
   */
  public Tensor tensor(String name) {
    return entry(name).tensor();
  }

  /**
   * The elements in row-major order, rounded to the nearest float: an array of its own.
   *
   * @throws TensorFileException if there is no such tensor, or a finite element is beyond every
   *     finite float
   */
  public float[] floats(String name) {
    SafetensorsHeader.Entry entry = entry(name);
    float[] floats = new float[elements(entry)];
    if (entry.dtype() == SafetensorsDtype.F32) {
      data.get(name).asFloatBuffer().get(floats);
      return floats;
    }
    for (int i = 0; i < floats.length; i++) {
      double number = number(entry, i);
      floats[i] = (float) number;
      if (Float.isInfinite(floats[i]) && !Double.isInfinite(number)) {
        throw wrongElement(entry, i, "numbers that a float can hold", Double.toString(number));
      }
    }
    return floats;
  }

  /**
   * The elements in row-major order: an array of its own. Exact, but for I64 beyond 2^53, which is
   * rounded.
   *
   * @throws TensorFileException if there is no such tensor
   */
  public double[] doubles(String name) {
    SafetensorsHeader.Entry entry = entry(name);
    double[] doubles = new double[elements(entry)];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = number(entry, i);
    }
    return doubles;
  }

  /**
   * The elements in row-major order: an array of its own.
   *
   * @throws TensorFileException if there is no such tensor, or an element is no whole number of 32
   *     bits
   */
  public int[] ints(String name) {
    SafetensorsHeader.Entry entry = entry(name);
    int[] ints = new int[elements(entry)];
    for (int i = 0; i < ints.length; i++) {
      double number = number(entry, i);
      ints[i] = (int) number;
      if (ints[i] != number) {
        throw wrongElement(entry, i, "whole numbers of 32 bits", Double.toString(number));
      }
    }
    return ints;
  }

  private double number(SafetensorsHeader.Entry entry, int index) {
    double number =
        entry.dtype().number(data.get(entry.tensor().name()), index * entry.dtype().bytes());
    if (entry.dtype() == SafetensorsDtype.BOOL && number != 0 && number != 1) {
      throw wrongElement(entry, index, "0 or 1 for BOOL", Double.toString(number));
    }
    return number;
  }

  private static int elements(SafetensorsHeader.Entry entry) {
    return entry.bytes() / entry.dtype().bytes();
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      String help =
          Nearest.to(name, names())
              .map(near -> "did you mean " + Quoted.text(near) + "?")
              .orElse("check the name");
      throw new TensorFileException(
          file, name, "a tensor of this name", Quoted.list(names()), help);
    }
    return entry;
  }

  private TensorFileException wrongElement(
      SafetensorsHeader.Entry entry, int index, String expected, String found) {
    return new TensorFileException(
        file,
        entry.tensor().name(),
        expected,
        found
            + " at element "
            + index
            + " of "
            + entry.tensor().dtype()
            + Arrays.toString(entry.tensor().shape()),
        "write the tensor again with values in range");
  }
}
