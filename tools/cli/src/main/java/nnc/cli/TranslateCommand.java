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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nnc translate}. */
@Command(
    name = "translate",
    mixinStandardHelpOptions = true,
    description = {
      "Turns texts into others, by a model that was trained on pairs and has a generate block: one line for each.",
      "",
      "Without TEXT each line of standard input is one, and is answered as soon as it has arrived."
    },
    footer = {
      "",
      "Examples:",
      "  nnc translate run \"where is the library?\"",
      "  nnc translate run --beam 4 -n 4 --json < lines.txt"
    })
final class TranslateCommand implements Callable<Integer> {
  @Mixin private CheckpointFile checkpoint = new CheckpointFile();

  @Mixin private SearchOptions search = new SearchOptions();

  @Mixin private TextCount each = new TextCount();

  @Mixin private ThreadCount threads = new ThreadCount();

  @Spec private CommandSpec spec;

  @Parameters(index = "1..*", paramLabel = "TEXT", description = "What is translated.")
  private List<String> given = new ArrayList<>();

  @Option(
      names = "--json",
      description =
          "Writes JSON: the text, its log-probability, and the alternatives that -n asks for.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (each.count() > 1 && !json) {
      throw new ParameterException(
          spec.commandLine(), "one line is written for each text: for -n alternatives add --json");
    }
    CheckpointFile.Trained trained = checkpoint.load();
    PrintWriter out = spec.commandLine().getOut();
    UnknownSymbols unknown = new UnknownSymbols();
    try (Team team = Team.of(threads.count(spec));
        TextGenerator texts = search.open(trained, team, each.count(), spec)) {
      Answers answers = Answers.translations(texts, each.count(), json, unknown, out);
      if (!given.isEmpty()) {
        answers.answer(given.stream().map(Line::argument).toList());
      } else {
        answers.answer(Arrivals.lines(Line.of(System.in, Line.STANDARD_INPUT)));
      }
    } finally {
      unknown.tell(spec.commandLine().getErr());
    }
    return ExitCode.DONE;
  }
}
