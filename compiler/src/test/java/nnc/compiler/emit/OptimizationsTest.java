package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.artifact.Classes;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Optimizations;
import nnc.runtime.CompiledModel;
import nnc.runtime.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without one of the optimizations, and without all, generated code computes what the interpreter does, with the same bits for any
 * number of threads. Each is left out of the smallest models in which it is made.
 */
class OptimizationsTest {
  private static final int MODELS_OF_EACH = 2;
  private static final int MODELS_OF_ALL = 16;
  private static final String ALL = "all";
  private static final Map<String, Compilation> VARIANTS = new LinkedHashMap<>();
  private static final Classes CLASSES;

  static {
    Map<String, Compilation> smallestFirst = new LinkedHashMap<>();
    GeneratedModels.names()
        .sorted(Comparator.comparingInt(OptimizationsTest::size))
        .forEach(name -> smallestFirst.put(name, GeneratedModels.compilation(name)));
    for (String optimization : Compiler.optimizations().keySet()) {
      smallestFirst.entrySet().stream()
          .filter(model -> Known.in(model.getValue().counts(), optimization) > 0)
          .limit(MODELS_OF_EACH)
          .forEach(model -> leaveOut(optimization, model.getKey(), Set.of(optimization)));
    }
    List<String> names = List.copyOf(smallestFirst.keySet());
    for (int i = 0; i < MODELS_OF_ALL; i++) { // of every size
      leaveOut(ALL, names.get(i * names.size() / MODELS_OF_ALL), Compiler.optimizations().keySet());
    }
    List<JavaSource> sources = new ArrayList<>();
    VARIANTS.values().forEach(variant -> sources.addAll(variant.java()));
    CLASSES = InMemoryCompiler.compile(sources);
  }

  private static int size(String name) {
    return GeneratedModels.compilation(name).optimized().nodes().size();
  }

  private static void leaveOut(String what, String model, Set<String> off) {
    VARIANTS.put(
        model + " without " + what,
        GeneratedModels.compile(
            model, "nn.without_" + what.replace('-', '_') + "." + model, new Optimizations(off)));
  }

  static Stream<String> variants() {
    return VARIANTS.keySet().stream();
  }

  private static CompiledModel load(String variant) {
    Compilation compilation = Known.in(VARIANTS, variant);
    return CLASSES.load(compilation.packageName() + "." + compilation.java().getFirst().name());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void agreesWithTheInterpreter(String variant) throws ReflectiveOperationException {
    Compilation compilation = Known.in(VARIANTS, variant);
    int rows = compilation.model().batch().map(dim -> dim.maximum()).orElse(1);
    try (Team team = Team.of(2)) {
      GeneratedCodeTest.compare(compilation, load(variant), team, rows);
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void hasTheSameBitsForOneThreadAndTwo(String variant) {
    assertThat(ModelDigest.of(load(variant), 2)).isEqualTo(ModelDigest.of(load(variant), 1));
  }

  /** One that is never made would not be tested. */
  @Test
  void eachIsMadeSomewhere() {
    assertThat(Compiler.optimizations().keySet())
        .allMatch(
            name -> VARIANTS.keySet().stream().anyMatch(variant -> variant.endsWith(" " + name)));
  }

  @Test
  void whatIsSwitchedOffIsNotCounted() {
    VARIANTS.forEach((name, variant) -> {
      if (name.endsWith(" " + ALL)) {
        assertThat(variant.counts()).isEmpty();
      }
    });
  }
}
