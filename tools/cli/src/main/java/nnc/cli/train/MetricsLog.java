package nnc.cli.train;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import nnc.cli.output.Json;
import nnc.cli.output.WholeFiles;
import tools.jackson.core.JacksonException;

/** A file of JSON lines, one an epoch. */
public final class MetricsLog implements AutoCloseable {
  private final Path file;
  private final OutputStream out;

  private MetricsLog(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Opens a log anew, or, for a training that goes on, behind the lines of its completed epochs: lines of epochs that were
   * finished but not saved are taken away, since these will be trained again.
   *
   * @param completed how many epochs have been completed
   * @throws nnc.compiler.source.CompileException if the file cannot be written
   */
  public static MetricsLog open(Path file, int completed) {
    try {
      boolean goesOn = completed > 0 && Files.isRegularFile(file);
      if (goesOn) {
        keep(file, completed);
      }
      return new MetricsLog(file, new FileOutputStream(file.toFile(), goesOn));
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
  }

  private static void keep(Path file, int completed) throws IOException {
    try (RandomAccessFile lines = new RandomAccessFile(file.toFile(), "rw")) {
      long end = 0;
      for (String line = lines.readLine(); line != null && isOf(line, completed); line = lines.readLine()) {
        end = lines.getFilePointer();
      }
      lines.setLength(end);
    }
  }

  private static boolean isOf(String line, int completed) {
    try {
      return Json.read(line).path("epoch").asInt(Integer.MAX_VALUE) <= completed;
    } catch (JacksonException e) { // cut off in the middle
      return false;
    }
  }

  public void add(EpochReport report) {
    try {
      out.write((report.json() + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw WholeFiles.unwritable(file, e);
    }
  }
}
