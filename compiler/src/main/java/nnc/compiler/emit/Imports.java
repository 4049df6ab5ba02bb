package nnc.compiler.emit;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Formulas are written as text; this shows JavaPoet which classes they name, so that it imports them. */
final class Imports {
  private static final Map<String, ClassName> CLASSES =
      Map.of(
          "FloatVector", ClassName.get("jdk.incubator.vector", "FloatVector"),
          "VectorMask", ClassName.get("jdk.incubator.vector", "VectorMask"),
          "VectorOperators", ClassName.get("jdk.incubator.vector", "VectorOperators"),
          "VectorMath", ClassName.get("nnc.runtime", "VectorMath"),
          "ScalarMath", ClassName.get("nnc.runtime", "ScalarMath"),
          "TouchedRows", ClassName.get("nnc.runtime", "TouchedRows"));
  private static final Pattern NAMES =
      Pattern.compile("(?<![.\\w])(" + String.join("|", CLASSES.keySet()) + ")(?=[.<\\s])");

  private Imports() {}

  static CodeBlock of(CodeBlock code) {
    String text = code.toString();
    CodeBlock.Builder seen = CodeBlock.builder();
    Matcher names = NAMES.matcher(text);
    int done = 0;
    while (names.find()) {
      seen.add("$L$T", text.substring(done, names.start()), CLASSES.get(names.group(1)));
      done = names.end();
    }
    return seen.add("$L", text.substring(done)).build();
  }
}
