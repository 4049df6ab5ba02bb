package nnc.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import nnc.cli.output.WholeFiles;
import nnc.cli.view.Page;
import nnc.cli.view.PageData;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nnc view}. */
@Command(
    name = "view",
    mixinStandardHelpOptions = true,
    description =
        "Writes one page of HTML that shows a model, its graph, the mathematics of its gradient and its Java side by side.",
    footer = {"", "Example:", "  nnc view models/digits.nn -o digits.html"})
final class ViewCommand implements Callable<Integer> {
  @Mixin private ModelFile model = new ModelFile();

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Spec private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE.html",
      description = "Where the page goes. Without it: the name of the .nn file, here.")
  private @Nullable Path output;

  @Override
  public Integer call() {
    Compilation compilation =
        model.compile(
            Compiler.Options.DEFAULT.with(model.settings()).with(switchedOff.optimizations()));
    Path page = output == null ? model.here(".html") : output;
    WholeFiles.write(
        Map.of(page, Page.html(PageData.of(compilation)).getBytes(StandardCharsets.UTF_8)));
    spec.commandLine().getOut().println(page);
    return ExitCode.DONE;
  }
}
