package nnc.compiler.inspect;

import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.Snapshots;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Graphs as people and Graphviz read them, bodies of recurrences included. */
class GraphTextsTest {
  private final Snapshots snapshots = new Snapshots("inspect");

  @TestFactory
  Stream<DynamicTest> text() {
    return snapshots.compare(".graph", source -> GraphPrinter.print(compiled(source).optimized()));
  }

  @TestFactory
  Stream<DynamicTest> pictures() {
    return snapshots.compare(
        ".dot",
        source -> {
          Compilation compilation = compiled(source);
          return Dot.graph(compilation.model().name(), compilation.graph(), _ -> true)
              + Dot.plan(compilation.model().name(), compilation.plan(), _ -> true);
        });
  }

  private static Compilation compiled(Source source) {
    return Compiler.compile(Project.of(source, Optional.empty()), Compiler.Options.DEFAULT);
  }
}
