package nnc.compiler.emit;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.lang.model.SourceVersion;
import nnc.compiler.plan.Buffer;

/** All names of the generated code, in one place: the author's own as far as Java allows, each once. */
final class Names {
  private final Map<Buffer, String> constants = new LinkedHashMap<>();
  private final String model;
  private final String dim;

  Names(String model, String dim, Collection<Buffer> buffers) {
    this.model = identifier(model);
    this.dim = dim.isEmpty() ? "B" : identifier(dim);
    Map<String, Buffer> taken = new HashMap<>();
    for (Buffer buffer : buffers) {
      if (constants.containsKey(buffer)) {
        continue;
      }
      String base = constantName(buffer.name());
      String name = base;
      for (int i = 2; taken.containsKey(name) && !same(taken.get(name), buffer); i++) {
        name = base + "_" + i;
      }
      taken.put(name, buffer);
      constants.put(buffer, name);
    }
  }

  private static boolean same(Buffer a, Buffer b) {
    return a.space() == b.space() && a.offset() == b.offset() && a.name().equals(b.name());
  }

  String model() {
    return model;
  }

  /** What the rows of the batch are called. */
  String dim() {
    return dim;
  }

  /** The constant that holds a buffer's offset. */
  String constant(Buffer buffer) {
    String name = constants.get(buffer);
    if (name == null) {
      throw new IllegalStateException("emit: the buffer " + buffer + " has no name");
    }
    return name;
  }

  Map<Buffer, String> constants() {
    return constants;
  }

  private static String constantName(String text) {
    String name = identifier(text.replaceAll("([a-z0-9])([A-Z])", "$1_$2")).toUpperCase(Locale.ROOT);
    return name.equals("S") || name.length() == 1 ? name + "_" : name;
  }

  /** A legal Java name that reads like the text. */
  static String identifier(String text) {
    StringBuilder name = new StringBuilder();
    text.codePoints().forEach(c ->
        name.appendCodePoint(Character.isJavaIdentifierPart(c) && c != '$' && !Character.isIdentifierIgnorable(c) ? c : '_'));
    if (name.isEmpty() || !Character.isJavaIdentifierStart(name.codePointAt(0))) {
      name.insert(0, '_');
    }
    boolean word = SourceVersion.isKeyword(name) || name.toString().equals("_");
    return word ? name + "_" : name.toString();
  }

  /** Names inside one method. */
  static final class Local {
    private final Set<String> taken;

    Local(Collection<String> reserved) {
      taken = new HashSet<>(reserved);
    }

    Set<String> taken() {
      return taken;
    }

    /** The last part of a dotted name, made unique. */
    String fresh(String text) {
      String base = identifier(text.substring(text.lastIndexOf('.') + 1));
      String name = base;
      for (int i = 2; !taken.add(name); i++) {
        name = base + i;
      }
      return name;
    }
  }
}
