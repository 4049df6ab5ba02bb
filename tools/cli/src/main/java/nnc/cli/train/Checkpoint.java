package nnc.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nnc.cli.metrics.MetricsFiles;
import nnc.cli.output.WholeFiles;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.model.Models;
import nnc.compiler.model.Program;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Source;
import nnc.compiler.syntax.Ast;
import nnc.runtime.CompiledModel;
import nnc.runtime.Safetensors;

/**
 * A training as it stood: parameters, what the optimizers remember, the text of the model, and where the run was. One
 * safetensors file, that any reader of the format can open.
 *
 * @param tensors parameters by their paths, and {@code optimizer.STATE.PATH}
 */
public record Checkpoint(CheckpointMetadata metadata, Safetensors tensors) {
  static final String FILE = "checkpoint.safetensors";

  /** The checkpoint of the epoch with the lowest held-out loss. */
  static final String BEST = "best.safetensors";

  /** The file that a path stands for: itself, or the checkpoint in a directory that {@code --out} named. */
  public static Path file(Path path) {
    return Files.isDirectory(path) ? path.resolve(FILE) : path;
  }

  /** Whether a directory has one. */
  public static boolean isIn(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  /**
   * Refuses a directory that has a checkpoint: nobody loses a training by beginning another one.
   *
   * @throws CompileException if there is one
   */
  public static void requireNone(Path directory) {
    if (isIn(directory)) {
      throw new CompileException(
          Diagnostic.of("output", directory + " has the checkpoint of an earlier training")
              .help(
                  "go on with it by --resume, overwrite it by --force, or choose another directory for --out"));
    }
  }

  /** Gives up trainings in directories below: what they have written is removed, and what is empty then. */
  public static void removeBelow(Path directory, Predicate<String> names) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> all = Files.list(directory)) {
      all.filter(Files::isDirectory)
          .filter(below -> names.test(below.getFileName().toString()))
          .toList()
          .forEach(below -> {
            remove(below);
            WholeFiles.removeEmpty(below);
          });
    } catch (IOException e) {
      throw WholeFiles.unwritable(directory, e);
    }
  }

  /** Gives up the training of a directory: what it has written is removed. Trainings in directories below stay. */
  public static void remove(Path directory) {
    WholeFiles.remove(file(directory));
    WholeFiles.remove(directory.resolve(BEST));
    MetricsFiles.remove(directory);
  }

  /**
   * Refuses a directory that has no checkpoint to go on from.
   *
   * @throws CompileException if there is none
   */
  public static void requireOne(Path directory) {
    if (!isIn(directory)) {
      throw new CompileException(
          Diagnostic.of("resume", "there is no checkpoint in " + directory)
              .help("begin by leaving --resume out, or name the directory of the training"));
    }
  }

  /**
   * Reads a checkpoint.
   *
   * @param path the file, or the directory that {@code --out} named
   * @throws nnc.runtime.TensorFileException if it is none
   */
  public static Checkpoint read(Path path) {
    requireOwn(path);
    Safetensors tensors = Safetensors.read(file(path));
    return new Checkpoint(CheckpointMetadata.parse(tensors), tensors);
  }

  /**
   * Refuses what is easily taken for a checkpoint: a model's text, and a directory that has none itself but others below, as it
   * was trained in several ways or with several seeds.
   */
  private static void requireOwn(Path path) {
    if (path.toString().endsWith(".nn") && Files.isRegularFile(path)) {
      throw new CompileException(
          Diagnostic.of("checkpoint", "expected a checkpoint, found the text of a model: " + path)
              .help("give the checkpoint, or the directory that --out of its training named"));
    }
    if (!Files.isDirectory(path) || isIn(path)) {
      return;
    }
    List<String> below;
    try (Stream<Path> all = Files.list(path)) {
      below = all.filter(Checkpoint::isIn).map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new CompileException(
          Diagnostic.of("checkpoint", "cannot read " + path + ": " + e.getMessage())
              .help("check its permissions"));
    }
    throw new CompileException(
        Diagnostic.of("checkpoint", "there is no " + FILE + " in " + path)
            .help(
                below.isEmpty()
                    ? "name the directory that --out of nnc train named"
                    : "choose one of its trainings: " + String.join(", ", below)));
  }

  /** Writes a checkpoint, and makes its directory if there is none; whole or not at all. */
  static void write(Path file, CompiledModel model, CheckpointMetadata metadata) {
    WholeFiles.makeDirectories(WholeFiles.directoryOf(file));
    model.write(file, metadata.texts(), true);
  }

  /** The texts that a model is made of, the main one first; without the library. */
  public static List<Source> sources(Program program) {
    List<Source> sources = new ArrayList<>();
    sources.add(program.main().source());
    program.imported().stream().map(Ast.File::source).forEach(sources::add);
    return sources;
  }

  /** Compiles the model's text, with the sizes that it was trained with. */
  public Compilation compile() {
    return Compiler.compile(program(), Compiler.Options.DEFAULT.with(metadata.settings()));
  }

  /** The model without the code: what it computes. */
  public TypedModel elaborate() {
    return Models.elaborate(program(), metadata.settings());
  }

  private Program program() {
    Program read = Project.of(metadata.sources(), Optional.of(metadata.model()));
    return metadata.way().map(read::as).orElse(read);
  }

  /** The sizes that a training set from outside; none of a file that is no checkpoint. */
  public static Map<String, Integer> settings(Path path) {
    requireOwn(path);
    return CheckpointMetadata.settings(Safetensors.read(file(path)));
  }

  /** The bytes of a safetensors file with the parameters of a checkpoint, for this model, and nothing else. */
  public static byte[] parametersAlone(CompiledModel model, Path checkpoint) {
    model.read(file(checkpoint));
    return model.toSafetensors();
  }
}
