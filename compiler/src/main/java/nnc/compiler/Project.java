package nnc.compiler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import nnc.compiler.model.Program;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Source;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.compiler.syntax.Parser;
import org.jspecify.annotations.Nullable;

/** Reads a .nn file with all it imports, and the standard library. */
public final class Project {
  private static final List<String> LIBRARY =
      List.of(
          "reductions",
          "masks",
          "activations",
          "attention",
          "images",
          "losses",
          "recurrent",
          "layers",
          "optimizers",
          "schedules");

  private final Path root;
  private final Map<Path, Ast.File> files = new LinkedHashMap<>();
  private final List<Path> open = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  private Project(Path root) {
    this.root = root;
  }

  /**
   * Reads a file from disk. Imports are relative to the file that imports, and stay under the working directory, or, for a file
   * that is not under it, under the file's own directory.
   *
   * @throws CompileException if a file is missing or wrong
   */
  public static Program read(Path file, Optional<String> model) {
    Path absolute = file.toAbsolutePath().normalize();
    Path working = Path.of("").toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Project project =
        new Project(absolute.startsWith(working) || parent == null ? working : parent);
    Ast.File main = project.file(absolute, file.toString(), null);
    if (!project.diagnostics.isEmpty() || main == null) {
      throw new CompileException(project.diagnostics);
    }
    List<Ast.File> imported = new ArrayList<>(project.files.values());
    imported.remove(main);
    return new Program(main, imported, library(), model, Optional.empty());
  }

  /** A program of one text, without imports: tests and saved models. */
  public static Program of(Source source, Optional<String> model) {
    return new Program(Parser.parse(source), List.of(), library(), model, Optional.empty());
  }

  /** A program of texts that were read before: the main one first. */
  public static Program of(List<Source> sources, Optional<String> model) {
    List<Ast.File> parsed = sources.stream().map(Parser::parse).toList();
    return new Program(
        parsed.getFirst(), parsed.subList(1, parsed.size()), library(), model, Optional.empty());
  }

  private Ast.@Nullable File file(Path path, String shown, @Nullable Span importer) {
    if (open.contains(path)) {
      diagnostics.add(
          Diagnostic.at(Objects.requireNonNull(importer), "import", "imports run in a circle")
              .note(
                  String.join(
                          " -> ",
                          open.subList(open.indexOf(path), open.size()).stream()
                              .map(other -> String.valueOf(other.getFileName()))
                              .toList())
                      + " -> "
                      + path.getFileName()));
      return null;
    }
    Ast.File known = files.get(path);
    if (known != null) {
      return known;
    }
    Optional<String> text = text(path, shown, importer);
    if (text.isEmpty()) {
      return null;
    }
    try {
      Ast.File parsed = Parser.parse(new Source(shown, text.get()));
      open.add(path);
      for (Ast.Import wanted : parsed.imports()) {
        importFile(path, wanted);
      }
      open.remove(path);
      files.put(path, parsed);
      return parsed;
    } catch (CompileException e) {
      diagnostics.addAll(e.diagnostics());
      return null;
    }
  }

  private void importFile(Path from, Ast.Import wanted) {
    Path target;
    try {
      target = Objects.requireNonNull(from.getParent()).resolve(wanted.path()).normalize();
    } catch (InvalidPathException e) {
      diagnostics.add(Diagnostic.at(wanted.span(), "import", "this is not the name of a file"));
      return;
    }
    if (!inside(target)) {
      diagnostics.add(
          Diagnostic.at(wanted.span(), "import", "an import stays under the project's root")
              .note("the root is " + root));
      return;
    }
    Path working = Path.of("").toAbsolutePath().normalize();
    file(
        target,
        target.startsWith(working) ? working.relativize(target).toString() : target.toString(),
        wanted.span());
  }

  /** Links are followed: what they lead to must be inside too. */
  private boolean inside(Path target) {
    try {
      return target.startsWith(root)
          && (!Files.exists(target) || target.toRealPath().startsWith(root.toRealPath()));
    } catch (IOException e) {
      return false;
    }
  }

  private Optional<String> text(Path path, String shown, @Nullable Span importer) {
    String problem;
    try {
      return Optional.of(Files.readString(path));
    } catch (NoSuchFileException e) {
      problem = "there is no file " + shown;
    } catch (CharacterCodingException e) {
      problem = shown + " is not text in UTF-8";
    } catch (IOException | OutOfMemoryError e) {
      problem =
          shown
              + " cannot be read: "
              + (Files.isDirectory(path) ? "it is a directory" : String.valueOf(e.getMessage()));
    }
    diagnostics.add(
        importer == null
            ? Diagnostic.of("file", problem)
            : Diagnostic.at(importer, "file", problem));
    return Optional.empty();
  }

  private static List<Ast.File> library() {
    return LIBRARY.stream()
        .map(name ->
            Parser.parse(
                new Source(
                    Source.LIBRARY + name + ".nn", resource("/nnc/library/" + name + ".nn"))))
        .toList();
  }

  private static String resource(String name) {
    try (InputStream stream = Project.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the library " + name + " is part of this jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
