package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.emit.JavaSource;
import nnc.compiler.explain.Derivation;
import nnc.compiler.explain.DerivationPrinter;
import nnc.compiler.inspect.MemoryPrinter;
import nnc.compiler.ir.GraphPrinter;
import nnc.compiler.model.Program;
import nnc.compiler.plan.PlanPrinter;
import nnc.compiler.plan.Planner;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.DiagnosticPrinter;
import nnc.compiler.source.Source;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import nnc.compiler.syntax.Parser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What README.md and docs/*.md show is true. The word after a fence says what a block is:
 *
 * <ul>
 *   <li>{@code ```nn} compiles. A block with a model is a file; of any other, the declarations stand beside a small model, {@link
 *       #SKETCH}, and the statements in it, which use what is declared. A block that begins with {@code // NAME.nn} is the file of
 *       that name, which other blocks of its page import.
 *   <li>{@code ```java} compiles against the classes generated from models/digits.nn and models/g2p-attention.nn. A block that is no class is the body of a
 *       method that is given {@code path}, {@code pixels}, {@code digits} and a {@code writer}.
 *   <li>{@code ```java generated} and {@code ```text generated} is what the compiler makes of models/digits.nn or another of {@link
 *       #SHOWN}, as {@code nnc inspect} prints it; a line {@code …} stands for what is left out.
 *   <li>{@code ```text explained} is what {@code nnc explain} prints of one of them.
 *   <li>{@code ```nn FILE} is an excerpt of that file, of the library or of a model, with {@code …} in the same meaning.
 * </ul>
 */
class DocumentationTest {
  /** What fragments are written in: every page that shows some says so. */
  private static final String SKETCH =
      """
      model Sketch {
        dim B = 8
        dim T = 5
        input x: f32[B, 6]
        input y: f32[B, 6]
        input s: f32[B, T, 6]
        input id: i32[B]
        input keep: bool[B, T]
      %s}
      """;

  private static final String TRAINED = "loss = mse(x |> Dense(6), y)\n";
  private static final Path ROOT = root();
  private static final Pattern FENCE =
      Pattern.compile("^```(\\w+)(?: (\\S+))?\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern DECLARATION =
      Pattern.compile("^(?:layer|fn|optimizer) (\\w+)(.*)$", Pattern.MULTILINE);
  private static final Pattern FILE_NAME = Pattern.compile("^// (\\S+\\.nn)\n");
  private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)(?:#[^)]*)?\\)");

  /** Models whose gradients pages show. */
  private static final List<String> SHOWN = List.of("models/neuron.nn", "models/rnn.nn");

  private static final List<Compilation> COMPILED = new ArrayList<>();

  private static Compilation digits;
  private static Compilation speller;

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("README.md"))
        || !Files.exists(directory.resolve("docs"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  @BeforeAll
  static void compileModels() {
    digits = compiled("models/digits.nn");
    speller = compiled("models/g2p-attention.nn");
    COMPILED.addAll(List.of(digits, speller));
    SHOWN.forEach(model -> COMPILED.add(compiled(model)));
  }

  private static Compilation compiled(String model) {
    return Compiler.compile(
        Project.read(ROOT.resolve(model), Optional.empty()), Compiler.Options.DEFAULT);
  }

  /**
   * A fenced block of a page.
   *
   * @param excerptOf what it shows a part of: {@code generated} code, a file, or nothing
   */
  record Block(String page, int line, String language, String excerptOf, String text) {
    @Override
    public String toString() {
      return page + ":" + line;
    }
  }

  // ------------------------------------------------------------ blocks

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of(ROOT.resolve("README.md")),
              docs.filter(page -> page.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  private static List<Block> blocks(Predicate<Block> wanted) throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      Matcher fence = FENCE.matcher(text);
      while (fence.find()) {
        int line = 2 + (int) text.substring(0, fence.start()).lines().count();
        Block block =
            new Block(
                ROOT.relativize(page).toString(),
                line,
                fence.group(1),
                Objects.requireNonNullElse(fence.group(2), ""),
                fence.group(3));
        if (wanted.test(block)) {
          blocks.add(block);
        }
      }
    }
    return blocks;
  }

  static List<Block> models() throws IOException {
    return blocks(block -> block.language().equals("nn") && block.excerptOf().isEmpty());
  }

  static List<Block> programs() throws IOException {
    return blocks(block -> block.language().equals("java") && block.excerptOf().isEmpty());
  }

  static List<Block> excerpts() throws IOException {
    return blocks(block -> block.excerptOf().equals("generated"));
  }

  static List<Block> derivations() throws IOException {
    return blocks(block -> block.excerptOf().equals("explained"));
  }

  static List<Block> excerptsOfFiles() throws IOException {
    return blocks(block -> block.excerptOf().endsWith(".nn"));
  }

  // ------------------------------------------------------------ the language

  @ParameterizedTest
  @MethodSource("models")
  void blocksOfTheLanguageCompile(Block block) throws IOException {
    List<Source> sources =
        new ArrayList<>(List.of(new Source(block.toString(), asFile(block.text()))));
    importable(block).forEach((name, text) -> sources.add(new Source(name, text)));
    try {
      Compiler.compile(Project.of(sources, Optional.empty()), Compiler.Options.DEFAULT);
    } catch (CompileException e) {
      fail(new DiagnosticPrinter(false).print(e.diagnostics()));
    }
  }

  /** The blocks of the page that are files which this one imports. */
  private static Map<String, String> importable(Block block) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (Block other : models()) {
      Matcher name = FILE_NAME.matcher(other.text());
      if (other.page().equals(block.page())
          && name.find()
          && block.text().contains("import \"" + name.group(1) + "\"")) {
        files.put(name.group(1), other.text());
      }
    }
    return files;
  }

  /** A block with a model as it stands; the paragraphs of another one beside, or in, the sketch of a model. */
  private static String asFile(String block) {
    if (Pattern.compile("^model ", Pattern.MULTILINE).matcher(block).find()) {
      return block;
    }
    StringBuilder declarations = new StringBuilder();
    StringBuilder statements = new StringBuilder();
    for (String paragraph : paragraphs(block)) {
      (DECLARATION.matcher(paragraph).find() ? declarations : statements)
          .append(paragraph)
          .append('\n');
    }
    String file =
        declarations
            + SKETCH.formatted(statements + (statements.indexOf("loss") >= 0 ? "" : TRAINED));
    for (MatchResult declared : DECLARATION.matcher(declarations).results().toList()) {
      String name = declared.group(1);
      if (declared.group().startsWith("optimizer")) {
        return file + "train Sketch { optimizer " + name + " }\n";
      }
      boolean imported = FILE_NAME.matcher(block).find();
      assertThat(imported || uses(block, name) > 1)
          .as("the block uses %s, which it declares", name)
          .isTrue();
    }
    return file;
  }

  private static long uses(String text, String name) {
    return Pattern.compile("\\b" + name + "\\b").matcher(text).results().count();
  }

  /** The text between empty lines that are in no braces; a declaration on one line is a paragraph too. */
  private static List<String> paragraphs(String text) {
    List<String> paragraphs = new ArrayList<>();
    StringBuilder paragraph = new StringBuilder();
    int depth = 0;
    for (String line : text.lines().toList()) {
      paragraph.append(line).append('\n');
      depth +=
          (int)
              (line.chars().filter(c -> c == '{').count()
                  - line.chars().filter(c -> c == '}').count());
      if (depth == 0 && (line.isBlank() || line.equals("}") || line.startsWith("fn "))) {
        paragraphs.add(paragraph.toString());
        paragraph.setLength(0);
      }
    }
    paragraphs.add(paragraph.toString());
    return paragraphs;
  }

  /** Only what is in the reference exists for a user, and an example says how to use it. */
  @Test
  void theReferenceShowsEveryName() throws IOException {
    Set<String> missing = new TreeSet<>(Program.builtIns());
    Project.of(new Source("empty.nn", ""), Optional.empty()).library().stream()
        .flatMap(file -> file.declarations().stream())
        .forEach(declaration -> missing.add(declaration.name().text()));
    assertThat(missing).contains("einsum", "Dense", "Adam");
    for (Ast.File file : reference()) {
      missing.removeAll(used(file));
    }
    assertThat(missing).as("what no example uses").isEmpty();
  }

  @Test
  void theReferenceShowsEveryConstruct() throws IOException {
    Set<Class<?>> missing =
        Arrays.stream(Ast.class.getClasses()).filter(Class::isRecord).collect(Collectors.toSet());
    assertThat(missing).contains(Ast.RecurStatement.class, Ast.FreezeItem.class);
    for (Ast.File file : reference()) {
      parts(file).forEach(part -> missing.remove(part.getClass()));
    }
    assertThat(missing).as("what stands in no example").isEmpty();
  }

  /** The examples of the reference. */
  private static List<Ast.File> reference() throws IOException {
    return models().stream()
        .filter(block -> block.page().equals("docs/language.md"))
        .map(block -> Parser.parse(new Source(block.toString(), asFile(block.text()))))
        .toList();
  }

  /** The names that a file reads, and does not bind itself. */
  private static Set<String> used(Ast.File file) {
    Set<String> used = new HashSet<>();
    Set<String> bound = new HashSet<>();
    parts(file)
        .forEach(part -> {
          switch (part) {
            case Ast.NameReference read -> used.add(read.name());
            case Ast.Name name -> bound.add(name.text());
            default -> {}
          }
        });
    used.removeAll(bound);
    return used;
  }

  /** A part of the syntax, and all that it consists of. */
  private static Stream<Object> parts(Object whole) {
    Stream<?> inner =
        switch (whole) {
          case Span ignored -> Stream.empty();
          case Collection<?> several -> several.stream();
          case Optional<?> one -> one.stream();
          case Record syntax ->
              Arrays.stream(syntax.getClass().getRecordComponents())
                  .map(component -> component(syntax, component));
          default -> Stream.empty();
        };
    return Stream.concat(Stream.of(whole), inner.flatMap(DocumentationTest::parts));
  }

  private static Object component(Record syntax, RecordComponent component) {
    try {
      return component.getAccessor().invoke(syntax);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  // ------------------------------------------------------------ Java

  @ParameterizedTest
  @MethodSource("programs")
  void programsCompile(Block block) {
    Matcher type =
        Pattern.compile("^(?:public )?(?:final )?class (\\w+)", Pattern.MULTILINE)
            .matcher(block.text());
    boolean whole = type.find();
    String text =
        whole
            ? "package nn;\n" + block.text()
            : """
            package nn;
            import java.nio.file.Path;
            import java.util.*;
            import nnc.runtime.*;
            class Snippet {
              void snippet(Path path, float[] pixels, int[] digits, CompiledModel writer) throws Exception {
            %s  }
            }
            """
                .formatted(block.text());
    List<JavaSource> sources = new ArrayList<>(digits.java());
    sources.addAll(speller.java());
    sources.add(new JavaSource("nn", whole ? type.group(1) : "Snippet", text, text));
    assertThat(InMemoryCompiler.compile(sources).bytes()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("excerpts")
  void excerptsAreWhatTheCompilerMakes(Block block) {
    assertExcerpt(
        block,
        String.join("\n", printed()),
        "run nnc inspect models/digits.nn and copy the part again");
  }

  @ParameterizedTest
  @MethodSource("derivations")
  void derivationsAreWhatExplainPrints(Block block) {
    String printed =
        COMPILED.stream().map(DocumentationTest::explained).collect(Collectors.joining("\n"));
    assertExcerpt(block, printed, "run nnc explain and copy the part again");
  }

  private static String explained(Compilation compilation) {
    return DerivationPrinter.text(
        Derivation.of(
            compilation.gradient(),
            compilation.gradient().roots().keySet().stream()
                .filter(root -> root.startsWith(Planner.GRADIENT))
                .toList()));
  }

  @ParameterizedTest
  @MethodSource("excerptsOfFiles")
  void excerptsAreWhatStandsInTheFile(Block block) throws IOException {
    String file = block.excerptOf();
    assertExcerpt(block, Files.readString(ROOT.resolve(file)), "copy the part again from " + file);
  }

  private static void assertExcerpt(Block block, String whole, String remedy) {
    String lines = unindented(whole);
    for (String part : unindented(block.text()).split("\n…\n")) {
      assertThat(lines).as(remedy).contains(part.strip());
    }
  }

  /** Everything that nnc inspect prints of models/digits.nn, and the Java of the other models. */
  private static List<String> printed() {
    List<String> printed =
        new ArrayList<>(
            List.of(
                GraphPrinter.print(digits.graph()),
                GraphPrinter.print(digits.gradient()),
                GraphPrinter.print(digits.optimized()),
                GraphPrinter.print(digits.update()),
                PlanPrinter.print(digits.plan(), digits.formulas()::of),
                MemoryPrinter.print(digits.plan(), digits.model())));
    COMPILED.stream()
        .flatMap(compilation -> compilation.java().stream())
        .forEach(source -> printed.addAll(List.of(source.reading(), source.text())));
    return printed;
  }

  private static String unindented(String text) {
    return Arrays.stream(text.split("\n")).map(String::strip).collect(Collectors.joining("\n"));
  }

  // ------------------------------------------------------------ pages

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadToFiles(Path page) throws IOException {
    List<String> links =
        LINK.matcher(Files.readString(page)).results().map(link -> link.group(1)).toList();
    assertThat(links).allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
  }
}
