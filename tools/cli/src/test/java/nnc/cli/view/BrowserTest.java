package nnc.cli.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nnc.cli.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a browser, where there is a Chromium. */
final class BrowserTest {
  private static final double LONGEST = 2;
  private static final int TURNS = 5;

  @TempDir Path directory;

  @Test
  void aPageOpensWithoutErrorsAndLightsUpWhatBelongsToAPlace() throws Exception {
    Optional<Path> chromium = chromium();
    assumeTrue(chromium.isPresent(), "no Chromium on the PATH");
    Workspace workspace = new Workspace(directory);
    workspace.nnc("view", "@tiny.nn", "-o", "@page.html");
    Path page = workspace.path("page.html");
    Path errors = workspace.path("errors");
    String line = "#l:0:5"; // hidden = …
    run(chromium.get(), workspace, page.toUri() + line);
    assertThat(Files.readString(errors)).doesNotContain("CONSOLE");
    String dom = workspace.read("dom.html");
    String body = dom.substring(dom.indexOf("<body")); // the first tag, not a text of a script
    assertThat(body).contains("data-ready=\"true\"").contains("class=\"node forward lit\"");
    assertThat(lit(dom, "block"))
        .isGreaterThanOrEqualTo(4); // forward, and the gradients by x, W and b
    assertThat(lit(dom, "formula")).isPositive();
    assertThat(dom).contains("class=\"katex\"").contains("hljs-keyword");
  }

  /** Which is what the page scrolls to, before lines of the values that the kernel only reads. */
  @Test
  void aKernelMarksTheFormulaOfWhatItComputes() throws Exception {
    Optional<Path> chromium = chromium();
    assumeTrue(chromium.isPresent(), "no Chromium on the PATH");
    Workspace workspace = new Workspace(directory);
    PageData data = PageTest.shipped("digits.nn");
    int kernel = data.kernels().stream().map(PageData.Kernel::name).toList().indexOf("d_dense2_W");
    Path page = workspace.write("page.html", Page.html(data));
    run(chromium.get(), workspace, page.toUri() + "#k:" + kernel);
    List<String> own =
        Pattern.compile("class=\"formula lit self\" data-id=\"m:(\\d+)\"")
            .matcher(workspace.read("dom.html"))
            .results()
            .map(line -> data.mathematics().get(Integer.parseInt(line.group(1))).text())
            .toList();
    assertThat(own)
        .containsExactly("δdense2.W = dense1ᵀ · δdense2*", "∂loss/∂dense2.W = dense1ᵀ · δdense2*");
  }

  /** Beyond what Chromium needs for an empty page; the best of several, since others may be at work. */
  @ParameterizedTest
  @ValueSource(strings = {"digits.nn", "g2p-transformer.nn"})
  void aPageOpensInLessThanTwoSeconds(String model) throws Exception {
    Optional<Path> chromium = chromium();
    assumeTrue(chromium.isPresent(), "no Chromium on the PATH");
    Workspace workspace = new Workspace(directory);
    workspace.nnc("view", Path.of("../../models", model).toString(), "-o", "@page.html");
    String page = workspace.path("page.html").toUri().toString();
    double least = Double.MAX_VALUE;
    for (int turn = 0; turn < TURNS && least > LONGEST; turn++) {
      double empty = run(chromium.get(), workspace, "about:blank");
      least = Math.min(least, run(chromium.get(), workspace, page) - empty);
      assertThat(workspace.read("dom.html")).contains("data-ready=\"true\"");
      assertThat(boxes(workspace.read("dom.html")))
          .isNotEmpty()
          .noneMatch(text -> text.contains("undefined"));
    }
    assertThat(least).isLessThan(LONGEST);
  }

  /** Writes what becomes of a page, and what the browser says; gives the seconds that it took. */
  private static double run(Path chromium, Workspace workspace, String address) throws Exception {
    Path errors = workspace.path("errors");
    long start = System.nanoTime();
    Process browser =
        new ProcessBuilder(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + workspace.path("profile"),
                "--enable-logging=stderr",
                "--virtual-time-budget=20000",
                "--window-size=1600,1000",
                "--dump-dom",
                address)
            .redirectError(errors.toFile())
            .redirectOutput(workspace.path("dom.html").toFile())
            .start();
    assumeTrue(browser.waitFor(2, TimeUnit.MINUTES), "Chromium did not end");
    assumeTrue(browser.exitValue() == 0, "Chromium did not run: " + Files.readString(errors));
    return (System.nanoTime() - start) / 1e9;
  }

  /** The texts of the graph. */
  private static List<String> boxes(String dom) {
    return Pattern.compile("<text [^>]*>([^<]*)</text>")
        .matcher(dom)
        .results()
        .map(text -> text.group(1))
        .toList();
  }

  private static int lit(String dom, String kind) {
    return dom.split("class=\"" + kind + " lit", -1).length - 1;
  }

  private static Optional<Path> chromium() throws IOException {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder ->
            Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
