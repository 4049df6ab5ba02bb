package nnc.compiler.syntax;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import nnc.compiler.Snapshots;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.DiagnosticPrinter;
import nnc.compiler.source.Source;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SyntaxSnapshotTest {
  @TestFactory
  Stream<DynamicTest> goodFilesHaveTheirTree() {
    return new Snapshots("good-syntax")
        .compare(".ast", source -> AstPrinter.print(Parser.parse(source)));
  }

  @TestFactory
  Stream<DynamicTest> badFilesHaveTheirMessage() {
    return new Snapshots("bad-syntax").compare(".txt", SyntaxSnapshotTest::message);
  }

  private static String message(Source source) {
    CompileException e = catchThrowableOfType(CompileException.class, () -> Parser.parse(source));
    return new DiagnosticPrinter(false).print(e.diagnostics());
  }
}
