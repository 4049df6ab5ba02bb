package nnc.runtime;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Writes a safetensors file: gathers tensors, then writes them all at once. The same tensors in the
 * same order give the same bytes. The header keeps the order of the calls; the elements are laid
 * out with the wide types first, so that every tensor starts at a multiple of its element's size
 * and other readers can map it.
 */
public final class SafetensorsWriter {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int ALIGNMENT = 8;

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Pending> tensors = new LinkedHashMap<>();

  SafetensorsWriter() {}

  /**
   * Elements that are waiting to be written: {@code put} writes the elements from one index on into
   * a buffer.
   */
  private record Pending(
      String name, SafetensorsDtype dtype, int[] shape, int elements, Elements put) {
    long bytes() {
      return (long) elements * dtype.bytes();
    }
  }

  private interface Elements {
    void put(int from, int count, ByteBuffer to);
  }

  /** Adds a text to {@code __metadata__}; the last text of a key counts. */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds an F32 tensor: the elements of {@code values} from {@code offset} on, row-major. The array
   * is read when the file is written, not copied.
   */
  public SafetensorsWriter add(String name, int[] shape, float[] values, int offset) {
    int elements = elements(name, shape, values.length - offset, true);
    return add(
        new Pending(
            name,
            SafetensorsDtype.F32,
            shape.clone(),
            elements,
            (from, count, to) -> to.asFloatBuffer().put(values, offset + from, count)));
  }

  /** Adds an F64 tensor, row-major. The array is read when the file is written, not copied. */
  public SafetensorsWriter add(String name, int[] shape, double[] values) {
    int elements = elements(name, shape, values.length, false);
    return add(
        new Pending(
            name,
            SafetensorsDtype.F64,
            shape.clone(),
            elements,
            (from, count, to) -> to.asDoubleBuffer().put(values, from, count)));
  }

  /** Adds an I32 tensor, row-major. The array is read when the file is written, not copied. */
  public SafetensorsWriter add(String name, int[] shape, int[] values) {
    int elements = elements(name, shape, values.length, false);
    return add(
        new Pending(
            name,
            SafetensorsDtype.I32,
            shape.clone(),
            elements,
            (from, count, to) -> to.asIntBuffer().put(values, from, count)));
  }

  private static int elements(String name, int[] shape, int available, boolean mayBeMore) {
    boolean negative = false;
    double elements =
        1; // a product that cannot overflow, and exact wherever it can be equal to an array's
    // length
    for (int size : shape) {
      negative |= size < 0;
      elements *= size;
    }
    if (negative || !(elements == available || (mayBeMore && elements < available))) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + ": shape "
              + Arrays.toString(shape)
              + " does not fit "
              + available
              + " elements");
    }
    return (int) elements;
  }

  private SafetensorsWriter add(Pending tensor) {
    if (tensor.name.equals(SafetensorsHeader.METADATA)
        || tensors.putIfAbsent(tensor.name, tensor) != null) {
      throw new IllegalArgumentException(
          "two entries named " + tensor.name + " in a safetensors file");
    }
    return this;
  }

  /**
   * Writes the file so that its name always stands for a whole file, the old one or the new: the
   * bytes go to a temporary file in the same directory, are forced to the disk, and the file is
   * then renamed in one step. A symbolic link keeps pointing where it points. On any failure the
   * temporary file is removed and the old file stands. The thread's interruption does not stop it.
   *
   * @throws TensorFileException if the directory cannot be written, the disk is full, …
   */
  public void write(Path path) {
    Path temporary = null;
    try {
      Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
      if (Files.isDirectory(target)) {
        throw new TensorFileException(
            path.toString(), "", "the name of a file", "a directory", "choose another name");
      }
      temporary = temporaryBeside(target);
      try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
        writeTo(out);
        out.getFD().sync();
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      temporary = null;
      forceDirectory(target.getParent());
    } catch (IOException e) {
      throw new TensorFileException(
          path.toString(),
          "",
          "a directory that can be written",
          reason(e),
          "check that the directory exists, its permissions and the space that is left, or choose another");
    } finally {
      remove(temporary);
    }
  }

  /** A new empty file, with the permissions that the user's own files get. */
  private static Path temporaryBeside(Path target) throws IOException {
    String unique = UUID.randomUUID().toString().substring(0, 8);
    return Files.createFile(
        target.resolveSibling("." + target.getFileName() + "." + unique + ".tmp"));
  }

  private static void remove(Path temporary) {
    if (temporary != null) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // The failure that led here is the one to report.
        System.getLogger(SafetensorsWriter.class.getName())
            .log(System.Logger.Level.WARNING, "cannot remove " + temporary, e);
      }
    }
  }

  /**
   * Makes the renaming itself durable, where the system lets a directory be opened (Windows does
   * not).
   */
  private static void forceDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException notPossibleHere) {
      // The file is whole under its name; only its survival of a power cut in the next seconds is
      // at stake.
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such directory";
      case AccessDeniedException denied -> "permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  /** What {@link #write} would write. */
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writeTo(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private void writeTo(OutputStream out) throws IOException {
    List<Pending> layout = new ArrayList<>(tensors.values());
    layout.sort(Comparator.comparingInt((Pending tensor) -> tensor.dtype.bytes()).reversed());
    byte[] header = header(layout).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(header, (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, header.length, padded.length, (byte) ' ');
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(0, padded.length);
    out.write(buffer.array(), 0, Long.BYTES);
    out.write(padded);
    for (Pending tensor : layout) {
      int most = BUFFER_BYTES / tensor.dtype.bytes();
      for (int from = 0; from < tensor.elements; from += most) {
        int count = Math.min(most, tensor.elements - from);
        tensor.put.put(from, count, buffer);
        out.write(buffer.array(), 0, count * tensor.dtype.bytes());
      }
    }
  }

  private String header(List<Pending> layout) {
    Map<String, Long> starts = new LinkedHashMap<>();
    long end = 0;
    for (Pending tensor : layout) {
      starts.put(tensor.name, end);
      end += tensor.bytes();
    }
    List<String> fields = new ArrayList<>();
    if (!metadata.isEmpty()) {
      List<String> texts = new ArrayList<>();
      metadata.forEach((key, value) -> texts.add(json(key) + ":" + json(value)));
      fields.add(json(SafetensorsHeader.METADATA) + ":{" + String.join(",", texts) + "}");
    }
    for (Pending tensor : tensors.values()) {
      long start = starts.get(tensor.name);
      fields.add(
          String.format(
              Locale.ROOT,
              "%s:{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
              json(tensor.name),
              tensor.dtype,
              Arrays.toString(tensor.shape).replace(" ", ""),
              start,
              start + tensor.bytes()));
    }
    return "{" + String.join(",", fields) + "}";
  }

  static String json(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
