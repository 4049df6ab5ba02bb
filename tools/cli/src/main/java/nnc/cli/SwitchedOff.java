package nnc.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import nnc.compiler.Compiler;
import nnc.compiler.ir.Optimizations;
import nnc.runtime.Nearest;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option {@code --without}: optimizations that are left out, to measure what they bring. */
public final class SwitchedOff {
  private static final String ALL = "all";

  @Option(
      names = "--without",
      split = ",",
      paramLabel = "PASS",
      hideParamSyntax = true,
      converter = Name.class,
      description =
          "Leaves an optimization out, to measure what it brings; no result depends on it but for rounding. May be repeated, or a list. inspect --passes prints the names; all is every one.")
  private List<String> names = new ArrayList<>();

  public Optimizations optimizations() {
    Set<String> known = Compiler.optimizations().keySet();
    return new Optimizations(names.contains(ALL) ? known : new HashSet<>(names));
  }

  /** The name of an optimization. */
  private static final class Name implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
      List<String> known = new ArrayList<>(Compiler.optimizations().keySet());
      known.add(ALL);
      if (!known.contains(name)) {
        throw new TypeConversionException(
            "expected one of "
                + String.join(", ", known)
                + ", found '"
                + name
                + "'"
                + Nearest.to(name, known).map(near -> "; did you mean '" + near + "'?").orElse(""));
      }
      return name;
    }
  }
}
