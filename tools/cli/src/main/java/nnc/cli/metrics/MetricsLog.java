package nnc.cli.metrics;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import nnc.cli.output.Json;
import nnc.cli.output.WholeFiles;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A file of JSON lines, one an epoch. It is not touched before there is a first line to write: a training that fails at once
 * leaves the log of the one before as it is.
 */
final class MetricsLog implements MetricsFile {
  private final Path file;
  private final int completed;
  private @Nullable OutputStream out;

  /**
   * A log that begins anew, or, for a training that goes on, behind the lines of its completed epochs: lines of epochs that
   * were finished but not saved are taken away, since these will be trained again.
   *
   * @param completed how many epochs have been completed
   * @throws nnc.compiler.source.CompileException if it is known already that the file cannot be written
   */
  MetricsLog(Path file, int completed) {
    this.file = file;
    this.completed = completed;
    WholeFiles.requireWritable(WholeFiles.directoryOf(file));
    if (Files.exists(file) && !Files.isWritable(file) || Files.isDirectory(file)) {
      throw WholeFiles.unwritable(file, new AccessDeniedException(file.toString()));
    }
  }

  /** What a log says of the completed epochs; nothing if there is no log. */
  static List<EpochReport> history(Path file, int completed) {
    if (completed == 0 || !Files.isRegularFile(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .takeWhile(line -> isOf(completed, line))
          .map(line -> EpochReport.parse(Json.read(line)))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw WholeFiles.unwritable(file, new IOException("it cannot be read", e));
    }
  }

  @Override
  public void add(EpochReport report) {
    try {
      if (out == null) {
        boolean goesOn = completed > 0 && Files.isRegularFile(file);
        if (goesOn) {
          keepCompleted();
        }
        WholeFiles.makeDirectories(WholeFiles.directoryOf(file));
        out = Files.newOutputStream(file, CREATE, goesOn ? APPEND : TRUNCATE_EXISTING);
      }
      out.write((report.json() + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
  }

  private void keepCompleted() throws IOException {
    try (RandomAccessFile lines = new RandomAccessFile(file.toFile(), "rw")) {
      long end = 0;
      for (String line = lines.readLine();
          line != null && isOf(completed, line);
          line = lines.readLine()) {
        end = lines.getFilePointer();
      }
      lines.setLength(end);
    }
  }

  private static boolean isOf(int completed, String line) {
    try {
      return Json.read(line).path("epoch").asInt(Integer.MAX_VALUE) <= completed;
    } catch (JacksonException e) { // cut off in the middle
      return false;
    }
  }

  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
  }
}
