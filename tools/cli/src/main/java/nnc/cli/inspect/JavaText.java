package nnc.cli.inspect;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import nnc.compiler.Compilation;
import nnc.compiler.emit.Emitter;
import nnc.compiler.emit.JavaSource;
import nnc.compiler.plan.Kernel;

/**
 * Which of the generated code is printed.
 *
 * @param only one file; without it those with equations
 * @param full every file, as it is compiled
 */
public record JavaText(Optional<File> only, boolean full) {
  /** The files of generated code. */
  public enum File {
    MODEL,
    SIGNATURE,
    MEMORY,
    FORWARD,
    GRADIENT,
    UPDATE
  }

  private static final Set<File> EQUATIONS = EnumSet.of(File.FORWARD, File.GRADIENT, File.UPDATE);

  String files(List<JavaSource> sources) {
    String main = sources.getFirst().name();
    StringBuilder text = new StringBuilder();
    for (JavaSource source : sources) {
      String part =
          source.name().equals(main)
              ? File.MODEL.name()
              : source.name().substring(main.length()).toUpperCase(Locale.ROOT);
      boolean equations = EQUATIONS.stream().anyMatch(file -> file.name().equals(part));
      if (only.map(file -> file.name().equals(part)).orElse(full || equations)) {
        text.append(text.isEmpty() ? "" : "\n")
            .append("// ")
            .append(source.path())
            .append('\n')
            .append(full ? source.text() : source.reading());
      }
    }
    return text.toString();
  }

  /** The methods of some kernels. */
  String methods(Compilation compilation, Predicate<Kernel> wanted) {
    StringBuilder text = new StringBuilder();
    Emitter.reading(
            compilation.model(),
            compilation.plan(),
            compilation.formulas(),
            compilation.packageName(),
            wanted)
        .forEach((name, reading) -> {
          if (only.isEmpty() || name.toUpperCase(Locale.ROOT).endsWith(only.get().name())) {
            text.append(text.isEmpty() ? "" : "\n")
                .append("// of ")
                .append(name)
                .append('\n')
                .append(reading);
          }
        });
    return text.toString();
  }
}
