package nnc.compiler.emit;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;
import nnc.compiler.plan.Buffer;

/** All names of the generated code, in one place: the author's own as far as Java allows, each once. */
final class Names {
  /** What generated methods call things themselves. */
  private static final Set<String> OWN_VARIABLES =
      Set.of(
          "m",
          "p",
          "s",
          "t",
          "w",
          "i",
          "r",
          "c",
          "r0",
          "r1",
          "c0",
          "c1",
          "from",
          "to",
          "end",
          "session",
          "products",
          "rows",
          "loops",
          "S",
          "step",
          "step2",
          "step3");

  /** Classes that stand in generated formulas; a variable of such a name would hide them. */
  private static final Set<String> CLASSES =
      Set.of(
          "Math",
          "Float",
          "FloatVector",
          "VectorMask",
          "VectorOperators",
          "VectorMath",
          "ScalarMath");

  /** Classes inside those of a model, and words that Java allows for everything but classes. */
  private static final Set<String> NO_CLASSES =
      Set.of("Session", "Loops", "Scalar", "Vector", "permits", "record", "sealed", "var", "yield");

  private static final Pattern NAME =
      Pattern.compile(
          "(?<![.\\p{javaJavaIdentifierPart}])\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*");

  private final Map<Buffer, String> constants = new LinkedHashMap<>();
  private final Map<Buffer, String> parts = new LinkedHashMap<>();
  private final String model;
  private final String dim;

  Names(String model, String dim, Collection<Buffer> buffers) {
    this.model = className(model);
    this.dim = dim.isEmpty() ? "B" : variable(identifier(dim));
    Map<String, Buffer> taken = new HashMap<>();
    for (Buffer buffer : buffers) {
      if (constants.containsKey(buffer) || buffer.part().isPresent()) {
        continue;
      }
      String base = constantName(buffer.name());
      String name = base;
      for (int i = 2;
          name.equals(this.dim) || taken.containsKey(name) && !same(taken.get(name), buffer);
          i++) {
        name = base + "_" + i;
      }
      taken.put(name, buffer);
      constants.put(buffer, name);
    }
    Local local = local(Set.of());
    buffers.forEach(buffer -> part(buffer, local));
  }

  private void part(Buffer buffer, Local local) {
    if (buffer.part().isPresent() && !parts.containsKey(buffer)) {
      parts.put(buffer, local.fresh(buffer.name()));
      part(buffer.part().get().whole(), local);
    }
  }

  /** The index of a loop over steps: 1 is the outermost. */
  static String step(int loop) {
    return loop == Buffer.ITEM ? "i" : loop == 1 ? "step" : "step" + loop;
  }

  private static String variable(String name) {
    return OWN_VARIABLES.contains(name) || CLASSES.contains(name) ? name + "_" : name;
  }

  /** Not one that Java knows without an import: it would hide it in the whole package. */
  private static String className(String model) {
    String name = identifier(model);
    try {
      Class.forName("java.lang." + name, false, null);
      return name + "_";
    } catch (ClassNotFoundException
        | NoClassDefFoundError free) { // the latter where only upper and lower case differ
      return NO_CLASSES.contains(name) || CLASSES.contains(name) ? name + "_" : name;
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

  /** The constant that holds a buffer's offset; of a part of another buffer, the variable that does. */
  String constant(Buffer buffer) {
    String name = buffer.part().isPresent() ? parts.get(buffer) : constants.get(buffer);
    if (name == null) {
      throw new IllegalStateException("emit: the buffer " + buffer + " has no name");
    }
    return name;
  }

  Map<Buffer, String> constants() {
    return constants;
  }

  private static String constantName(String text) {
    String name =
        identifier(text.replaceAll("([a-z0-9])([A-Z])", "$1_$2")).toUpperCase(Locale.ROOT);
    return name.equals("S") || name.length() == 1 ? name + "_" : name;
  }

  /** A legal Java name that reads like the text. */
  static String identifier(String text) {
    StringBuilder name = new StringBuilder();
    text.codePoints()
        .forEach(c ->
            name.appendCodePoint(
                Character.isJavaIdentifierPart(c) && c != '$' && !Character.isIdentifierIgnorable(c)
                    ? c
                    : '_'));
    if (name.isEmpty() || !Character.isJavaIdentifierStart(name.codePointAt(0))) {
      name.insert(0, '_');
    }
    boolean word = SourceVersion.isKeyword(name) || name.toString().equals("_");
    return word ? name + "_" : name.toString();
  }

  /** The names that a piece of code mentions, not behind a dot. */
  static Set<String> mentioned(String code) {
    Set<String> names = new HashSet<>();
    NAME.matcher(code).results().forEach(name -> names.add(name.group()));
    return names;
  }

  /** Names for the variables of a method of its own: they hide neither constants nor what the method needs. */
  Local local(Collection<String> others) {
    Set<String> reserved = new HashSet<>(others);
    reserved.addAll(OWN_VARIABLES);
    reserved.addAll(CLASSES);
    reserved.addAll(constants.values());
    reserved.addAll(parts.values());
    reserved.add(dim);
    return new Local(reserved, new HashMap<>());
  }

  /** Names inside one method. */
  static final class Local {
    private final Set<String> taken;
    private final Map<String, Integer> numbers;

    private Local(Set<String> reserved, Map<String, Integer> numbers) {
      this.taken = reserved;
      this.numbers = numbers;
    }

    /** Names for a part of the method, which see those given so far. */
    Local inner() {
      return new Local(new HashSet<>(taken), new HashMap<>(numbers));
    }

    /** The last part of a dotted name, made unique. */
    String fresh(String text) {
      String base = identifier(text.substring(text.lastIndexOf('.') + 1));
      String name = base;
      numbers.putIfAbsent(base, 1);
      while (!taken.add(name)) {
        name = base + numbers.merge(base, 1, Integer::sum);
      }
      return name;
    }
  }
}
