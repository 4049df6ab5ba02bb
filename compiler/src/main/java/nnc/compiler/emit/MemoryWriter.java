package nnc.compiler.emit;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.lang.model.element.Modifier;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Buffer;

/** Writes the class that says where everything lies: a constant for each value. */
final class MemoryWriter {
  private static final String SUFFIX = "Memory";

  private MemoryWriter() {}

  static ClassName name(ClassName main) {
    return main.peerClass(main.simpleName() + SUFFIX);
  }

  static TypeSpec write(TypedModel model, Names names, ClassName main) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name(main))
            .addModifiers(Modifier.FINAL)
            .addJavadoc(
                "Where the values of $L lie: m, the memory of a session; p, the parameters; s, what the optimizer remembers.",
                model.name())
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    Set<String> seen = new LinkedHashSet<>();
    names
        .constants()
        .forEach((buffer, constant) -> {
          if (seen.add(constant)) {
            type.addField(
                FieldSpec.builder(int.class, constant, Modifier.STATIC, Modifier.FINAL)
                    .addJavadoc("$L", remark(buffer))
                    .initializer("$L", buffer.offset())
                    .build());
          }
        });
    return type.build();
  }

  private static String remark(Buffer buffer) {
    return Sizes.array(buffer)
        + ": "
        + (buffer.name() + " " + buffer.shape()).replace("@", "&#64;").replace("*/", "*&#47;");
  }
}
