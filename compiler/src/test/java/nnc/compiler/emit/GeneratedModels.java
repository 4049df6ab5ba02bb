package nnc.compiler.emit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.RandomModel;
import nnc.compiler.Snapshots;
import nnc.compiler.artifact.Classes;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Optimizations;
import nnc.compiler.model.Program;
import nnc.runtime.CompiledModel;

/** The models of src/test/nn/good and random ones, each in a package of its own, compiled once for all tests. */
final class GeneratedModels {
  private static final int RANDOM_MODELS = 30;
  private static final Map<String, Program> PROGRAMS = new LinkedHashMap<>();
  private static final Map<String, Compilation> ALL = new LinkedHashMap<>();
  private static final Classes CLASSES;

  static {
    for (Path file : new Snapshots("good").files(".nn")) {
      String feature = String.valueOf(file.getName(file.getNameCount() - 2));
      String name = file.getFileName().toString().replace(".nn", "");
      add(feature + "." + name, Project.of(Snapshots.source(file), Optional.empty()));
    }
    LongStream.range(0, RANDOM_MODELS)
        .forEach(seed -> add("random.model" + seed, RandomModel.program(seed)));
    List<JavaSource> sources = new ArrayList<>();
    ALL.values().forEach(compilation -> sources.addAll(compilation.java()));
    CLASSES = InMemoryCompiler.compile(sources);
  }

  private GeneratedModels() {}

  private static void add(String name, Program program) {
    PROGRAMS.put(name, program);
    ALL.put(name, compile(name, program));
  }

  /** The same model, compiled once more. */
  static Compilation compileAgain(String name) {
    return compile(name, Known.in(PROGRAMS, name));
  }

  /** The same model in another package, with these optimizations. */
  static Compilation compile(String name, String packageName, Optimizations optimizations) {
    return Compiler.compile(
        Known.in(PROGRAMS, name), new Compiler.Options(Map.of(), true, packageName, optimizations));
  }

  private static Compilation compile(String name, Program program) {
    return Compiler.compile(program, new Compiler.Options(Map.of(), true, "nn." + name));
  }

  static Stream<String> names() {
    return ALL.keySet().stream();
  }

  static Compilation compilation(String name) {
    return Known.in(ALL, name);
  }

  static Classes classes() {
    return CLASSES;
  }

  static String className(String name) {
    Compilation compilation = compilation(name);
    return compilation.packageName() + "." + compilation.java().getFirst().name();
  }

  static CompiledModel load(String name) {
    return CLASSES.load(className(name));
  }
}
