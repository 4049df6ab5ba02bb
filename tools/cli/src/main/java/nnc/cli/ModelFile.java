package nnc.cli;

import java.nio.file.Path;
import java.util.Optional;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.model.Program;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands that begin with a .nn file have in common. */
final class ModelFile extends DimSettings {
  @Parameters(index = "0", paramLabel = "FILE", description = "The .nn file.")
  private Path file = Path.of("");

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model that is meant, where the file declares several.")
  private @Nullable String model;

  Path file() {
    return file;
  }

  /** A file in the working directory that is called as the model's file, but for this ending instead of .nn. */
  Path here(String ending) {
    return Path.of(file.getFileName().toString().replaceFirst("\\.nn$", "") + ending);
  }

  /** Where paths of data files begin. */
  Path directory() {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  Optional<String> model() {
    return Optional.ofNullable(model);
  }

  Program program() {
    return Project.read(file, model());
  }

  /** Compiles for whoever wants to read the result, here or elsewhere: whether this machine could run it is not asked. */
  Compilation compile(Compiler.Options options) {
    return Compiler.compile(program(), options);
  }
}
