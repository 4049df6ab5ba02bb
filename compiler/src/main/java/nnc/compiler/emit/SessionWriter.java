package nnc.compiler.emit;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.Broadcast;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Variable;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Kernel.Part;
import nnc.compiler.plan.Plan;
import nnc.compiler.plan.Plan.Program;
import nnc.runtime.Provider;
import nnc.runtime.Team;
import nnc.runtime.Worker;

/** Writes a model's session: what is fed and read by its own names, and which kernels each program runs. */
final class SessionWriter {
  /** What a session can do already: a value of such a name is asked for with an underscore behind it. */
  private static final Set<String> TAKEN =
      Stream.of(nnc.runtime.Session.class, Object.class)
          .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
          .filter(method -> !java.lang.reflect.Modifier.isPrivate(method.getModifiers()))
          .map(Method::getName)
          .collect(Collectors.toUnmodifiableSet());

  private final TypedModel model;
  private final Plan plan;
  private final ClassName main;
  private final ClassName session;
  private final Map<String, String> inputMethods;
  private final Map<String, String> outputMethods;
  private final Map<String, String> metricMethods;

  SessionWriter(TypedModel model, Plan plan, ClassName main) {
    this.model = model;
    this.plan = plan;
    this.main = main;
    this.session = main.nestedClass("Session");
    Set<String> used = new HashSet<>();
    this.inputMethods = methods(model.inputs().stream().map(TypedModel.Input::name).toList(), used);
    this.outputMethods = methods(model.inference().outputs().keySet(), used);
    this.metricMethods = methods(model.inference().metrics().keySet(), used);
  }

  /** A method's name for each value of some kind, each once in the class. */
  private static Map<String, String> methods(Collection<String> values, Set<String> used) {
    Map<String, String> methods = new LinkedHashMap<>();
    for (String value : values) {
      String method = Names.identifier(value);
      while (TAKEN.contains(method) || !used.add(method)) {
        method += "_";
      }
      methods.put(value, method);
    }
    return methods;
  }

  /** How a session is used, with the names of this model. */
  String example() {
    String feed =
        inputMethods.values().stream()
            .findFirst()
            .map(method -> " session." + method + "(…);")
            .orElse("");
    String read =
        outputMethods.values().stream()
            .findFirst()
            .map(method -> " session." + method + "();")
            .orElse("");
    return "try (var session = "
        + main.simpleName()
        + ".load(path).session()) {"
        + feed
        + " session.run();"
        + read
        + " }";
  }

  TypeSpec write() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder("Session")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
            .superclass(nnc.runtime.Session.class)
            .addJavadoc(
                "A batch of $L: inputs are fed, a program runs, results are read.", model.name());
    List<Part> parts =
        List.of(Part.values()).stream()
            .filter(
                part -> plan.kernels().stream().anyMatch(kernel -> kernel.head().part() == part))
            .toList();
    MethodSpec.Builder constructor =
        MethodSpec.constructorBuilder()
            .addModifiers(Modifier.PRIVATE)
            .addParameter(main, "model")
            .addParameter(Team.class, "team")
            .addParameter(boolean.class, "trains")
            .addStatement(
                "super(model, team, trains, new Programs(\n$L,\n$L,\n$L,\n$L))",
                program(Program.INFER),
                program(Program.EVALUATE),
                program(Program.GRADIENT),
                program(Program.UPDATE));
    for (Part part : parts) {
      ClassName kernels = PartWriter.name(main, part);
      type.addField(kernels, field(part), Modifier.PRIVATE, Modifier.FINAL);
      constructor.addStatement(
          "this.$L = new $T(this, $T.best())", field(part), kernels, Provider.class);
    }
    type.addMethod(constructor.build());
    for (int i = 0; i < model.inputs().size(); i++) {
      input(model.inputs().get(i), i).forEach(type::addMethod);
    }
    model.inference().outputs().forEach((name, node) -> type.addMethod(output(name, node)));
    model.inference().metrics().keySet().forEach(name -> type.addMethod(metric(name)));
    type.addMethod(dispatch());
    type.addMethod(inferenceInputs());
    for (Training.Mapping mapping : mappings()) {
      if (!mapping.plain()) {
        type.addMethod(preparation(mapping));
      }
    }
    return type.build();
  }

  private static String field(Part part) {
    return part.name().toLowerCase(java.util.Locale.ROOT) + "Kernels";
  }

  private CodeBlock program(Program program) {
    return ModelWriter.ints(Known.in(plan.programs(), program));
  }

  private List<Training.Mapping> mappings() {
    return model.train().data().map(Training.Data::mappings).orElse(List.of());
  }

  private Optional<Training.Mapping> mapping(String input) {
    return mappings().stream()
        .filter(mapping -> mapping.input().equals(input) && !mapping.plain())
        .findFirst();
  }

  private List<MethodSpec> input(TypedModel.Input input, int number) {
    Optional<Training.Mapping> mapping = mapping(input.name());
    String shape = input.type().shape().toString();
    String doc =
        (input.doc().isEmpty() ? "Feeds " + input.name() + "." : input.doc().strip())
            + " Shape "
            + shape
            + ", rows first; their number sets the rows of the batch.";
    MethodSpec.Builder floats =
        MethodSpec.methodBuilder(inputMethods.get(input.name()))
            .addModifiers(Modifier.PUBLIC)
            .returns(session)
            .varargs();
    List<MethodSpec> methods = new ArrayList<>();
    if (input.type().element() == ElementType.I32 && mapping.isEmpty()) {
      methods.add(
          floats
              .addJavadoc("$L", ModelWriter.escape(doc))
              .addParameter(int[].class, "values")
              .addStatement("feed($L, values)", number)
              .addStatement("return this")
              .build());
      return methods;
    }
    floats.addParameter(float[].class, "values");
    if (mapping.isPresent()) {
      String formula = preparationTerm(mapping.get(), MathText.INSTANCE).text();
      floats
          .addJavadoc(
              "$L",
              ModelWriter.escape(
                  doc
                      + " Values as they stand in the data; here "
                      + formula
                      + " is applied to each, as in training."))
          .addStatement("int at = beginFeed($L, values.length)", number)
          .beginControlFlow("for (int i = 0; at >= 0 && i < values.length; i++)")
          .addStatement("memory[at + i] = $L(values[i])", preparationName(mapping.get()))
          .endControlFlow()
          .addStatement("endFeed($L, values.length)", number);
    } else {
      floats
          .addJavadoc("$L", ModelWriter.escape(doc))
          .addStatement("feed($L, values, 0, values.length)", number);
    }
    methods.add(floats.addStatement("return this").build());
    return methods;
  }

  private static String preparationName(Training.Mapping mapping) {
    return "prepare_" + Names.identifier(mapping.input());
  }

  private MethodSpec preparation(Training.Mapping mapping) {
    return MethodSpec.methodBuilder(preparationName(mapping))
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
        .returns(float.class)
        .addParameter(float.class, "raw")
        .addStatement(
            "return $L",
            preparationTerm(mapping, JavaText.FLOATS)
                .text()
                .replace("ScalarMath.", "nnc.runtime.ScalarMath."))
        .build();
  }

  private static Term preparationTerm(Training.Mapping mapping, Algebra<Term> algebra) {
    return preparationTerm(mapping.preparation().root("value"), algebra);
  }

  private static Term preparationTerm(Node node, Algebra<Term> algebra) {
    return switch (node.op()) {
      case Variable ignored -> Term.atom("raw");
      case Constant constant -> algebra.constant(constant.value());
      case Broadcast ignored -> preparationTerm(node.input(0), algebra);
      case Elementwise op ->
          op.formula(
              algebra,
              node.inputs().stream().map(input -> preparationTerm(input, algebra)).toList());
      default ->
          throw new IllegalStateException(
              "emit: " + node.op() + " does not prepare a single value");
    };
  }

  private MethodSpec output(String name, Node node) {
    boolean whole = node.type().element() != ElementType.F32;
    return MethodSpec.methodBuilder(outputMethods.get(name))
        .addModifiers(Modifier.PUBLIC)
        .returns(whole ? int[].class : float[].class)
        .addJavadoc(
            "A copy of $L, shape $L, of the batch as run has computed it.",
            ModelWriter.escape(name),
            node.shape().toString())
        .addStatement("return $L($S)", whole ? "readWhole" : "read", "output." + name)
        .build();
  }

  private MethodSpec metric(String name) {
    return MethodSpec.methodBuilder(metricMethods.get(name))
        .addModifiers(Modifier.PUBLIC)
        .returns(float.class)
        .addJavadoc(
            "The metric $L of the batch, by the last of evaluate, gradient or step.",
            ModelWriter.escape(name))
        .addStatement("return metric($S)", name)
        .build();
  }

  private MethodSpec dispatch() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("kernel")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PROTECTED)
            .addParameter(int.class, "number")
            .addParameter(Worker.class, "w")
            .beginControlFlow("switch (number)");
    for (int i = 0; i < plan.kernels().size(); i++) {
      Kernel.Head head = plan.kernels().get(i).head();
      method.addStatement("case $L -> $L.$L(w)", i, field(head.part()), head.name());
    }
    return method
        .addStatement(
            "default -> throw new $T($S + number)",
            IllegalArgumentException.class,
            "there is no kernel ")
        .endControlFlow()
        .build();
  }

  private MethodSpec inferenceInputs() {
    Set<Buffer> read = new LinkedHashSet<>();
    Known.in(plan.programs(), Program.INFER)
        .forEach(kernel -> read.addAll(plan.kernels().get(kernel).head().reads()));
    model
        .inference()
        .outputs()
        .keySet()
        .forEach(output -> read.add(plan.roots().get("output." + output)));
    List<String> needed =
        plan.inputs().entrySet().stream()
            .filter(input -> read.contains(input.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    String list =
        needed.stream()
            .map(name -> CodeBlock.of("$S", name).toString())
            .collect(Collectors.joining(", "));
    return MethodSpec.methodBuilder("inferenceInputs")
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PROTECTED)
        .returns(ParameterizedTypeName.get(List.class, String.class))
        .addStatement("return $T.of($L)", List.class, list)
        .build();
  }
}
