package nnc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.model.Models;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.DiagnosticPrinter;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the author of a model is told: each file of {@code bad} has all its messages beside it. */
class DiagnosticsTest {
  @TestFactory
  Stream<DynamicTest> badFilesHaveTheirMessages() {
    return new Snapshots("bad").compare(".txt", DiagnosticsTest::messages);
  }

  private static String messages(Source source) {
    CompileException e =
        catchThrowableOfType(CompileException.class, () -> compile(source.name(), source.text()));
    assertThat(e).as("nothing wrong was found in " + source.name()).isNotNull();
    return new DiagnosticPrinter(false).print(e.diagnostics());
  }

  /** Seconds on a quiet machine are few; a graph that is gone through for each of its nodes takes many. */
  @Test
  void timeGrowsWithTheNumberOfLinesOnly() {
    String text =
        "model M {\n dim B = 2\n input x: f32[B, 3]\n param W: [3]\n y = x * W\n"
            + " y = y + x\n".repeat(10_000)
            + " loss = mean(y)\n}\n";
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> compile("lines.nn", text));
  }

  /** Definitions are checked without a call of them; what is right must pass. */
  @Test
  void theDefinitionsOfTheLibraryAreInOrder() throws IOException {
    List<Source> sources = new ArrayList<>();
    sources.add(
        new Source("main.nn", "model M {\n dim B = 2\n input x: f32[B]\n output y = x\n}\n"));
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/nnc/library"))) {
      files.sorted().map(Snapshots::source).forEach(sources::add);
    }
    assertThat(sources).hasSizeGreaterThan(5);
    assertThat(Models.elaborate(Project.of(sources, Optional.empty()), Map.of()).name())
        .isEqualTo("M");
  }

  private static void compile(String name, String text) {
    Compiler.compile(
        Project.of(new Source(name, text), Optional.empty()), Compiler.Options.DEFAULT);
  }
}
