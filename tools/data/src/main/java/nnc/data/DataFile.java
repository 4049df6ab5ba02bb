package nnc.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import nnc.runtime.Quoted;

/** A file of data, unpacked while it is read if its name ends in {@code .gz}. */
public final class DataFile {
  private static final int BUFFER_BYTES = 1 << 16;

  private DataFile() {}

  /** What is wrong with a path that no file of data is at: expected, found. */
  public static Optional<String> missing(Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      return Optional.empty();
    }
    String found = Files.isDirectory(path) ? "a directory" : "no such file";
    return Optional.of("expected a file of data, found " + found);
  }

  /** @throws DataException if there is no such file, or it cannot be read */
  public static InputStream open(Path path) {
    String source = path.toString();
    missing(path)
        .ifPresent(problem -> {
          throw new DataException(source, problem, "check the path");
        });
    try {
      InputStream packed = Files.newInputStream(path);
      try {
        return source.endsWith(".gz") ? new GZIPInputStream(packed, BUFFER_BYTES) : packed;
      } catch (IOException e) {
        packed.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  /** What a failure to read means to the user. */
  static DataException unreadable(String source, IOException e) {
    return switch (e) {
      case ZipException damaged ->
          new DataException(
              source,
              "expected gzipped data, found " + Quoted.text(String.valueOf(e.getMessage())),
              "the file is damaged or not gzipped: fetch it again, or take .gz from its name");
      case EOFException truncated ->
          new DataException(
              source, "expected more gzipped data, found the file's end", "fetch the file again");
      case AccessDeniedException denied ->
          new DataException(
              source, "expected a readable file, found permission denied", "check its permissions");
      default ->
          new DataException(
              source,
              "expected a readable file, found " + Quoted.text(String.valueOf(e.getMessage())),
              "check the file and the disk");
    };
  }
}
