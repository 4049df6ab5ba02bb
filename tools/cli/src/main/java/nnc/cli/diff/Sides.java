package nnc.cli.diff;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import nnc.cli.inspect.ModelCosts;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.inspect.Costs;
import nnc.compiler.inspect.Focus;
import nnc.compiler.model.Program;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;

/** The two models that are compared, compiled. Errors of both are told at once, each with its file. */
public record Sides(Side a, Side b) {
  /**
   * Where a model stands.
   *
   * @param model its name, where the file declares several
   */
  public record Place(Path file, Optional<String> model) {}

  /**
   * Reads and compiles two models.
   *
   * @param layer what is looked at, if not everything; one of the models may have no such layer
   * @param formulas whether costs are wanted as formulas in the dims, which takes a compilation for each dim
   * @throws CompileException with the errors of both
   */
  public static Sides read(
      Place a, Place b, Compiler.Options options, Optional<String> layer, boolean formulas) {
    Outcome<Side> first = Outcome.of(a.file, () -> compiled(a, options, formulas));
    Outcome<Side> second = Outcome.of(b.file, () -> compiled(b, options, formulas));
    if (first.value.isEmpty() || second.value.isEmpty()) {
      List<Diagnostic> wrong = new ArrayList<>(first.wrong);
      wrong.addAll(a.equals(b) ? List.of() : second.wrong);
      throw new CompileException(wrong);
    }
    Sides sides = new Sides(first.value.get(), second.value.get());
    return layer.map(sides::of).orElse(sides);
  }

  private static Side compiled(Place place, Compiler.Options options, boolean formulas) {
    Program program = Project.read(place.file, place.model);
    Compilation compilation = Compiler.compile(program, options);
    Costs costs =
        formulas
            ? ModelCosts.of(compilation, program, options)
            : Costs.of(compilation.plan(), compilation.model(), _ -> Optional.empty());
    return new Side(place.file.toString(), program, compilation, new Focus.Whole(), costs);
  }

  /** Both models' parts of that name. */
  private Sides of(String layer) {
    Outcome<Focus> first = focus(layer, a);
    Outcome<Focus> second = focus(layer, b);
    if (first.value.isEmpty() && second.value.isEmpty()) {
      List<Diagnostic> wrong = new ArrayList<>(first.wrong);
      wrong.addAll(second.wrong);
      throw new CompileException(wrong);
    }
    Focus none = new Focus.Layer(layer);
    return new Sides(a.with(first.value.orElse(none)), b.with(second.value.orElse(none)));
  }

  private static Outcome<Focus> focus(String layer, Side side) {
    return Outcome.of(
        Path.of(side.file()),
        () -> Focus.layer(layer, side.model(), side.compilation().gradient()));
  }

  /** A value, or why there is none. */
  private record Outcome<T>(Optional<T> value, List<Diagnostic> wrong) {
    static <T> Outcome<T> of(Path file, Supplier<T> value) {
      try {
        return new Outcome<>(Optional.of(value.get()), List.of());
      } catch (CompileException e) {
        return new Outcome<>(
            Optional.empty(), e.diagnostics().stream().map(each -> inFile(file, each)).toList());
      }
    }

    /** What has no place in a text says at least in which file it is. */
    private static Diagnostic inFile(Path file, Diagnostic diagnostic) {
      return diagnostic.span() != null || diagnostic.message().contains(file.toString())
          ? diagnostic
          : diagnostic.note("in " + file);
    }
  }
}
