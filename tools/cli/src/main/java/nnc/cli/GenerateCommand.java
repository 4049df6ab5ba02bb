package nnc.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import nnc.cli.data.Arrivals;
import nnc.cli.data.Line;
import nnc.cli.generate.Answers;
import nnc.cli.output.UnknownSymbols;
import nnc.runtime.Team;
import nnc.runtime.TextGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nnc generate}. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Goes on with texts, by a trained model that has a generate block.",
      "",
      "Without --prompt each line of standard input is one; in a terminal the model begins by itself."
    },
    footer = {
      "",
      "Examples:",
      "  nnc generate run --prompt \"It is a truth\" --limit 300",
      "  nnc generate run --prompt \"She \" --temperature 0.5 -n 3"
    })
final class GenerateCommand implements Callable<Integer> {
  @Mixin private CheckpointFile checkpoint = new CheckpointFile();

  @Mixin private SearchOptions search = new SearchOptions();

  @Mixin private TextCount each = new TextCount();

  @Mixin private ThreadCount threads = new ThreadCount();

  @Spec private CommandSpec spec;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "How the text begins. May be repeated, for a text each.")
  private List<String> prompts = new ArrayList<>();

  @Option(names = "--json", description = "Writes a line of JSON for each text.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    CheckpointFile.Trained trained = checkpoint.load();
    PrintWriter out = spec.commandLine().getOut();
    UnknownSymbols unknown = new UnknownSymbols();
    boolean terminal = ProgressLine.onTerminal();
    if (prompts.isEmpty() && terminal) {
      prompts.add("");
    }
    try (Team team = Team.of(threads.count(spec));
        TextGenerator texts = search.open(trained, team, each.count(), spec)) {
      Answers answers = Answers.continuations(texts, each.count(), json, unknown, out);
      if (terminal && !json && prompts.size() == 1 && each.count() == 1) {
        answers.grow(Line.argument(prompts.getFirst()));
        return ExitCode.DONE;
      }
      if (!prompts.isEmpty()) {
        answers.answer(prompts.stream().map(Line::argument).toList());
      } else {
        answers.answer(Arrivals.lines(Line.of(System.in, Line.STANDARD_INPUT)));
      }
    } finally {
      unknown.tell(spec.commandLine().getErr());
    }
    return ExitCode.DONE;
  }
}
