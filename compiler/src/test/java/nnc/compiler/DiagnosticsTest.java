package nnc.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Four times the lines take about four times the time, not sixteen; the time of this thread, whoever else is busy. */
  @Test
  void timeGrowsWithTheNumberOfLinesOnly() {
    double few = fewestSecondsFor(2_500);
    double many = fewestSecondsFor(10_000);
    assertThat(many).as("few lines took %s s", few).isLessThan(9 * few);
  }

  /** Of three times, in the first of which the compiler's own code is compiled too. */
  private static double fewestSecondsFor(int lines) {
    return Math.min(secondsFor(lines), Math.min(secondsFor(lines), secondsFor(lines)));
  }

  private static double secondsFor(int lines) {
    String text =
        "model M {\n dim B = 2\n input x: f32[B, 3]\n param W: [3]\n y = x * W\n"
            + " y = y + x\n".repeat(lines)
            + " loss = mean(y)\n}\n";
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    compile("lines.nn", text);
    return 1e-9 * (threads.getCurrentThreadCpuTime() - before);
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
