package nnc.compiler.emit;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import nnc.compiler.explain.KernelFormulas;
import nnc.compiler.model.TypedModel;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Kernel.Part;
import nnc.compiler.plan.Plan;

/** Writes all classes of a model: the model itself first, then its memory, then forward, gradient and update. */
public final class Emitter {
  private final TypedModel model;
  private final Plan plan;
  private final String packageName;
  private final Names names;
  private final ClassName main;
  private final Map<Part, List<Kernel>> parts = new LinkedHashMap<>();
  private final Map<Kernel, KernelWriter.Written> written = new LinkedHashMap<>();
  private final Lines lines = new Lines();
  private final KernelFormulas formulas;

  private Emitter(TypedModel model, Plan plan, KernelFormulas formulas, String packageName) {
    this.model = model;
    this.plan = plan;
    this.formulas = formulas;
    this.packageName = packageName;
    List<Kernel> kernels =
        plan.kernels().stream().flatMap(kernel -> kernel.all().stream()).toList();
    List<Buffer> buffers = new ArrayList<>(plan.buffers());
    kernels.forEach(kernel -> {
      buffers.addAll(kernel.head().reads());
      buffers.addAll(kernel.head().writes());
    });
    this.names = new Names(model.name(), model.batch().map(dim -> dim.name()).orElse(""), buffers);
    this.main = ClassName.get(packageName, names.model());
    kernels.forEach(kernel ->
        parts.computeIfAbsent(kernel.head().part(), part -> new ArrayList<>()).add(kernel));
    plan.kernels().forEach(kernel -> write(kernel, 0));
  }

  public static List<JavaSource> emit(
      TypedModel model, Plan plan, KernelFormulas formulas, String packageName) {
    return new Emitter(model, plan, formulas, packageName).sources();
  }

  /** Some kernels alone, for a reader: of each part that has some a class, by its name. */
  public static Map<String, String> reading(
      TypedModel model,
      Plan plan,
      KernelFormulas formulas,
      String packageName,
      Predicate<Kernel> wanted) {
    Emitter emitter = new Emitter(model, plan, formulas, packageName);
    Map<String, String> readings = new LinkedHashMap<>();
    emitter.parts.forEach((part, all) -> {
      List<Kernel> kernels = all.stream().filter(wanted).toList();
      if (!kernels.isEmpty()) {
        readings.put(
            PartWriter.name(emitter.main, part).simpleName(), emitter.reading(part, kernels));
      }
    });
    return readings;
  }

  private List<JavaSource> sources() {
    List<JavaSource> sources = new ArrayList<>();
    TypeSpec modelType = new ModelWriter(model, plan, names, main).write();
    TypeSpec memoryType = MemoryWriter.write(model, names, main);
    sources.add(source(packageName, modelType, main));
    sources.add(source(packageName, memoryType, main));
    TypeSpec signatureType = new SignatureWriter(model, plan, formulas, names).write(main);
    sources.add(source(packageName, signatureType, main));
    for (Part part : Part.values()) {
      if (parts.containsKey(part)) {
        TypeSpec whole = PartWriter.write(part, parts.get(part), written, main);
        Lines.Text text = lines.taken(text(packageName, whole, main));
        sources.add(
            new JavaSource(
                packageName,
                whole.name(),
                text.text(),
                reading(part, parts.get(part)),
                text.map()));
      }
    }
    return sources;
  }

  private String reading(Part part, List<Kernel> kernels) {
    TypeSpec reading = PartWriter.reading(part, kernels, written, main);
    return declared(lines.taken(text(packageName, reading, main)).text());
  }

  /** @param loops how many loops over steps the kernel stands in */
  private void write(Kernel kernel, int loops) {
    written.put(kernel, writer(kernel, loops).write());
    if (kernel instanceof Kernel.Items items) {
      items.steps().forEach(inner -> written.put(inner, writer(inner, loops).write(items)));
    }
    if (kernel instanceof Kernel.Recurrence recurrence) {
      recurrence.before().forEach(inner -> write(inner, loops));
      recurrence.steps().forEach(inner -> write(inner, loops + 1));
    }
  }

  private KernelWriter writer(Kernel kernel, int loops) {
    return new KernelWriter(names, lines, kernel, formulas.of(kernel), loops);
  }

  private static JavaSource source(String packageName, TypeSpec type, ClassName main) {
    String text = text(packageName, type, main);
    return new JavaSource(packageName, type.name(), text, text);
  }

  /** A class without its package and imports. */
  private static String declared(String text) {
    return text.substring(text.indexOf("/**"));
  }

  private static String text(String packageName, TypeSpec type, ClassName main) {
    JavaFile.Builder file =
        JavaFile.builder(packageName, type).indent("  ").skipJavaLangImports(true);
    if (!type.name().equals(MemoryWriter.name(main).simpleName())) {
      file.addStaticImport(MemoryWriter.name(main), "*");
    }
    return compact(file.build().toString());
  }

  /** One-line comments on one line, fields side by side: more of the mathematics on a screen. */
  private static String compact(String text) {
    return text.replaceAll("/\\*\\*\n +\\* (.*)\n +\\*/", "/** $1 */")
        .replaceAll("(?<=;\n)\n(?=(?: +/\\*\\* .* \\*/\n)? +(?:private |static )+final )", "");
  }
}
