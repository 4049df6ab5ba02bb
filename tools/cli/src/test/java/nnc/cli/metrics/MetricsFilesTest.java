package nnc.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsFilesTest {
  @TempDir Path directory;

  /** Eight steps an epoch. */
  private static EpochReport report(int epoch, double loss) {
    Map<String, Double> train = new LinkedHashMap<>();
    train.put("loss", loss);
    train.put("accuracy", 0.25);
    return new EpochReport(
        epoch, 8L * epoch, 0.5, 100, train, Optional.of(Map.of("loss", loss + 1)));
  }

  private MetricsFiles files(int completed, double trained, long steps) {
    return new MetricsFiles(Optional.of(directory), Optional.empty(), completed, trained, steps);
  }

  private void write(int completed, long steps, EpochReport... reports) {
    try (MetricsFiles files = files(completed, completed, steps)) {
      for (EpochReport report : reports) {
        files.add(report);
      }
    }
  }

  /** Intervals of two steps, the first of which are those behind the given step. */
  private static void intervals(MetricsFiles files, int from, double... losses) {
    for (int i = 0; i < losses.length; i++) {
      int step = from + 2 * (i + 1);
      files.add(new IntervalReport(step / 8.0, step, Map.of("loss", losses[i])));
    }
  }

  /** Killed in its thirteenth step, when the checkpoint was of the eleventh. */
  @Test
  void intervalsGoOnBehindThoseOfTheCheckpoint() throws IOException {
    try (MetricsFiles files = files(0, 0, 0)) {
      intervals(files, 0, 4, 3, 2, 1);
      files.add(report(1, 2.5));
      intervals(files, 8, 0.75, 9);
    }
    byte[] picture = Files.readAllBytes(directory.resolve("curves.png"));
    try (MetricsFiles files = files(1, 1.25, 11)) {
      intervals(files, 10, 0.5, Double.NaN, 0.25);
    }
    assertThat(directory.resolve("steps.csv"))
        .hasContent(
            """
            epoch,step,train.loss
            0.25,2,4.0
            0.5,4,3.0
            0.75,6,2.0
            1.0,8,1.0
            1.25,10,0.75
            1.5,12,0.5
            1.75,14,
            2.0,16,0.25
            """);
    assertThat(events())
        .contains(
            "step 8 steps/loss 1.0", "step 8 train/loss 2.5 train/accuracy 0.25 held_out/loss 3.5")
        .endsWith("step 12 steps/loss 0.5", "step 14 steps/loss NaN", "step 16 steps/loss 0.25")
        .hasSize(1 + 8 + 1);
    assertThat(Files.readAllBytes(directory.resolve("curves.png"))).isNotEqualTo(picture);
  }

  /** Over an earlier training, and stopped before its first interval had ended. */
  @Test
  void beforeItsFirstIntervalATrainingHasNone() throws IOException {
    try (MetricsFiles files = files(0, 0, 0)) {
      intervals(files, 0, 9, 9, 9);
    }
    try (MetricsFiles files = files(0, 0, 3)) {
      intervals(files, 2, 0.5);
    }
    assertThat(directory.resolve("steps.csv")).hasContent("epoch,step,train.loss\n0.5,4,0.5\n");
    assertThat(events()).containsExactly("step 0 brain.Event:2", "step 4 steps/loss 0.5");
  }

  @Test
  void anIntervalThatWasCutOffIsTakenAway() throws IOException {
    try (MetricsFiles files = files(0, 0, 0)) {
      intervals(files, 0, 4, 3.125);
    }
    Path file = directory.resolve("steps.csv");
    Files.writeString(file, Files.readString(file).replace("3.125\n", "3.1"));
    try (MetricsFiles files = files(0, 0.5, 4)) {
      intervals(files, 4, 2);
    }
    assertThat(file).hasContent("epoch,step,train.loss\n0.25,2,4.0\n0.75,6,2.0\n");
  }

  /** There is no epoch yet, and a curve all the same. */
  @Test
  void thePictureHasTheIntervalsOfAnEpochThatHasNotEnded() throws IOException {
    try (MetricsFiles files = files(0, 0, 0)) {
      intervals(files, 0, 4, 3, 2);
    }
    BufferedImage picture = ImageIO.read(directory.resolve("curves.png").toFile());
    assertThat(picture.getHeight()).isEqualTo(Charts.HEIGHT);
    assertThat(colours(picture, 0)).contains(Curves.WITHIN.getRGB());
  }

  @Test
  void theTableHasARowForEachEpochAndLeavesOutWhatIsNotFinite() throws IOException {
    write(0, 0, report(1, 0.5), report(2, Double.NaN));
    assertThat(directory.resolve("metrics.csv"))
        .hasContent(
            """
            epoch,step,seconds,examples_per_second,train.loss,train.accuracy,held_out.loss
            1,8,0.5,100.0,0.5,0.25,1.5
            2,16,0.5,100.0,,0.25,
            """);
  }

  /** The second epoch was written down, and its checkpoint was not: stopped in its third step. */
  @Test
  void allFilesGoOnBehindTheEpochsOfTheCheckpoint() throws IOException {
    write(0, 0, report(1, 0.5), report(2, 9), report(3, 9));
    byte[] picture = Files.readAllBytes(directory.resolve("curves.png"));
    write(1, 11, report(2, 0.25));
    assertThat(directory.resolve("metrics.csv"))
        .hasContent(
            """
            epoch,step,seconds,examples_per_second,train.loss,train.accuracy,held_out.loss
            1,8,0.5,100.0,0.5,0.25,1.5
            2,16,0.5,100.0,0.25,0.25,1.25
            """);
    assertThat(Files.readAllLines(directory.resolve("metrics.jsonl"))).hasSize(2);
    assertThat(events())
        .containsExactly(
            "step 0 brain.Event:2",
            "step 8 train/loss 0.5 train/accuracy 0.25 held_out/loss 1.5",
            "step 16 train/loss 0.25 train/accuracy 0.25 held_out/loss 1.25");
    assertThat(Files.readAllBytes(directory.resolve("curves.png"))).isNotEqualTo(picture);
  }

  @Test
  void aNewTrainingBeginsAllFilesAnew() throws IOException {
    write(0, 0, report(1, 9), report(2, 9));
    write(0, 0, report(1, 0.5));
    assertThat(directory.resolve("metrics.csv")).content().hasLineCount(2);
    assertThat(events()).hasSize(2);
  }

  /** Begun over an older training, and stopped in its first epoch, when no file had been touched. */
  @Test
  void beforeItsFirstEpochATrainingHasNoEvents() throws IOException {
    write(0, 0, report(1, 9), report(2, 9));
    write(0, 9, report(1, 0.5));
    assertThat(directory.resolve("metrics.csv")).content().hasLineCount(2);
    assertThat(events())
        .containsExactly(
            "step 0 brain.Event:2", "step 8 train/loss 0.5 train/accuracy 0.25 held_out/loss 1.5");
  }

  @Test
  void anEventThatWasCutOffIsTakenAway() throws IOException {
    write(0, 0, report(1, 0.5), report(2, 0.25));
    Path file = directory.resolve(EventFile.NAME);
    List<String> whole = events();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));
    write(2, 16, report(3, 0.125));
    assertThat(events()).startsWith(whole.get(0), whole.get(1)).hasSize(3);
  }

  @Test
  void thePictureHasAChartForEachMetric() throws IOException {
    write(0, 0, report(1, 0.5), report(2, 0.25), report(3, Double.POSITIVE_INFINITY));
    BufferedImage picture = ImageIO.read(directory.resolve("curves.png").toFile());
    assertThat(picture.getHeight()).isEqualTo(2 * Charts.HEIGHT);
    assertThat(colours(picture, 0)).contains(Curves.TRAIN.getRGB(), Curves.HELD_OUT.getRGB());
    assertThat(colours(picture, Charts.HEIGHT))
        .contains(Curves.TRAIN.getRGB())
        .doesNotContain(Curves.HELD_OUT.getRGB());
  }

  /** A chart without a line has nothing to show, and is no reason to end a training. */
  @Test
  void aMetricThatIsNeverFiniteHasAnEmptyChart() throws IOException {
    write(0, 0, new EpochReport(1, 8, 0.5, 100, Map.of("loss", Double.NaN), Optional.empty()));
    assertThat(ImageIO.read(directory.resolve("curves.png").toFile()).getHeight())
        .isEqualTo(Charts.HEIGHT);
  }

  private static List<Integer> colours(BufferedImage picture, int top) {
    List<Integer> colours = new ArrayList<>();
    for (int y = top; y < top + Charts.HEIGHT; y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        colours.add(picture.getRGB(x, y));
      }
    }
    return colours.stream().distinct().toList();
  }

  /** A reader of its own for TensorBoard's format, by its description; each event as text. */
  private List<String> events() throws IOException {
    List<String> events = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(Files.newInputStream(directory.resolve(EventFile.NAME)))) {
      while (in.available() > 0) {
        byte[] length = in.readNBytes(8);
        assertThat(in.readNBytes(4)).isEqualTo(masked(length));
        byte[] event = in.readNBytes((int) little(length).getLong());
        assertThat(in.readNBytes(4)).isEqualTo(masked(event));
        events.add(text(little(event), "event"));
      }
    }
    return events;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] masked(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    long crc = sum.getValue();
    long masked = ((crc >> 15 | crc << 17) + 0xa282ead8L) & 0xffffffffL;
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) masked).array();
  }

  private static String text(ByteBuffer message, String kind) {
    List<String> parts = new ArrayList<>();
    while (message.hasRemaining()) {
      String field = kind + " " + (message.get() & 0xff);
      switch (field) {
        case "event 9" -> assertThat(message.getDouble()).isGreaterThan(1.6e9);
        case "event 16" -> parts.add("step " + varint(message));
        case "event 26", "value 10" -> parts.add(StandardCharsets.UTF_8.decode(part(message)) + "");
        case "event 42" -> parts.add(text(part(message), "summary"));
        case "summary 10" -> parts.add(text(part(message), "value"));
        case "value 21" -> parts.add("" + message.getFloat());
        default -> throw new AssertionError(field);
      }
    }
    return String.join(" ", parts);
  }

  private static ByteBuffer part(ByteBuffer message) {
    int length = (int) varint(message);
    ByteBuffer part = message.slice(message.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    message.position(message.position() + length);
    return part;
  }

  private static long varint(ByteBuffer message) {
    long value = 0;
    byte next;
    int shift = 0;
    do {
      next = message.get();
      value += (long) (next & 127) << shift;
      shift += 7;
    } while ((next & 128) != 0);
    return value;
  }
}
