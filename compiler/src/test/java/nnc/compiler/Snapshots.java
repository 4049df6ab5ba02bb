package nnc.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.DynamicTest;

/**
 * Compares what becomes of the .nn files of a folder with files beside them. {@code -Dnnc.bless=true}
 * writes those files anew; look at the difference before it is committed.
 */
public final class Snapshots {
  private static final boolean BLESS = Boolean.getBoolean("nnc.bless");

  private final Path folder;

  public Snapshots(String folder) {
    this.folder = Path.of("src", "test", "nn", folder);
  }

  /** The .nn files of the folder and of those inside it, by their names alone. */
  public List<Source> sources() {
    return files(".nn").stream().map(Snapshots::source).toList();
  }

  /** A test for each .nn file, and one that no expected file has lost its .nn file. */
  public Stream<DynamicTest> compare(String extension, Function<Source, String> result) {
    Stream<DynamicTest> each =
        files(".nn").stream()
            .map(file ->
                DynamicTest.dynamicTest(
                    folder.relativize(file).toString(), () -> compare(file, extension, result)));
    UnaryOperator<String> toSource = name -> name.replace(extension, ".nn");
    DynamicTest orphans =
        DynamicTest.dynamicTest(
            "every expected file has its .nn file",
            () ->
                assertThat(files(extension))
                    .allSatisfy(file ->
                        assertThat(file.resolveSibling(toSource.apply(name(file)))).exists()));
    return Stream.concat(each, Stream.of(orphans));
  }

  private void compare(Path file, String extension, Function<Source, String> result)
      throws IOException {
    Path expected = file.resolveSibling(name(file).replace(".nn", extension));
    String actual = result.apply(source(file));
    if (BLESS) {
      Files.writeString(expected, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(expected));
  }

  /** The files of the folder and of those inside it with this ending, in their order. */
  public List<Path> files(String extension) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> name(file).endsWith(extension)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Source source(Path file) {
    try {
      return new Source(name(file), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
