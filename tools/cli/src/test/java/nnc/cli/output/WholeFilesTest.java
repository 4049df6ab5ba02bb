package nnc.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import nnc.compiler.source.CompileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFilesTest {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path directory;

  @Test
  void directoriesAreMade() {
    WholeFiles.write(Map.of(directory.resolve("a/b/c"), CONTENT));
    assertThat(directory.resolve("a/b/c")).hasBinaryContent(CONTENT);
    assertThat(directory.resolve("a/b").toFile().list()).containsExactly("c");
  }

  @Test
  void ofSeveralFilesNoneIsWrittenIfOneCannotBe() throws Exception {
    Path old = Files.write(directory.resolve("old"), new byte[] {9});
    Map<Path, byte[]> files = new LinkedHashMap<>();
    files.put(old, CONTENT);
    files.put(directory.resolve("new/x"), CONTENT);
    files.put(directory.resolve("old/below"), CONTENT);
    assertThatThrownBy(() -> WholeFiles.write(files))
        .isInstanceOf(CompileException.class)
        .hasMessageContaining("a file is where a directory is needed");
    assertThat(old).hasBinaryContent(new byte[] {9});
    assertThat(directory.toFile().list()).containsExactly("old");
  }
}
