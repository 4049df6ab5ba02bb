package nnc.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.cli.Workspace;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PageTest {
  private static final Map<String, PageData> SHIPPED = new HashMap<>();

  @TempDir Path directory;

  /** Of a model in models/. */
  static PageData shipped(String name) {
    return SHIPPED.computeIfAbsent(name, file -> data(Path.of("../../models", file)));
  }

  private static PageData data(Path file) {
    Compilation compilation =
        Compiler.compile(Project.read(file, Optional.empty()), Compiler.Options.DEFAULT);
    return PageData.of(compilation);
  }

  static List<String> models() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../../models"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".nn"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyKernelLeadsToALineOfTheModelAndBack(String model) {
    PageData data = shipped(model);
    assertThat(data.kernels())
        .isNotEmpty()
        .allSatisfy(kernel -> {
          List<Integer> places =
              kernel.origins().stream().flatMap(each -> data.origins().get(each).stream()).toList();
          assertThat(places).as(kernel.name()).contains(kernel.place().orElseThrow());
          if (kernel.role() != PageData.Role.UPDATE) {
            assertThat(places).as(kernel.name()).anyMatch(place -> text(data, place) == 0);
          }
        });
  }

  @Test
  void aLineOfTheModelLeadsToItsForwardAndGradientKernels() {
    PageData data = shipped("digits.nn");
    assertThat(kernelsOf(data, "image |> Dense(128, relu) |> Dense(64, relu)"))
        .containsExactly("dense2", "delta_dense2", "d_dense2_b", "d_dense2_W", "delta_dense1");
  }

  private static int text(PageData data, int place) {
    return data.places().get(place).getFirst();
  }

  /** The kernels that compute something of an expression of the model. */
  private static List<String> kernelsOf(PageData data, String expression) {
    int from = data.texts().getFirst().text().indexOf(expression);
    int place = data.places().indexOf(List.of(0, from, from + expression.length()));
    assertThat(place).isNotNegative();
    return data.kernels().stream()
        .filter(kernel ->
            kernel.origins().stream().anyMatch(each -> data.origins().get(each).contains(place)))
        .map(PageData.Kernel::name)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"digits.nn", "tagger.nn", "g2p-transformer.nn"})
  void theLinesOfAKernelAreItsMethodAndTheLoopsItCalls(String model) {
    PageData data = shipped(model);
    Map<Integer, Integer> ends = new HashMap<>();
    for (PageData.Kernel kernel : data.kernels()) {
      List<String> lines = data.java().get(kernel.java()).text().lines().toList();
      assertThat(lines.get(kernel.from())).startsWith("  void " + kernel.name() + "(Worker w");
      assertThat(lines.subList(kernel.from() + 1, kernel.to()))
          .as(kernel.name())
          .isNotEmpty()
          .noneMatch(line -> line.contains("(Worker w"));
      Integer end = ends.put(kernel.java(), kernel.to());
      assertThat(end == null || end == kernel.from()).isTrue();
    }
  }

  @Test
  void theMathematicsKnowsTheValuesThatItDefines() {
    PageData data = shipped("digits.nn");
    assertThat(data.mathematics())
        .filteredOn(line -> line.section() == PageData.Section.RESULTS)
        .hasSize(6)
        .allSatisfy(line -> {
          PageData.Node node = data.stages().get(1).nodes().get(line.node().orElseThrow());
          assertThat(node.roots()).anyMatch(root -> root.startsWith("grad."));
        });
    assertThat(data.mathematics())
        .filteredOn(
            line -> line.section() == PageData.Section.VALUES && line.text().startsWith("logits"))
        .singleElement()
        .satisfies(line -> assertThat(line.node()).isPresent());
  }

  /** The sum over all steps of a recurrence is one of its lines. */
  @Test
  void theMathematicsShowsAllStepsAtOnce() {
    assertThat(shipped("tagger.nn").mathematics())
        .anySatisfy(line -> {
          assertThat(line.text()).contains("[k]) = Σ_{t ≥ k} r[t] · J[t] ⋯ J[k+1]");
          assertThat(line.latex()).contains("\\sum_{t \\geq k} r^{(t)}");
        });
  }

  @Test
  void theBodyOfALoopStandsInsideOfIt() {
    List<PageData.Node> nodes = shipped("tagger.nn").stages().getFirst().nodes();
    assertThat(nodes)
        .anySatisfy(node -> {
          assertThat(node.next()).isPresent();
          assertThat(nodes.get(node.parent().orElseThrow()).loop()).isTrue();
        });
  }

  @ParameterizedTest
  @CsvSource({"digits.nn, 2.5", "g2p-transformer.nn, 5"})
  void pagesAreOfASizeToMail(String model, double megabytes) {
    assertThat(Page.html(shipped(model)).getBytes(StandardCharsets.UTF_8).length)
        .isLessThan((int) (megabytes * 1e6));
  }

  @Test
  void nothingIsLoaded() {
    String page = Page.html(shipped("digits.nn"));
    assertThat(page).contains("default-src 'none'").doesNotContainPattern("\\{\\{[\\w.-]+}}");
    assertThat(page).doesNotContainPattern("<script[^>]+src");
    String withoutScripts = page.replaceAll("(?s)<script.*?</script>", "");
    assertThat(withoutScripts).doesNotContainPattern("(src|href)=|<link|@import|url\\((?!data:)");
  }

  @Test
  void noTextOfAModelCanEndTheData() {
    Workspace workspace = new Workspace(directory);
    Path file = workspace.write("odd.nn", "// </script><!-- \u2028 \"\\\n" + Workspace.TINY);
    String json = Page.json(data(file));
    assertThat(json).doesNotContain("<");
    assertThat(json).contains("\\u003c/script>\\u003c!--");
  }

  @Test
  void aModelWithoutALossHasAPageToo() {
    Workspace workspace = new Workspace(directory);
    Path file =
        workspace.write("plain.nn", "model Plain {\n  input x: f32[3]\n  output y = 2 * x\n}\n");
    PageData data = data(file);
    assertThat(data.mathematics()).isEmpty();
    assertThat(data.kernels()).hasSize(1);
  }

  @Test
  void thePageGoesWhereItIsWanted() {
    Workspace workspace = new Workspace(directory);
    Workspace.Result result = workspace.nnc("view", "@tiny.nn", "-o", "@out/page.html");
    assertThat(result.code()).isZero();
    assertThat(result.lines()).containsExactly(workspace.path("out/page.html").toString());
    assertThat(workspace.read("out/page.html")).startsWith("<!DOCTYPE html>").contains("Tiny");
  }
}
