package nnc.cli.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import nnc.cli.metrics.EpochReport;
import nnc.cli.metrics.MetricsFiles;
import nnc.cli.metrics.ProbeReport;
import nnc.cli.output.Figures;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.ir.Optimizations;
import nnc.compiler.model.Models;
import nnc.compiler.model.Program;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.Quoted;
import nnc.runtime.Safetensors;
import nnc.runtime.Signature;
import nnc.runtime.Team;

/** A whole training, from a program to trained parameters on the disk. */
public final class TrainingRun {
  private final Request request;
  private final Compilation compilation;
  private final CompiledModel model;
  private final TrainingData data;
  private final Buckets buckets;
  private final Optional<Probes> probes;
  private final CheckpointMetadata start;
  private final List<String> remarks;

  /**
   * What is asked for.
   *
   * @param directory where relative paths of data begin
   * @param patience how many epochs without a lower held-out loss end the training
   * @param from a checkpoint to go on from
   * @param initial parameters to start from
   * @param out where checkpoints and metrics go
   * @param checkpointEvery how long an epoch goes on without one
   * @param metrics another file that gets a line an epoch
   * @param trap whether the first kernel that makes a number that is not finite ends it
   * @param probes names of tensors that are looked at now and then
   */
  public record Request(
      Program program,
      Path directory,
      Map<String, Integer> settings,
      Optional<Integer> epochs,
      Optional<Integer> patience,
      Optional<Long> seed,
      int threads,
      Optimizations optimizations,
      Optional<Checkpoint> from,
      Optional<Safetensors> initial,
      Optional<Path> out,
      Duration checkpointEvery,
      Optional<Path> metrics,
      boolean trap,
      List<String> probes) {}

  /** Whoever tells the user. */
  public interface Listener {
    void firstStep();

    /** Called after each step in the middle of an epoch; the report is made if it is asked for. */
    void step(Supplier<StepReport> report);

    void epoch(EpochReport report);

    /** Called at the end of each interval of an epoch, if something is probed. */
    void probe(ProbeReport report);

    /** @param stopped whether the user wanted it to */
    void end(List<String> lines, boolean stopped);
  }

  /**
   * How a training ended.
   *
   * @param stopped whether the user wanted it to
   * @param heldOut loss and metrics over the held-out rows, where there are any and it came to its end
   */
  public record Outcome(boolean stopped, Optional<Map<String, Double>> heldOut) {}

  private TrainingRun(
      Request request,
      Compilation compilation,
      CompiledModel model,
      TrainingData data,
      Buckets buckets,
      Optional<Probes> probes,
      CheckpointMetadata start,
      List<String> remarks) {
    this.request = request;
    this.compilation = compilation;
    this.model = model;
    this.data = data;
    this.buckets = buckets;
    this.probes = probes;
    this.start = start;
    this.remarks = remarks;
  }

  /**
   * Reads the data, compiles the model and gives its parameters their first values; writes nothing.
   *
   * @throws CompileException if the model cannot be trained
   */
  public static TrainingRun prepare(Request request) {
    TypedModel typed = Models.elaborate(request.program(), request.settings());
    requireTrainable(typed);
    Optional<CheckpointMetadata> begun = request.from().map(Checkpoint::metadata);
    begun.ifPresent(metadata -> metadata.requireModel(typed.name()));
    long seed = begun.map(CheckpointMetadata::seed).or(request::seed).orElse(typed.train().seed());
    int epochs = epochs(request, typed);
    OptionalInt patience = patience(request, typed);
    // files are read while the model is compiled
    CompletableFuture<TrainingData> reading =
        CompletableFuture.supplyAsync(() ->
            TrainingData.read(
                typed, request.directory(), begun.map(CheckpointMetadata::vocabularies), seed));
    Map<String, Integer> settings = new LinkedHashMap<>(request.settings());
    if (typed.train().batchAll()) {
      settings.putIfAbsent(typed.batch().orElseThrow().name(), reading.join().rows().length);
    }
    TypedModel sized =
        settings.equals(request.settings()) ? typed : Models.elaborate(request.program(), settings);
    Compiler.Options options =
        Compiler.Options.DEFAULT.with(settings).with(request.optimizations());
    Compilation compilation = Compiler.compile(sized, options);
    CompiledModel model = compilation.load();
    List<Source> sources = Checkpoint.sources(request.program());
    List<String> remarks = new ArrayList<>();
    firstParameters(request, model, seed, remarks);
    begun
        .filter(metadata -> !texts(metadata.sources()).equals(texts(sources)))
        .ifPresent(metadata ->
            remarks.add(
                "the model's text has changed since the checkpoint was written; going on with it as it is now"));
    begun
        .map(CheckpointMetadata::version)
        .filter(version -> !version.equals(CheckpointMetadata.OWN_VERSION))
        .ifPresent(version ->
            remarks.add(
                "the checkpoint was written by nnc "
                    + version
                    + ", and this is nnc "
                    + CheckpointMetadata.OWN_VERSION
                    + ": results may differ in their last digits"));
    if (patience.isPresent() && reading.join().heldOut().isEmpty()) {
      throw new CompileException(
          Diagnostic.of(
                  "train", "patience waits for a lower held-out loss, and no rows are held out")
              .help(
                  "hold rows out in the train block, data csv(…) { …; hold out 20% }, or name a test set by eval"));
    }
    TrainingData data = reading.join();
    Buckets buckets = Buckets.of(request.program(), options, compilation, model, data);
    EpochLayout layout = EpochLayout.of(data, compilation, model.signature().maximum(), buckets);
    RunPosition position =
        begun.map(metadata -> goingOn(metadata, layout, remarks)).orElse(RunPosition.START);
    return new TrainingRun(
        request,
        compilation,
        model,
        data,
        buckets,
        request.probes().isEmpty()
            ? Optional.empty()
            : Optional.of(new Probes(request.probes(), model, buckets.plans())),
        new CheckpointMetadata(
            CheckpointMetadata.OWN_VERSION,
            sources,
            typed.name(),
            request.program().variant(),
            settings,
            data.vocabularies(),
            seed,
            epochs,
            patience,
            Optional.of(layout),
            position),
        remarks);
  }

  /** Where a training goes on: at the beginning of its epoch, if that has other batches now. */
  private static RunPosition goingOn(
      CheckpointMetadata begun, EpochLayout layout, List<String> remarks) {
    RunPosition position = begun.position();
    List<String> changes = begun.layout().map(layout::changes).orElse(List.of());
    remarks.addAll(changes);
    if (changes.isEmpty() || position.batches() == 0) {
      return position;
    }
    remarks.add("so epoch " + (position.epochs() + 1) + " begins again");
    return position.again();
  }

  private static List<String> texts(List<Source> sources) {
    return sources.stream().map(Source::text).toList();
  }

  private static void requireTrainable(TypedModel model) {
    List<Diagnostic> wrong = new ArrayList<>();
    Optional<Training.Block> block = model.train().block();
    if (block.isEmpty()) {
      wrong.add(
          Diagnostic.at(model.span(), "train", "nothing says how '" + model.name() + "' is trained")
              .help(
                  "add a train block: train "
                      + model.name()
                      + " { data csv(\"file.csv\") { … }  optimizer Adam(lr = 1e-3)  epochs 20 }"));
    } else if (!block.get().hasOptimizer()) {
      wrong.add(
          Diagnostic.at(block.get().span(), "train", "the train block names no optimizer")
              .help("add one to it: optimizer Adam(lr = 1e-3)"));
    }
    if (model.training().loss().isEmpty()) {
      wrong.add(
          Diagnostic.at(
                  model.span(), "train", "the model '" + model.name() + "' has no loss to train by")
              .help("declare it in the model: loss = mean(…)"));
    } else if (wrong.isEmpty() && model.train().groups().isEmpty()) {
      wrong.add(
          Diagnostic.at(model.span(), "train", "no parameter of '" + model.name() + "' is trained")
              .help(
                  "a parameter is trained if the loss depends on it, an optimizer is for it, and it is not frozen"));
    }
    if (model.batch().isEmpty()) {
      wrong.add(
          Diagnostic.at(
                  model.span(),
                  "train",
                  "'"
                      + model.name()
                      + "' has no batch: its inputs do not share a first axis with a name")
              .help("declare the inputs with one: dim B = 64, input x: f32[B, …]"));
    }
    if (!wrong.isEmpty()) {
      throw new CompileException(wrong);
    }
  }

  private static int epochs(Request request, TypedModel model) {
    Optional<Integer> begun = request.from().map(checkpoint -> checkpoint.metadata().epochs());
    if (request.epochs().isEmpty() && begun.isEmpty() && model.train().epochs().isEmpty()) {
      throw new CompileException(
          Diagnostic.at(
                  model.span(), "train", "nothing says how long '" + model.name() + "' is trained")
              .help("write epochs 20 in the train block, or give --epochs 20"));
    }
    return request.epochs().or(() -> begun).orElseGet(() -> model.train().epochs().orElseThrow());
  }

  private static OptionalInt patience(Request request, TypedModel model) {
    if (request.patience().isPresent()) {
      return OptionalInt.of(request.patience().get());
    }
    OptionalInt begun =
        request
            .from()
            .map(checkpoint -> checkpoint.metadata().patience())
            .orElse(OptionalInt.empty());
    return begun.isPresent() ? begun : model.train().patience();
  }

  private static void firstParameters(
      Request request, CompiledModel model, long seed, List<String> remarks) {
    if (request.from().isPresent()) {
      Safetensors checkpoint = request.from().get().tensors();
      model.requireKnown(checkpoint);
      model.read(checkpoint);
      model.readOptimizer(checkpoint);
      return;
    }
    model.initialise(seed);
    if (request.initial().isPresent()) {
      Safetensors initial = request.initial().get();
      List<String> read = model.readSome(initial);
      if (read.isEmpty()) {
        List<String> own =
            model.signature().parameters().stream()
                .map(parameter -> parameter.path())
                .limit(8)
                .toList();
        throw new CompileException(
            Diagnostic.of("init", initial.file() + " has none of the model's parameters")
                .note("the model has " + String.join(", ", own))
                .note(
                    "the file has " + String.join(", ", initial.names().stream().limit(8).toList()))
                .help(
                    "parameters are known by their paths: name the layers as they were when the file was written"));
      }
      remarks.addAll(taken(model, initial, read));
    }
  }

  /** What was read from a file, what the file does not have, and what the model has no place for. */
  private static List<String> taken(CompiledModel model, Safetensors initial, List<String> read) {
    List<String> remarks = new ArrayList<>();
    remarks.add("from " + initial.file() + ": " + String.join(", ", read));
    List<String> others =
        model.signature().parameters().stream()
            .map(Signature.Parameter::path)
            .filter(path -> !read.contains(path))
            .toList();
    if (!others.isEmpty()) {
      remarks.add("not in it, so by their initialisers: " + String.join(", ", others));
    }
    List<String> left = initial.names().stream().filter(name -> !read.contains(name)).toList();
    if (!left.isEmpty()) {
      remarks.add("passed over, not of this model: " + Quoted.list(left));
    }
    return remarks;
  }

  /** How many epochs there are to be in all. */
  public int epochs() {
    return start.epochs();
  }

  public Compilation compilation() {
    return compilation;
  }

  /** The model that is trained, its parameters as they are now. */
  public CompiledModel model() {
    return model;
  }

  public TrainingData data() {
    return data;
  }

  public long seed() {
    return start.seed();
  }

  /** Makes the steps of this run, from where it begins, and writes nothing. */
  public Trainer trainer(Team team) {
    return new Trainer(
        compilation,
        data,
        buckets.open(team),
        epochs(),
        start.patience(),
        start.seed(),
        start.position());
  }

  /** What is about to happen, in a few lines. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    String heldOut =
        data.heldOut()
            .map(rows -> String.format(Locale.ROOT, ", %,d held out", rows.rows().length))
            .orElse("");
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %,d parameters; %,d rows to train on%s; batch %d; %d thread%s",
            start.model(),
            compilation.model().parameterElements(),
            data.rows().length,
            heldOut,
            model.signature().maximum(),
            request.threads(),
            request.threads() == 1 ? "" : "s"));
    lines.addAll(data.remarks());
    lines.addAll(buckets.remarks());
    lines.addAll(remarks);
    RunPosition position = start.position();
    if (position.epochs() >= epochs()) {
      lines.add("all " + epochs() + " epochs were trained before; --epochs N asks for more");
    } else if (position.endsEarly(start.patience())) {
      lines.add(
          "it ended early, after epoch " + position.epochs() + "; --patience N asks for more");
    } else if (position.steps() > 0) {
      lines.add(
          "going on after step "
              + position.steps()
              + ", in epoch "
              + (position.epochs() + 1)
              + " of "
              + epochs());
    }
    return lines;
  }

  /**
   * Trains to the end, or until the user stops it.
   *
   * @param listener hears how it goes, and the last word before the process may end
   */
  public Outcome go(Listener listener) {
    Optional<Checkpoints> checkpoints =
        request
            .out()
            .map(directory -> new Checkpoints(directory, model, start, request.checkpointEvery()));
    RunPosition begun = start.position();
    try (StopSignal stop = new StopSignal(); // closed last: by then all files are whole
        MetricsFiles metrics =
            new MetricsFiles(
                request.out(),
                request.metrics(),
                begun.epochs(),
                begun.interval().since(),
                begun.steps());
        Team team = Team.of(request.threads())) {
      Trainer trainer = trainer(team);
      trainer.onFirstStep(listener::firstStep);
      trainer.onInterval(metrics::add);
      if (request.trap()) {
        trainer.set(new Trap(buckets.plans(), buckets.formulas()));
      }
      probes.ifPresent(each ->
          trainer.probe(
              each,
              report -> {
                metrics.add(report);
                listener.probe(report);
              }));
      Supplier<StepReport> reports = trainer::report;
      Supplier<RunPosition> position = trainer::position;
      trainer.onStep(() -> {
        listener.step(reports);
        checkpoints.ifPresent(each -> each.step(position));
      });
      Optional<EpochReport> last = Optional.empty();
      while (!trainer.finished()) {
        Optional<EpochReport> report;
        try {
          report = trainer.epoch(stop::requested);
        } catch (Trap.Sprung sprung) {
          checkpoints.ifPresent(each -> each.write(trainer.stepBegan()));
          listener.end(stopped(trainer.stepBegan()), false);
          throw sprung;
        }
        last = report;
        report.ifPresent(metrics::add);
        checkpoints.ifPresent(each -> {
          if (report.isPresent()) {
            each.epoch(trainer.position());
          } else {
            each.write(trainer.position());
          }
        });
        report.ifPresent(listener::epoch);
        if (stop.requested() && !trainer.finished()) {
          listener.end(stopped(trainer.position()), true);
          return new Outcome(true, Optional.empty());
        }
      }
      Optional<Map<String, Double>> heldOut =
          last.map(EpochReport::heldOut)
              .orElseGet(() -> trainer.heldOut(stop::requested)); // none if all was trained before
      boolean stopped = stop.requested();
      listener.end(atTheEnd(trainer.position(), heldOut), stopped);
      return new Outcome(stopped, heldOut);
    }
  }

  private List<String> atTheEnd(RunPosition position, Optional<Map<String, Double>> heldOut) {
    List<String> lines = new ArrayList<>();
    if (position.epochs() < epochs()) {
      lines.add(
          "ended after epoch "
              + position.epochs()
              + " of "
              + epochs()
              + ": no lower held-out loss for "
              + start.patience().orElseThrow()
              + " epochs");
    }
    heldOut.ifPresent(values ->
        lines.add(
            String.format(
                Locale.ROOT,
                "held out, %,d rows: %s",
                data.heldOut().orElseThrow().rows().length,
                Figures.of(values))));
    if (request.out().isPresent()) {
      position
          .best()
          .filter(best -> best.epoch() < position.epochs())
          .ifPresent(best ->
              lines.add(
                  "the lowest held-out loss was "
                      + Figures.of(best.loss())
                      + ", after epoch "
                      + best.epoch()
                      + ": "
                      + request.out().get().resolve(Checkpoint.BEST)));
    }
    return lines;
  }

  private List<String> stopped(RunPosition position) {
    String where =
        "stopped after step "
            + position.steps()
            + ", in epoch "
            + (position.epochs() + 1)
            + " of "
            + epochs();
    String model =
        request.program().modelName().map(name -> " --model " + name).orElse("")
            + request.program().variant().map(name -> " --as " + name).orElse("");
    String command =
        "to go on: "
            + System.getProperty("nnc.command", "nnc")
            + " train "
            + start.sources().getFirst().name()
            + model;
    return request
        .out()
        .map(directory -> List.of(where, command + " --out " + directory + " --resume"))
        .orElse(List.of(where + "; nothing was kept, since there is no --out"));
  }
}
