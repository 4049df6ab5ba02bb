package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nnc.cli.cases.CaseRun;
import nnc.cli.cases.DimSizes;
import nnc.cli.cases.TensorCase;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.emit.JavaSource;
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
  private static final List<Sample> SAMPLES =
      Stream.of("mlp_relu", "lstm", "cnn_maxpool", "multi_head_attention_causal")
          .map(name -> Sample.of(new GoldenCase(name)))
          .toList();

  @TempDir private Path directory;

  /** A golden model, and its code with all optimizations. */
  private record Sample(
      GoldenCase golden, Program program, Map<String, Integer> sizes, List<JavaSource> optimized) {
    static Sample of(GoldenCase golden) {
      Program program = Project.read(golden.model(), Optional.empty());
      Map<String, Integer> sizes = DimSizes.of(program, Map.of(), Safetensors.read(golden.file()));
      return new Sample(golden, program, sizes, compiled(program, sizes, Optimizations.ALL).java());
    }

    static Compilation compiled(
        Program program, Map<String, Integer> sizes, Optimizations optimizations) {
      return Compiler.compile(program, Compiler.Options.DEFAULT.with(sizes).with(optimizations));
    }

    Compilation without(String optimization) {
      return compiled(program, sizes, new Optimizations(Set.of(optimization)));
    }
  }

  static Set<String> optimizations() {
    return Compiler.optimizations().keySet();
  }

  @ParameterizedTest
  @MethodSource("optimizations")
  void answersStayRight(String name) {
    for (Sample sample : SAMPLES) {
      GoldenCase golden = sample.golden();
      Compilation without = sample.without(name);
      if (!without.java().equals(sample.optimized())) {
        Path one = run(golden, without, 1);
        assertThat(
                golden.disagreements(
                    Safetensors.read(one), GoldenCase.ABSOLUTE, GoldenCase.RELATIVE))
            .as("%s without %s", golden.name(), name)
            .isEmpty();
        assertThat(run(golden, without, 2))
            .as("%s without %s, two threads", golden.name(), name)
            .hasSameBinaryContentAs(one);
      }
    }
  }

  private Path run(GoldenCase golden, Compilation compilation, int threads) {
    Path out = directory.resolve("threads-" + threads + ".safetensors");
    TensorCase tensors = new TensorCase(compilation.model(), Safetensors.read(golden.file()));
    new CaseRun(compilation, tensors, golden.steps()).generated(threads).write(out);
    return out;
  }
}
