package nnc.cli;

import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.Generator;
import nnc.runtime.Search;
import nnc.runtime.Team;
import nnc.runtime.TextGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How symbols are chosen, instead of as the model's generate block says. */
final class SearchOptions {
  private static final long SEED = 1;

  @Option(names = "--greedy", description = "Takes the most probable symbol at each step.")
  private boolean greedy;

  @Option(
      names = "--beam",
      paramLabel = "WIDTH",
      description = "Searches for the most probable text, with so many beginnings at each step.")
  private @Nullable Integer beam;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "Draws symbols; below 1 the probable ones are drawn more often, above 1 less.")
  private @Nullable Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Draws one of the N most probable symbols.")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "X",
      description = "Draws one of the most probable symbols that together have the probability X.")
  private @Nullable Double topP;

  @Option(names = "--limit", paramLabel = "N", description = "How many symbols at most.")
  private @Nullable Integer limit;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What symbols are drawn from. Default: 1.")
  private @Nullable Long seed;

  /** Where no text is generated, they would say nothing. */
  void requireNone(CommandSpec spec) {
    if (greedy
        || beam != null
        || temperature != null
        || topK != null
        || topP != null
        || limit != null
        || seed != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--greedy, --beam, --temperature, --top-k, --top-p, --limit and --seed say how texts are generated: add --generate");
    }
  }

  /**
   * A generator of a trained model's texts, that does as the options say.
   *
   * @param count how many texts are to be asked for, for each prompt
   */
  TextGenerator open(CheckpointFile.Trained trained, Team team, int count, CommandSpec spec) {
    TypedModel model = trained.compilation().model();
    if (model.generating().isEmpty()) {
      boolean symbols = model.train().data().filter(data -> data.kind().symbolic()).isPresent();
      throw new CompileException(
          Diagnostic.at(model.span(), "generate", "'" + model.name() + "' has no generate block")
              .help(
                  symbols
                      ? "add one to its file and train: generate "
                          + model.name()
                          + " { feed INPUT from SCORES }"
                      : "it computes from numbers: use nnc predict"));
    }
    String input = model.generating().get().settings().input();
    if (model.train().data().flatMap(data -> data.mapping(input).flatMap(data::field)).isEmpty()) {
      throw new CompileException(
          Diagnostic.at(
                  model.generating().get().span(),
                  "generate",
                  "nothing says which symbols the ids of '" + input + "' stand for")
              .help("train on texts, which have a vocabulary: data text(…) or data pairs(…)"));
    }
    TextGenerator texts = new TextGenerator(trained.model().inferenceSession(team));
    Generator generator = texts.generator();
    try {
      generator.search(search(generator.search())).seed(seed == null ? SEED : seed);
      if (limit != null) {
        generator.limit(limit);
      }
      generator.requireCount(count);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
    return texts;
  }

  private Search search(Search own) {
    boolean samples = temperature != null || topK != null || topP != null;
    if ((greedy ? 1 : 0) + (beam == null ? 0 : 1) + (samples ? 1 : 0) > 1) {
      throw new IllegalArgumentException(
          "--greedy, --beam, and --temperature, --top-k or --top-p exclude one another");
    }
    if (greedy) {
      return new Search.Greedy();
    }
    if (beam != null) {
      return new Search.Beam(
          beam,
          own instanceof Search.Beam block ? block.lengthPenalty() : Search.Beam.LENGTH_PENALTY);
    }
    if (samples) {
      Search.Sample block = own instanceof Search.Sample sample ? sample : Search.Sample.PLAIN;
      return new Search.Sample(
          temperature == null ? block.temperature() : temperature,
          topK == null ? block.topK() : topK,
          topP == null ? block.topP() : topP);
    }
    return own;
  }
}
