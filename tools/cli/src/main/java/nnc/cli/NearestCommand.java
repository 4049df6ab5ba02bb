package nnc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import nnc.cli.output.Figures;
import nnc.cli.vectors.ExpectedNeighbours;
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

/** {@code nnc nearest}. */
@Command(
    name = "nearest",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the words whose vectors are nearest to that of a word, by the cosine of the angle between them.",
      "",
      "With --pairs, counts how many expected neighbours are among them; a word that the vocabulary does not have is not."
    },
    footer = {
      "",
      "Examples:",
      "  nnc nearest run emma sister",
      "  nnc nearest run emma -n 5 --table embedding1.E",
      "  nnc nearest run --pairs neighbours.tsv"
    })
final class NearestCommand implements Callable<Integer> {
  @Mixin private CheckpointFile checkpoint = new CheckpointFile();

  @Mixin private TableOptions table = new TableOptions();

  @Spec private CommandSpec spec;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "WORD",
      description = "Words of the vocabulary.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "-n",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many neighbours of each. Default: ${DEFAULT-VALUE}.")
  private int most;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description = "Lines of a word, a tab, and expected neighbours with spaces between.")
  private @Nullable Path pairs;

  @Override
  public Integer call() {
    if (words.isEmpty() == (pairs == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "say of which words: WORD ..., or --pairs FILE" + (pairs == null ? "" : ", not both"));
    }
    if (most < 1) {
      throw new ParameterException(spec.commandLine(), "-n is at least 1");
    }
    WordVectors vectors = table.vectors(checkpoint.read());
    PrintWriter out = spec.commandLine().getOut();
    if (pairs == null) {
      words.forEach(vectors::spelling); // an unknown word is told before anything is printed
      words.forEach(word -> print(word, vectors, out));
    } else {
      score(ExpectedNeighbours.read(pairs), vectors, out);
    }
    return ExitCode.DONE;
  }

  private void print(String word, WordVectors vectors, PrintWriter out) {
    out.println(Quoted.plain(vectors.spelling(word)));
    for (WordVectors.Neighbour each : vectors.nearest(word, most)) {
      out.println("  " + Figures.cosine(each.cosine()) + "  " + Quoted.plain(each.word()));
    }
  }

  private void score(List<ExpectedNeighbours> all, WordVectors vectors, PrintWriter out) {
    int hits = 0;
    int expected = 0;
    for (ExpectedNeighbours each : all) {
      List<String> found = each.found(vectors, most);
      out.println(
          line(Quoted.plain(each.word()), found.size(), each.neighbours().size())
              + found.stream()
                  .map(Quoted::plain)
                  .collect(Collectors.joining(" ", "   ", ""))
                  .stripTrailing());
      hits += found.size();
      expected += each.neighbours().size();
    }
    out.println(line("all", hits, expected) + "   " + Figures.of((double) hits / expected));
  }

  private String line(String name, int hits, int expected) {
    return String.format(
        Locale.ROOT, "%-16s  %,d of %,d within the first %d", name, hits, expected, most);
  }
}
