package nnc.cli.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nnc.cli.data.Batches;
import nnc.cli.data.Lengths;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Measure;
import nnc.compiler.explain.KernelFormulas;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.model.Program;
import nnc.compiler.plan.Plan;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.CompiledModel;
import nnc.runtime.Team;

/**
 * A model compiled for several lengths of sequences, over the same parameters. Where no dim is bounded there is one: the model
 * itself.
 *
 * @param compiled from short to long
 */
record Buckets(List<Compiled> compiled) {
  /** @param sizes of the bounded dims */
  record Compiled(
      CompiledModel model, Plan plan, KernelFormulas formulas, Map<String, Integer> sizes) {
    static Compiled of(CompiledModel model, Compilation compilation, Map<String, Integer> sizes) {
      return new Compiled(model, compilation.plan(), compilation.formulas(), sizes);
    }
  }

  /**
   * Compiles a model for the lengths that its data has.
   *
   * @param full compiled for the longest
   * @throws CompileException if a parameter depends on a bounded dim
   */
  static Buckets of(
      Program program,
      Compiler.Options options,
      Compilation full,
      CompiledModel model,
      TrainingData data) {
    List<Compiled> compiled = new ArrayList<>();
    boolean accumulates = full.model().train().accumulation().batches() > 1;
    Lengths lengths = new Lengths(full.model(), data.data());
    List<Map<String, Integer>> buckets =
        accumulates // in the memory of one session
            ? List.of(full.model().bounded())
            : lengths.buckets(data.rows());
    for (Map<String, Integer> sizes : buckets.subList(0, buckets.size() - 1)) {
      Map<String, Integer> shorter = new LinkedHashMap<>(options.settings());
      shorter.putAll(sizes);
      Compilation compilation;
      try {
        compilation = Compiler.compile(program, options.with(shorter));
      } catch (CompileException tooShort) { // as a convolution's window may be longer
        return alone(model, full, buckets.getLast());
      }
      if (!measuresAlike(compilation, full)) { // they count padding
        return alone(model, full, buckets.getLast());
      }
      CompiledModel variant = compilation.load();
      try {
        variant.share(model);
      } catch (IllegalArgumentException e) {
        throw new CompileException(
            Diagnostic.at(full.model().span(), "shape", String.valueOf(e.getMessage()))
                .note(
                    "data may have less of "
                        + String.join(
                            ", ", full.model().bounded().keySet().stream().sorted().toList()))
                .help("give the dim one size: dim T = …, instead of dim T <= …"));
      }
      if (!lengths.fit(
          variant.signature(), sizes)) { // an input has the dim elsewhere than at its end
        return alone(model, full, buckets.getLast());
      }
      compiled.add(Compiled.of(variant, compilation, sizes));
    }
    compiled.add(Compiled.of(model, full, buckets.getLast()));
    return new Buckets(compiled);
  }

  private static Buckets alone(CompiledModel model, Compilation full, Map<String, Integer> sizes) {
    return new Buckets(List.of(Compiled.of(model, full, sizes)));
  }

  /** Whether loss and metrics are the same sums, and the same formulas of them. */
  private static boolean measuresAlike(Compilation variant, Compilation full) {
    return forms(variant.trainingMeasures()).equals(forms(full.trainingMeasures()))
        && forms(variant.evaluationMeasures()).equals(forms(full.evaluationMeasures()));
  }

  private static List<String> forms(List<Measure> measures) {
    return measures.stream()
        .map(measure -> measure.name() + "\n" + GraphPrinter.print(measure.formula()))
        .toList();
  }

  /** The lengths that were compiled for, from short to long; empty where all sequences go to one model. */
  List<String> lengths() {
    return compiled.size() == 1
        ? List.of()
        : compiled.stream().map(each -> text(each.sizes())).toList();
  }

  /** What was compiled for which lengths, in words; empty where there is one. */
  List<String> remarks() {
    List<String> lengths = lengths();
    return lengths.isEmpty() ? List.of() : List.of("compiled for " + String.join(", ", lengths));
  }

  private static String text(Map<String, Integer> sizes) {
    return String.join(
        " ",
        sizes.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(size -> size.getKey() + " <= " + size.getValue())
            .toList());
  }

  /** The plan of each model. */
  Map<CompiledModel, Plan> plans() {
    return compiled.stream().collect(Collectors.toMap(Compiled::model, Compiled::plan));
  }

  /** What the kernels of each model's plan compute. */
  Map<CompiledModel, KernelFormulas> formulas() {
    return compiled.stream().collect(Collectors.toMap(Compiled::model, Compiled::formulas));
  }

  /** Sessions that train, one for each length. */
  List<Batches.Bucket> open(Team team) {
    return compiled.stream()
        .map(variant -> new Batches.Bucket(variant.model().session(team), variant.sizes()))
        .toList();
  }
}
