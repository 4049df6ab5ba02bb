package nnc.compiler.emit;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import nnc.compiler.explain.KernelFormulas;
import nnc.compiler.ir.Gather;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Type;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;
import nnc.runtime.Generation;
import nnc.runtime.Initialiser;
import nnc.runtime.Search;
import nnc.runtime.Signature;
import nnc.runtime.text.Framing;

/** Writes the signature of a model. */
final class SignatureWriter {
  private static final int ITEMS = 50;

  private final TypedModel model;
  private final Plan plan;
  private final KernelFormulas formulas;
  private final Names names;

  SignatureWriter(TypedModel model, Plan plan, KernelFormulas formulas, Names names) {
    this.model = model;
    this.plan = plan;
    this.formulas = formulas;
    this.names = names;
  }

  static ClassName name(ClassName main) {
    return main.peerClass(main.simpleName() + "Signature");
  }

  /** A class of its own: the lists of a large model are long, so each is made in pieces. */
  TypeSpec write(ClassName main) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name(main))
            .addModifiers(Modifier.FINAL)
            .addJavadoc(
                "What $L consists of: inputs, values, parameters, kernels, and where they lie.",
                model.name())
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    CodeBlock inputs =
        list(
            type,
            "inputs",
            Signature.Value.class,
            model.inputs().stream().map(this::input).toList());
    CodeBlock values =
        list(
            type,
            "values",
            Signature.Value.class,
            plan.roots().entrySet().stream()
                .filter(root -> root.getValue().space() == Buffer.Space.MEMORY)
                .map(this::value)
                .toList());
    CodeBlock parameters =
        list(
            type,
            "parameters",
            Signature.Parameter.class,
            plan.parameterOffsets().keySet().stream().map(this::parameter).toList());
    CodeBlock states =
        list(
            type,
            "states",
            Signature.State.class,
            model.train().states().stream().map(this::state).toList());
    CodeBlock kernels =
        list(
            type,
            "kernels",
            Signature.Kernel.class,
            plan.kernels().stream().map(this::kernel).toList());
    CodeBlock sparse =
        list(
            type,
            "sparse",
            Signature.SparseTable.class,
            plan.sparse().stream()
                .map(table ->
                    CodeBlock.of(
                        "new $T.SparseTable($S, $L)", Signature.class, table.path(), table.ids()))
                .toList());
    return type.addMethod(
            MethodSpec.methodBuilder("signature")
                .addModifiers(Modifier.STATIC)
                .returns(Signature.class)
                .addStatement(
                    "return new $T($S, $S, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L)",
                    Signature.class,
                    model.name(),
                    model.batch().map(dim -> dim.name()).orElse(""),
                    model.batch().map(dim -> dim.maximum()).orElse(1),
                    inputs,
                    values,
                    parameters,
                    states,
                    kernels,
                    sparse,
                    generation(),
                    texts(),
                    accumulation(),
                    plan.parameterElements(),
                    plan.stateElements(),
                    plan.inferenceMemory(),
                    plan.trainingMemory(),
                    plan.scratch())
                .build())
        .build();
  }

  private CodeBlock generation() {
    if (model.generating().isEmpty()) {
      return CodeBlock.of("$T.empty()", Optional.class);
    }
    Generation settings = model.generating().get().settings();
    CodeBlock search =
        switch (settings.search()) {
          case Search.Greedy ignored -> CodeBlock.of("new $T.Greedy()", Search.class);
          case Search.Sample sample ->
              CodeBlock.of(
                  "new $T.Sample($L, $L, $L)",
                  Search.class,
                  sample.temperature(),
                  sample.topK(),
                  sample.topP());
          case Search.Beam beam ->
              CodeBlock.of("new $T.Beam($L, $L)", Search.class, beam.width(), beam.lengthPenalty());
        };
    return CodeBlock.of(
        "$T.of(new $T($S, $L, $L, $L, $T.of($L), $L))",
        Optional.class,
        Generation.class,
        settings.input(),
        symbol(settings.start()),
        symbol(settings.stop()),
        settings.limit(),
        List.class,
        settings.never().stream().map(String::valueOf).collect(Collectors.joining(", ")),
        search);
  }

  private CodeBlock texts() {
    List<CodeBlock> texts = new ArrayList<>();
    model
        .train()
        .data()
        .ifPresent(data ->
            data.mappings()
                .forEach(mapping ->
                    data.field(mapping)
                        .ifPresent(field ->
                            texts.add(
                                CodeBlock.of(
                                    "new $T.Text($S, $S, $T.$L)",
                                    Signature.class,
                                    mapping.input(),
                                    field,
                                    Framing.class,
                                    mapping.framing())))));
    return CodeBlock.of("$T.of($L)", List.class, CodeBlock.join(texts, ", "));
  }

  private static CodeBlock symbol(OptionalInt symbol) {
    return symbol.isPresent()
        ? CodeBlock.of("$T.of($L)", OptionalInt.class, symbol.getAsInt())
        : CodeBlock.of("$T.empty()", OptionalInt.class);
  }

  /** Adds methods that make a list, so many items each, and says how they are called. */
  private static CodeBlock list(
      TypeSpec.Builder type, String name, Class<?> element, List<CodeBlock> items) {
    List<CodeBlock> calls = new ArrayList<>();
    for (int from = 0; from < Math.max(1, items.size()); from += ITEMS) {
      String method = items.size() <= ITEMS ? name : name + from / ITEMS;
      CodeBlock joined =
          CodeBlock.join(items.subList(from, Math.min(items.size(), from + ITEMS)), ",\n");
      type.addMethod(
          MethodSpec.methodBuilder(method)
              .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
              .returns(ParameterizedTypeName.get(List.class, element))
              .addStatement("return $T.of($L)", List.class, joined)
              .build());
      calls.add(CodeBlock.of("$L()", method));
    }
    return calls.size() == 1
        ? calls.getFirst()
        : CodeBlock.of("$T.joined($L)", Signature.class, CodeBlock.join(calls, ", "));
  }

  private CodeBlock accumulation() {
    Training.Accumulation accumulation = model.train().accumulation();
    Signature.Weight weight =
        switch (accumulation.weight()) {
          case Training.Weight.Rows ignored -> Signature.Weight.ROWS;
          case Training.Weight.Count ignored -> Signature.Weight.COUNT;
          case Training.Weight.One ignored -> Signature.Weight.ONE;
        };
    return CodeBlock.of(
        "new $1T.Accumulation($2L, $3L, $1T.Weight.$4L)",
        Signature.class,
        accumulation.batches(),
        plan.sums(),
        weight.name());
  }

  private CodeBlock input(TypedModel.Input input) {
    Buffer buffer = plan.inputs().get(input.name());
    int classes = input.idRange().map(TypedModel.IdRange::classes).orElse(0);
    int ignored =
        input.idRange().map(range -> range.ignored() == null ? 0 : range.ignored()).orElse(0);
    return value(
        input.name(),
        input.type(),
        buffer == null || buffer.offset() < 0
            ? CodeBlock.of("-1")
            : CodeBlock.of("$L", names.constant(buffer)),
        classes,
        ignored,
        List.of());
  }

  private CodeBlock value(Map.Entry<String, Buffer> root) {
    String name = root.getKey();
    Type type =
        name.startsWith("output.")
            ? Known.in(model.inference().outputs(), name.substring("output.".length())).type()
            : Type.f32(root.getValue().shape());
    return value(
        name,
        type,
        CodeBlock.of("$L", names.constant(root.getValue())),
        0,
        0,
        Known.in(plan.computed(), name));
  }

  private static CodeBlock value(
      String name,
      Type type,
      CodeBlock offset,
      int classes,
      int ignored,
      List<Plan.Program> programs) {
    return CodeBlock.of(
        "new $T.Value($S, $T.Element.$L, $L, $L, $L, $L, $T.of($L))",
        Signature.class,
        name,
        Signature.class,
        type.element().name(),
        axes(type.shape()),
        offset,
        classes,
        ignored,
        List.class,
        programs.stream()
            .map(program -> CodeBlock.of("$T.Program.$L", Signature.class, program.name()))
            .collect(CodeBlock.joining(", ")));
  }

  /** Sizes; of the batch dim, minus as many times as it stands for the rows. */
  private static CodeBlock axes(Shape shape) {
    return ModelWriter.ints(shape.sizes().stream().map(SignatureWriter::axis).toList());
  }

  private static int axis(Size size) {
    return size.isConstant() ? size.constant() : -Math.toIntExact(size.factor());
  }

  private CodeBlock parameter(String path) {
    TypedModel.Parameter parameter = model.parameter(path);
    return CodeBlock.of(
        "new $T.Parameter($S, $L, $L, $L)",
        Signature.class,
        path,
        axes(parameter.shape()),
        plan.parameterOffsets().get(path),
        initialiser(parameter.initialiser()));
  }

  /** The text of an initialiser is its name and its arguments. */
  private static CodeBlock initialiser(Initialiser initialiser) {
    if (initialiser instanceof Initialiser.Each each) {
      return CodeBlock.of("$L.each()", initialiser(each.part()));
    }
    String text = initialiser.text();
    int open = text.indexOf('(');
    return open < 0
        ? CodeBlock.of("$T.of($S)", Initialiser.class, text)
        : CodeBlock.of(
            "$T.of($S, $L)",
            Initialiser.class,
            text.substring(0, open),
            text.substring(open + 1, text.length() - 1));
  }

  private CodeBlock state(Training.State state) {
    List<Training.Group> groups = model.train().groups();
    int first = groups.subList(0, state.group()).stream().mapToInt(Training.Group::elements).sum();
    return CodeBlock.of(
        "new $T.State($S, $L, $L, $L, $L, $L)",
        Signature.class,
        state.equation(),
        plan.stateOffsets().get(state.name()),
        first,
        groups.get(state.group()).elements(),
        state.scalar(),
        JavaText.FLOATS.literal(state.initial()));
  }

  private CodeBlock kernel(Kernel kernel) {
    List<CodeBlock> results =
        kernel.head().writes().stream()
            .filter(buffer ->
                buffer.space() != Buffer.Space.SCRATCH
                    && !buffer.name().endsWith(".packed")
                    && !buffer.name().endsWith(".partials"))
            .map(buffer ->
                CodeBlock.of(
                    "new $1T.Result($2S, $1T.Space.$3L, $4L, $5L)",
                    Signature.class,
                    buffer.name(),
                    buffer.space(),
                    axes(buffer.shape()),
                    names.constant(buffer)))
            .toList();
    Optional<Node> lookup =
        kernel instanceof Kernel.Gather gather
            ? Optional.of(gather.head().subject())
            : Optional.empty();
    return CodeBlock.of(
        "new $T.Kernel($S, $S, $S, $L, $L)",
        Signature.class,
        kernel.head().name(),
        KernelWriter.place(kernel.head().subject()),
        lookup.map(Gather::written).orElseGet(() -> String.join("; ", formulas.of(kernel))),
        lookup.map(Gather::idsPerRow).orElse(0),
        CodeBlock.of("$T.of($L)", List.class, CodeBlock.join(results, ", ")));
  }
}
