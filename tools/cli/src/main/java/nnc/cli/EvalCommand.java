package nnc.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import nnc.cli.data.Batches;
import nnc.cli.data.Dataset;
import nnc.cli.data.DatasetReader;
import nnc.cli.data.Lengths;
import nnc.cli.generate.PairEvaluation;
import nnc.cli.output.Json;
import nnc.cli.train.Evaluation;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.DataException;
import nnc.runtime.Session;
import nnc.runtime.Team;
import nnc.runtime.TextGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nnc eval}. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Computes loss and metrics of a trained model over the rows of a file, as one line of JSON.",
      "",
      "The rows hold the columns that the train block names, and are prepared as these are."
    },
    footer = {
      "",
      "Examples:",
      "  nnc eval run --data test.csv",
      "  nnc eval run --data test.tsv --generate --beam 4",
      "  nnc eval run --data images=images.idx3.gz --data labels=labels.idx1.gz"
    })
final class EvalCommand implements Callable<Integer> {
  /** The share of symbols above which a file is of another kind than the model was trained on. */
  private static final double MOST_UNKNOWN = 0.5;

  @Mixin private CheckpointFile checkpoint = new CheckpointFile();

  @Mixin private ThreadCount threads = new ThreadCount();

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "The rows. IDX files are given by the names they have in the train block: --data images=FILE --data labels=FILE.")
  private List<String> files;

  @Option(
      names = "--generate",
      description =
          "Generates the second text of each pair from the first, and writes how far it is from the one that stands there.")
  private boolean generate;

  @Mixin private SearchOptions search = new SearchOptions();

  @Override
  public Integer call() {
    CheckpointFile.Trained trained = checkpoint.load();
    TypedModel model = trained.compilation().model();
    if (generate) {
      return generate(trained, source(model));
    }
    search.requireNone(spec);
    if (trained.compilation().evaluationMeasures().isEmpty()) {
      throw new CompileException(
          Diagnostic.at(
                  model.span(), "eval", "'" + model.name() + "' has neither a loss nor metrics")
              .help("declare one: metric accuracy = …"));
    }
    Dataset data = read(trained, source(model));
    try (Team team = Team.of(threads.count(spec));
        Session session = trained.model().session(team)) {
      Map<String, Double> values =
          new Evaluation(
                  trained.compilation().evaluationMeasures(),
                  new Batches(
                      data,
                      new Lengths(model, data),
                      List.of(new Batches.Bucket(session, model.bounded()))),
                  session.model().signature())
              .of(IntStream.range(0, data.rows()).toArray());
      print(data.rows(), values);
    }
    return ExitCode.DONE;
  }

  private int generate(CheckpointFile.Trained trained, Training.Data source) {
    TypedModel model = trained.compilation().model();
    if (source.kind() != Training.Kind.PAIRS) {
      throw new CompileException(
          Diagnostic.at(
                  model.span(),
                  "eval",
                  "'"
                      + model.name()
                      + "' was trained on "
                      + source.kind().text()
                      + ", not on pairs")
              .help("leave out --generate"));
    }
    read(trained, source);
    try (Team team = Team.of(threads.count(spec));
        TextGenerator texts = search.open(trained, team, 1, spec)) {
      PairEvaluation evaluation = new PairEvaluation(texts, source);
      ProgressLine progress =
          new ProgressLine(spec.commandLine().getOut(), ProgressLine.onTerminal());
      Path file = Path.of(source.files().values().iterator().next());
      Map<String, Double> values;
      try {
        values =
            evaluation.of(
                file, rows -> progress.say(String.format(Locale.ROOT, "%,d rows …", rows)));
      } finally {
        progress.clear();
      }
      print(evaluation.rows(), values);
    }
    return ExitCode.DONE;
  }

  /**
   * The rows. What there is to know of them is told on standard error, since standard output has the figures alone.
   *
   * @throws DataException if most symbols are unknown: figures of them say nothing
   */
  private Dataset read(CheckpointFile.Trained trained, Training.Data source) {
    Dataset data =
        DatasetReader.read(
            trained.compilation().model(),
            source,
            Path.of(""),
            trained.checkpoint().metadata().vocabularies(),
            trained.checkpoint().metadata().seed());
    data.remarks().forEach(spec.commandLine().getErr()::println);
    spec.commandLine().getErr().flush();
    data.unknown()
        .forEach((field, share) -> {
          if (share > MOST_UNKNOWN) {
            throw new DataException(
                data.source(),
                String.format(
                    Locale.ROOT,
                    "expected symbols that '%s' was trained on, found that %.0f %% of those of '%s' are unknown to it",
                    trained.compilation().model().name(),
                    100 * share,
                    field),
                "give data of the kind that it was trained on");
          }
        });
    return data;
  }

  private void print(long rows, Map<String, Double> values) {
    spec.commandLine()
        .getOut()
        .println(
            Json.object(json -> {
              json.writeNumberProperty("rows", rows);
              Json.numbers(json, values);
            }));
  }

  /** The source that the model was trained on, with other files. */
  private Training.Data source(TypedModel model) {
    Training.Data trained =
        model
            .train()
            .data()
            .orElseThrow(() ->
                new CompileException(
                    Diagnostic.at(
                            model.span(),
                            "data",
                            "nothing says which columns '" + model.name() + "' reads")
                        .help("name them in the train block: data csv(\"file.csv\") { … }")));
    Map<String, String> given = new LinkedHashMap<>();
    for (String file : files) {
      boolean named = trained.kind() == Training.Kind.IDX && file.contains("=");
      given.put(
          named ? file.substring(0, file.indexOf('=')) : String.valueOf(given.size()),
          named ? file.substring(file.indexOf('=') + 1) : file);
    }
    if (!given.keySet().equals(trained.files().keySet()) || files.size() != given.size()) {
      String expected =
          trained.kind() != Training.Kind.IDX
              ? "--data FILE, once"
              : String.join(
                  " ",
                  trained.files().keySet().stream()
                      .map(name -> "--data " + name + "=FILE")
                      .toList());
      throw new ParameterException(
          spec.commandLine(),
          "'" + model.name() + "' reads " + trained.kind().text() + ": " + expected);
    }
    return trained.over(given, trained.span());
  }
}
