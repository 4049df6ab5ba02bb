package nnc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import nnc.cli.output.Figures;
import nnc.cli.vectors.AnalogyQuestions;
import nnc.cli.vectors.AnalogyQuestions.Score;
import nnc.cli.vectors.WordVectors;
import nnc.runtime.Quoted;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nnc analogy}. */
@Command(
    name = "analogy",
    mixinStandardHelpOptions = true,
    customSynopsis = {
      "nnc analogy [-n=N] [--table=PATH] [--field=NAME] CHECKPOINT A B C",
      "       nnc analogy [-n=N] [--table=PATH] [--field=NAME] CHECKPOINT --questions=FILE"
    },
    description = {
      "A is to B as C is to which word? Prints those whose vectors are nearest to v(B) - v(A) + v(C), by the cosine of the angle.",
      "",
      "Vectors are brought to unit length first, and the three words are left out (3CosAdd; Mikolov, Yih, Zweig 2013):"
          + " 'man king woman' asks for queen.",
      "",
      "With --questions, prints for each section how many questions have known words only, and of these the shares"
          + " whose answer is the nearest word, and one of the N nearest."
    },
    footer = {
      "",
      "Examples:",
      "  nnc analogy run man king woman",
      "  nnc analogy run --questions questions-words.txt"
    })
final class AnalogyCommand implements Callable<Integer> {
  @Mixin private CheckpointFile checkpoint = new CheckpointFile();

  @Mixin private TableOptions table = new TableOptions();

  @Spec private CommandSpec spec;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "A B C",
      hideParamSyntax = true,
      description = "Three words of the vocabulary.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "-n",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many answers. Default: ${DEFAULT-VALUE}.")
  private int most;

  @Option(
      names = "--questions",
      paramLabel = "FILE",
      description =
          "Lines of four words, and lines ': NAME' before sections, as in word2vec's questions-words.txt.")
  private @Nullable Path questions;

  @Override
  public Integer call() {
    if (words.size() != (questions == null ? 3 : 0)) {
      throw new ParameterException(
          spec.commandLine(), "an analogy has three words, A B C, or --questions FILE has many");
    }
    if (most < 1) {
      throw new ParameterException(spec.commandLine(), "-n is at least 1");
    }
    WordVectors vectors = table.vectors(checkpoint.read());
    PrintWriter out = spec.commandLine().getOut();
    if (questions == null) {
      for (WordVectors.Neighbour each :
          vectors.analogy(words.get(0), words.get(1), words.get(2), most)) {
        out.println(Figures.cosine(each.cosine()) + "  " + Quoted.plain(each.word()));
      }
    } else {
      score(AnalogyQuestions.read(questions), vectors, out);
    }
    return ExitCode.DONE;
  }

  private void score(List<AnalogyQuestions> sections, WordVectors vectors, PrintWriter out) {
    Score all = Score.NONE;
    for (AnalogyQuestions section : sections) {
      Score score = section.score(vectors, most);
      out.println(line(Quoted.plain(section.section()), score));
      out.flush();
      all = all.plus(score);
    }
    out.println(line("all", all));
  }

  private String line(String name, Score score) {
    Map<String, Double> shares = new LinkedHashMap<>();
    if (score.known() > 0) {
      shares.put("top 1", (double) score.first() / score.known());
      shares.put("top " + most, (double) score.among() / score.known());
    }
    return String.format(
            Locale.ROOT,
            "%-28s  %,d of %,d questions   %s",
            name,
            score.known(),
            score.questions(),
            Figures.of(shares))
        .stripTrailing();
  }
}
