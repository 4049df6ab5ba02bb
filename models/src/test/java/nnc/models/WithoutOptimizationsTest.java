package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.cli.cases.CaseRun;
import nnc.cli.cases.DimSizes;
import nnc.cli.cases.TensorCase;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.ir.Optimizations;
import nnc.compiler.model.Program;
import nnc.runtime.Safetensors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each optimization can be switched off by itself: the golden models give what PyTorch computed, with the same bits for one thread
 * and two. Where the code is the same as with it, it has been tested already.
 */
class WithoutOptimizationsTest {
  private static final List<String> CASES =
      List.of("mlp_relu", "lstm", "cnn_maxpool", "multi_head_attention_causal");

  @TempDir private Path directory;

  static Set<String> optimizations() {
    return Compiler.optimizations().keySet();
  }

  @ParameterizedTest
  @MethodSource("optimizations")
  void answersStayRight(String name) {
    for (String each : CASES) {
      GoldenCase golden = new GoldenCase(each);
      Compilation without = compiled(golden, new Optimizations(Set.of(name)));
      if (!without.java().equals(compiled(golden, Optimizations.ALL).java())) {
        Path one = run(golden, without, 1);
        assertThat(
                golden.disagreements(
                    Safetensors.read(one), GoldenCase.ABSOLUTE, GoldenCase.RELATIVE))
            .as("%s without %s", each, name)
            .isEmpty();
        assertThat(run(golden, without, 2))
            .as("%s without %s, two threads", each, name)
            .hasSameBinaryContentAs(one);
      }
    }
  }

  private static Compilation compiled(GoldenCase golden, Optimizations optimizations) {
    Program program = Project.read(golden.model(), Optional.empty());
    Map<String, Integer> sizes = DimSizes.of(program, Map.of(), Safetensors.read(golden.file()));
    return Compiler.compile(program, Compiler.Options.DEFAULT.with(sizes).with(optimizations));
  }

  private Path run(GoldenCase golden, Compilation compilation, int threads) {
    Path out = directory.resolve("threads-" + threads + ".safetensors");
    TensorCase tensors = new TensorCase(compilation.model(), Safetensors.read(golden.file()));
    new CaseRun(compilation, tensors, golden.steps()).generated(threads).write(out);
    return out;
  }
}
