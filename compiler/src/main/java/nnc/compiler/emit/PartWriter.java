package nnc.compiler.emit;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import nnc.compiler.ir.Known;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Kernel.Part;
import nnc.runtime.Products;
import nnc.runtime.Provider;
import nnc.runtime.Rows;

/** Writes a class of kernels: forward, gradient or update; its loops stand in it twice, over vectors and over numbers. */
final class PartWriter {
  private static final ClassName FLOAT_VECTOR =
      ClassName.get("jdk.incubator.vector", "FloatVector");
  private static final ClassName SPECIES = ClassName.get("jdk.incubator.vector", "VectorSpecies");

  /** What kernels read, and where it comes from; a class has those that it needs. */
  private record Field(TypeName type, String value) {}

  private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

  static {
    FIELDS.put("m", new Field(TypeName.get(float[].class), "session.memory()"));
    FIELDS.put("p", new Field(TypeName.get(float[].class), "session.model().parameters()"));
    FIELDS.put("s", new Field(TypeName.get(float[].class), "session.state()"));
    FIELDS.put("products", new Field(TypeName.get(Products.class), "provider.products()"));
    FIELDS.put("rows", new Field(TypeName.get(Rows.class), "provider.rows()"));
  }

  private PartWriter() {}

  private static boolean uses(MethodSpec method, String name) {
    return Pattern.compile("(?<![.\\w])" + name + "\\b(?!\\()")
        .matcher(method.code().toString())
        .find();
  }

  static ClassName name(ClassName main, Part part) {
    String lower = part.name().toLowerCase(Locale.ROOT);
    return main.peerClass(
        main.simpleName() + Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
  }

  /** What a reader can do with: each kernel, and behind it its loops over numbers; those over vectors say the same. */
  static TypeSpec reading(
      Part part, List<Kernel> kernels, Map<Kernel, KernelWriter.Written> written, ClassName main) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name(main, part))
            .addModifiers(Modifier.FINAL)
            .addJavadoc("$L", remark(part, main));
    for (Kernel kernel : kernels) {
      KernelWriter.Written both = Known.in(written, kernel);
      type.addMethod(both.method());
      both.loops()
          .ifPresent(
              loops -> loops.scalar().forEach(method -> type.addMethod(withoutModifiers(method))));
    }
    return type.build();
  }

  private static MethodSpec withoutModifiers(MethodSpec method) {
    return MethodSpec.methodBuilder(method.name())
        .returns(method.returnType())
        .addParameters(method.parameters())
        .addCode(method.code())
        .build();
  }

  static TypeSpec write(
      Part part, List<Kernel> kernels, Map<Kernel, KernelWriter.Written> written, ClassName main) {
    ClassName self = name(main, part);
    ClassName session = main.nestedClass("Session");
    boolean loops =
        kernels.stream().anyMatch(kernel -> Known.in(written, kernel).loops().isPresent());
    TypeSpec.Builder type =
        TypeSpec.classBuilder(self)
            .addModifiers(Modifier.FINAL)
            .addJavadoc("$L", remark(part, main))
            .addField(session, "session", Modifier.PRIVATE, Modifier.FINAL);
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addParameter(session, "session")
            .addParameter(Provider.class, "provider")
            .addStatement("this.session = session");
    FIELDS.forEach((name, field) -> {
      if (kernels.stream().anyMatch(kernel -> uses(Known.in(written, kernel).method(), name))) {
        type.addField(field.type(), name, Modifier.PRIVATE, Modifier.FINAL);
        constructor.addStatement("this.$L = $L", name, field.value());
      }
    });
    if (loops) {
      type.addField(self.nestedClass("Loops"), "loops", Modifier.PRIVATE, Modifier.FINAL);
      constructor.addStatement(
          "this.loops = provider.vector() ? new Vector(provider.rows()) : new Scalar(provider.rows())");
    }
    type.addMethod(constructor.build());
    for (Kernel kernel : kernels) {
      type.addMethod(Known.in(written, kernel).method());
    }
    if (loops) {
      type.addType(interfaceOf(self, kernels, written));
      type.addType(loopsOf(self, kernels, written, false));
      type.addType(loopsOf(self, kernels, written, true));
    }
    return type.build();
  }

  private static String remark(Part part, ClassName main) {
    String model = main.simpleName();
    return switch (part) {
      case FORWARD -> "What " + model + " computes from its inputs.";
      case GRADIENT ->
          "The gradient of the loss of " + model + ": d_x is the derivative of the loss by x.";
      case UPDATE -> "The optimizer of " + model + ": one pass over all parameters.";
    };
  }

  private static TypeSpec interfaceOf(
      ClassName self, List<Kernel> kernels, Map<Kernel, KernelWriter.Written> written) {
    TypeSpec.Builder type =
        TypeSpec.interfaceBuilder(self.nestedClass("Loops"))
            .addModifiers(Modifier.PRIVATE)
            .addJavadoc("The loops of the kernels: over numbers, and the same over vectors.");
    kernels.forEach(kernel ->
        Known.in(written, kernel).loops().ifPresent(loops -> type.addMethod(loops.signature())));
    return type.build();
  }

  private static TypeSpec loopsOf(
      ClassName self,
      List<Kernel> kernels,
      Map<Kernel, KernelWriter.Written> written,
      boolean vector) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(vector ? "Vector" : "Scalar")
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
            .addSuperinterface(self.nestedClass("Loops"));
    if (vector) {
      TypeName species = ParameterizedTypeName.get(SPECIES, ClassName.get(Float.class));
      type.addField(
          FieldSpec.builder(species, "S", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
              .initializer("$T.SPECIES_PREFERRED", FLOAT_VECTOR)
              .build());
    }
    type.addField(Rows.class, "rows", Modifier.PRIVATE, Modifier.FINAL);
    type.addMethod(
        MethodSpec.constructorBuilder()
            .addParameter(Rows.class, "rows")
            .addStatement("this.rows = rows")
            .build());
    kernels.forEach(kernel ->
        Known.in(written, kernel)
            .loops()
            .ifPresent(
                loops -> (vector ? loops.vector() : loops.scalar()).forEach(type::addMethod)));
    return type.build();
  }
}
