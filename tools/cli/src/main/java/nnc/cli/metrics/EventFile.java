package nnc.cli.metrics;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;
import nnc.cli.output.WholeFiles;

/**
 * A file of events for TensorBoard: a scalar for each figure of each epoch, and of each interval, by step.
 *
 * <p>A record is its length, the masked CRC32C of the length, an event, and the event's masked CRC32C
 * (tensorflow/core/lib/io/record_writer.h). An event is a protobuf message (tensorflow/core/util/event.proto): {@code double
 * wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5}, where a summary is {@code repeated Value value
 * = 1}, and a value {@code string tag = 1; float simple_value = 2}.
 */
final class EventFile implements MetricsFile {
  /** TensorBoard reads files that have {@code tfevents} in their names. */
  static final String NAME = "events.out.tfevents.nnc";

  /** Between the length and the event stands the length's check, behind the event its own. */
  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

  private static final int CHECK_MASK = 0xa282ead8;
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int DELIMITED = 2;
  private static final int FOUR_BYTES = 5;
  private static final int WALL_TIME_BYTES = 1 + Double.BYTES;

  private final Path file;
  private final long steps;
  private boolean begun;

  /** @param steps how many steps the training has behind it: events of later ones are taken away */
  EventFile(Path file, long steps) {
    this.file = file;
    this.steps = steps;
  }

  @Override
  public void add(EpochReport report) {
    add(report.step(), "", report.figures("/"));
  }

  @Override
  public void add(IntervalReport report) {
    add(report.step(), "steps/", report.train());
  }

  @Override
  public void add(ProbeReport report) {
    report
        .tensors()
        .forEach(
            (name, statistics) -> add(report.step(), "probes/" + name + "/", statistics.figures()));
  }

  private void add(long step, String group, Map<String, Double> figures) {
    try {
      if (!begun) {
        begin();
      }
      Message summary = new Message();
      figures.forEach((name, value) ->
          summary.field(1, new Message().field(1, group + name).field(2, value.floatValue())));
      append(event(step).field(5, summary));
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
  }

  private void begin() throws IOException {
    begun = true;
    WholeFiles.makeDirectories(WholeFiles.directoryOf(file));
    try (FileChannel events =
        FileChannel.open(file, CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      events.truncate(steps == 0 ? 0 : endOfCompleted(Files.readAllBytes(file)));
      if (events.size() > 0) {
        return;
      }
    }
    append(event(0).field(3, "brain.Event:2"));
  }

  /** Where the events of steps that are done end. */
  private long endOfCompleted(byte[] bytes) {
    ByteBuffer records = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = 0;
    while (records.limit() - end > HEADER_BYTES + WALL_TIME_BYTES) {
      long next = end + HEADER_BYTES + records.getLong(end) + Integer.BYTES;
      if (next <= end || next > records.limit() || step(records, end + HEADER_BYTES) > steps) {
        return end;
      }
      end = (int) next;
    }
    return end;
  }

  /** The step of an event, which stands behind its wall time. */
  private static long step(ByteBuffer records, int event) {
    long step = 0;
    int at = event + WALL_TIME_BYTES + 1;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte group = records.get(at++);
      step |= (group & 0x7fL) << shift;
      if (group >= 0) {
        break;
      }
    }
    return step;
  }

  private static Message event(long step) {
    return new Message().field(1, System.currentTimeMillis() / 1000.0).field(2, step);
  }

  private void append(Message event) throws IOException {
    byte[] bytes = event.bytes();
    ByteBuffer record =
        ByteBuffer.allocate(HEADER_BYTES + bytes.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(bytes.length).putInt(check(record.array(), Long.BYTES));
    record.put(bytes).putInt(check(bytes, bytes.length));
    Files.write(file, record.array(), APPEND);
  }

  private static int check(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return Integer.rotateRight((int) sum.getValue(), 15) + CHECK_MASK;
  }

  /** A protobuf message while it is written: each field is its number and kind, then its value. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] bytes() {
      return out.toByteArray();
    }

    Message field(int number, long value) {
      return varint(number << 3 | VARINT).varint(value);
    }

    Message field(int number, double value) {
      return fixed(number << 3 | EIGHT_BYTES, Double.doubleToLongBits(value), Double.BYTES);
    }

    Message field(int number, float value) {
      return fixed(number << 3 | FOUR_BYTES, Float.floatToIntBits(value), Float.BYTES);
    }

    Message field(int number, String value) {
      return delimited(number, value.getBytes(StandardCharsets.UTF_8));
    }

    Message field(int number, Message value) {
      return delimited(number, value.bytes());
    }

    private Message delimited(int number, byte[] value) {
      varint(number << 3 | DELIMITED).varint(value.length).out.writeBytes(value);
      return this;
    }

    private Message fixed(int key, long bits, int bytes) {
      varint(key);
      for (int i = 0; i < bytes; i++) {
        out.write((int) (bits >>> i * Byte.SIZE));
      }
      return this;
    }

    /** Seven bits a byte, the lowest first; the eighth says that more follow. */
    private Message varint(long value) {
      long rest = value;
      for (; rest >>> 7 != 0; rest >>>= 7) {
        out.write((int) (rest & 0x7f | 0x80));
      }
      out.write((int) rest);
      return this;
    }
  }
}
