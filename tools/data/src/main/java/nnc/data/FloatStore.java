package nnc.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Floats that are added one after the other and then read in any order. They stay in memory as long as there are few; beyond
 * that they move to a temporary file, which is mapped: so data may be larger than memory, and is visited in the same order
 * either way. Written by one thread; read by any number of them, after {@link #finish}.
 */
public final class FloatStore {
  private static final int SMALLEST = 1 << 12;
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  /** The part of Java's memory that data may take before it moves to a file. */
  private static final int PART_OF_MEMORY = 4;

  private final long mostInMemory;
  private float[] pending = new float[SMALLEST];
  private int filled;
  private long inFile;
  private FileChannel file;
  private MemorySegment segment;

  public FloatStore() {
    this(Runtime.getRuntime().maxMemory() / PART_OF_MEMORY / Float.BYTES);
  }

  /** One of so many stores that are filled together, and share that part of memory. */
  public static FloatStore among(int stores) {
    return new FloatStore(Runtime.getRuntime().maxMemory() / PART_OF_MEMORY / Float.BYTES / stores);
  }

  /** @param mostInMemory how many floats may stay in memory */
  FloatStore(long mostInMemory) {
    this.mostInMemory = Math.clamp(mostInMemory, SMALLEST, LARGEST);
  }

  /** Values that are in memory already; not copied. */
  public static FloatStore of(float[] values) {
    FloatStore store = new FloatStore(0);
    store.pending = values;
    store.filled = values.length;
    return store.finish();
  }

  /** Adds values behind those that are there. */
  public void add(float[] values, int from, int count) {
    for (int done = 0; done < count; ) {
      if (filled == pending.length && !grow()) {
        write();
      }
      int fits = Math.min(count - done, pending.length - filled);
      System.arraycopy(values, from + done, pending, filled, fits);
      filled += fits;
      done += fits;
    }
  }

  public void add(float value) {
    if (filled == pending.length && !grow()) {
      write();
    }
    pending[filled++] = value;
  }

  private boolean grow() {
    if (file != null || pending.length >= mostInMemory) {
      return false;
    }
    pending = Arrays.copyOf(pending, (int) Math.min(mostInMemory, 2L * pending.length));
    return true;
  }

  /** Moves what is pending to the file, which is removed when nobody reads it any more. */
  private void write() {
    try {
      if (file == null) {
        Path path = Files.createTempFile("nnc-data-", ".f32");
        file =
            FileChannel.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      }
      ByteBuffer bytes = ByteBuffer.allocate(SMALLEST * Float.BYTES).order(ByteOrder.nativeOrder());
      for (int done = 0; done < filled; done += SMALLEST) {
        int count = Math.min(SMALLEST, filled - done);
        bytes.clear().asFloatBuffer().put(pending, done, count);
        bytes.limit(count * Float.BYTES);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      }
      inFile += filled;
      filled = 0;
    } catch (IOException e) {
      throw new DataException(
          System.getProperty("java.io.tmpdir"),
          "data larger than memory is kept in a temporary file, which cannot be written: "
              + e.getMessage(),
          "make room there, name another place (-Djava.io.tmpdir=DIR), or give Java more memory (-Xmx)");
    }
  }

  /** Nothing is added after this. */
  public FloatStore finish() {
    if (file == null) {
      pending = filled == pending.length ? pending : Arrays.copyOf(pending, filled);
      segment = MemorySegment.ofArray(pending);
      return this;
    }
    write();
    pending = new float[0];
    try {
      segment = file.map(FileChannel.MapMode.READ_ONLY, 0, inFile * Float.BYTES, Arena.ofAuto());
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public long size() {
    return inFile + filled;
  }

  /** Copies {@code count} values from {@code from} on. */
  public void copy(long from, float[] to, int at, int count) {
    MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, from * Float.BYTES, to, at, count);
  }

  public float get(long at) {
    return segment.get(ValueLayout.JAVA_FLOAT, at * Float.BYTES);
  }
}
