package nnc.compiler.artifact;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.attribute.SourceDebugExtensionAttribute;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nnc.compiler.emit.JavaSource;

/** Gives compiled classes the map to the lines of the model that their sources have; nothing else of them changes. */
final class SourceMaps {
  private final Map<String, JavaSource> sources = new HashMap<>();

  SourceMaps(List<JavaSource> sources) {
    sources.forEach(source -> this.sources.put(source.className(), source));
  }

  /** @param name of a class, or of one inside of it: {@code nn.DigitsForward$Vector} */
  byte[] added(String name, byte[] code) {
    JavaSource source = sources.get(name.replaceFirst("\\$.*", ""));
    if (source == null || source.map().places().isEmpty()) {
      return code;
    }
    byte[] map = source.map().text(source.name() + ".java").getBytes(StandardCharsets.UTF_8);
    ClassFile classes = ClassFile.of();
    return classes.transformClass(
        classes.parse(code),
        ClassTransform.endHandler(whole -> whole.with(SourceDebugExtensionAttribute.of(map))));
  }
}
