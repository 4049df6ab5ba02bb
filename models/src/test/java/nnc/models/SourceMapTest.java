package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.emit.JavaSource;
import nnc.runtime.SourceMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every statement of generated code comes from a line of its model, and the class says from which. */
class SourceMapTest {
  static List<Path> models() throws IOException {
    return AllModelsTest.models();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyStatementComesFromALineOfTheModel(Path model) {
    Compilation compilation =
        Compiler.compile(Project.read(model, Optional.empty()), Compiler.Options.DEFAULT);
    Map<String, byte[]> classes = InMemoryCompiler.compile(compilation.java()).bytes();
    Map<String, JavaSource> sources =
        compilation.java().stream().collect(Collectors.toMap(JavaSource::className, each -> each));
    Set<String> orphans = new TreeSet<>();
    classes.forEach((name, bytes) -> {
      String part = name.replaceFirst("\\$.*", "");
      if (part.matches(".*(Forward|Gradient|Update)")) {
        ClassModel code = ClassFile.of().parse(bytes);
        SourceMap map = map(code);
        lines(code)
            .forEach(line -> {
              Optional<SourceMap.Place> place = map.place(line);
              if (place.isEmpty() || !part.endsWith("Update") && isOfLibrary(place.get())) {
                orphans.add(sources.get(part).text().lines().toList().get(line - 1) + place);
              }
            });
        assertThat(code.findAttribute(Attributes.sourceFile()).orElseThrow())
            .extracting(SourceFileAttribute::sourceFile)
            .hasToString(sources.get(part).name() + ".java");
        assertThat(map.text(sources.get(part).name() + ".java")).isEqualTo(text(code));
      }
    });
    assertThat(orphans).isEmpty();
  }

  private static boolean isOfLibrary(SourceMap.Place place) {
    return place.path().startsWith("library/");
  }

  /** The lines of all methods that a kernel has. */
  private static Stream<Integer> lines(ClassModel code) {
    return code.methods().stream()
        .filter(method -> !method.methodName().stringValue().startsWith("<"))
        .map(MethodModel::code)
        .flatMap(Optional::stream)
        .flatMap(
            body -> ((CodeAttribute) body).findAttributes(Attributes.lineNumberTable()).stream())
        .flatMap(table -> table.lineNumbers().stream())
        .map(LineNumberInfo::lineNumber);
  }

  private static SourceMap map(ClassModel code) {
    return SourceMap.parse(text(code));
  }

  private static String text(ClassModel code) {
    return code.findAttribute(Attributes.sourceDebugExtension())
        .map(map -> new String(map.contents(), StandardCharsets.UTF_8))
        .orElse("");
  }
}
