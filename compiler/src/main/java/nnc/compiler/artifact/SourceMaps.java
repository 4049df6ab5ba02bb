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
  private final Map<String, byte[]> maps = new HashMap<>();

  SourceMaps(List<JavaSource> sources) {
    for (JavaSource source : sources) {
      if (!source.map().places().isEmpty()) {
        String map = source.map().text(source.name() + ".java");
        maps.put(source.className(), map.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** @param name of a class, or of one inside of it: {@code nn.DigitsForward$Vector} */
  byte[] added(String name, byte[] code) {
    byte[] map = maps.get(name.replaceFirst("\\$.*", ""));
    if (map == null) {
      return code;
    }
    ClassFile classes = ClassFile.of();
    return classes.transformClass(
        classes.parse(code),
        ClassTransform.endHandler(whole -> whole.with(SourceDebugExtensionAttribute.of(map))));
  }
}
