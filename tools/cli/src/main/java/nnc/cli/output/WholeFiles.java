package nnc.cli.output;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;

/** Writes files so that nobody ever sees half of one: all are written beside their places first, then renamed. */
public final class WholeFiles {
  /** What files are called before they are whole, here and where checkpoints are written. */
  private static final String LEFT_OVER = ".*." + "[0-9a-f]".repeat(8) + ".tmp";

  private WholeFiles() {}

  /**
   * Writes all files, making directories where there are none. If one cannot be written, none is.
   *
   * @throws CompileException that says which, and why
   */
  public static void write(Map<Path, byte[]> files) {
    Map<Path, Path> waiting = new LinkedHashMap<>();
    List<Path> directories = new ArrayList<>();
    Path current = Path.of("");
    try {
      for (Map.Entry<Path, byte[]> file : files.entrySet()) {
        current = file.getKey();
        Path target = current.toAbsolutePath();
        if (Files.isDirectory(target)) {
          throw new FileAlreadyExistsException(
              null, null, "a directory of this name is in the way");
        }
        makeDirectories(directoryOf(target), directories);
        Path beside =
            target.resolveSibling(
                "."
                    + target.getFileName()
                    + "."
                    + UUID.randomUUID().toString().substring(0, 8)
                    + ".tmp");
        waiting.put(beside, target);
        Files.write(beside, file.getValue());
      }
      for (Map.Entry<Path, Path> file : waiting.entrySet()) {
        current = file.getValue();
        Files.move(file.getKey(), file.getValue(), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      waiting.keySet().forEach(WholeFiles::remove);
      directories.reversed().forEach(WholeFiles::remove);
      throw unwritable(current, e);
    }
  }

  /**
   * Tries whether files can be written into a directory that may not be there yet, and leaves everything as it was.
   *
   * @throws CompileException that says why not
   */
  public static void requireWritable(Path directory) {
    List<Path> made = new ArrayList<>();
    try {
      makeDirectories(directory.toAbsolutePath(), made);
      Files.delete(Files.createTempFile(directory, ".nnc-", ".tmp"));
    } catch (IOException e) {
      throw unwritable(directory, e);
    } finally {
      made.reversed().forEach(WholeFiles::remove);
    }
  }

  /** Removes what a process that was killed has left of files it was about to write into a directory. */
  public static void removeLeftOvers(Path directory) {
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, LEFT_OVER)) {
        files.forEach(WholeFiles::remove);
      } catch (IOException e) {
        throw unwritable(directory, e);
      }
    }
  }

  /** The directory that a file is to lie in. */
  public static Path directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /**
   * Makes a directory, and those above it, where there are none.
   *
   * @throws CompileException if that cannot be done
   */
  public static void makeDirectories(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /** What a failure to write means to the user. */
  public static CompileException unwritable(Path file, IOException e) {
    String reason =
        switch (e) {
          case AccessDeniedException ignored -> "permission denied";
          case NoSuchFileException ignored -> "there is no such directory";
          case FileAlreadyExistsException other when other.getReason() == null ->
              "a file is where a directory is needed";
          case FileSystemException other when other.getReason() != null -> other.getReason();
          default -> String.valueOf(e.getMessage());
        };
    return new CompileException(
        Diagnostic.of("output", file + " cannot be written: " + reason)
            .help("check permissions and the space that is left, or choose another place"));
  }

  private static void makeDirectories(Path directory, List<Path> made) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = directory.getParent();
      if (parent != null) {
        makeDirectories(parent, made);
      }
      Files.createDirectory(directory);
      made.add(directory);
    }
  }

  /** Removes a directory, if nothing is in it. */
  public static void removeEmpty(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      if (!files.iterator().hasNext()) {
        remove(directory);
      }
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /** Removes a file, if it is there. */
  public static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger(WholeFiles.class.getName())
          .log(System.Logger.Level.WARNING, "cannot remove " + file, e);
    }
  }
}
