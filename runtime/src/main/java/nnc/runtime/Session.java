package nnc.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One arena of memory over a model's shared parameters: inputs are fed, a program runs, results are read. A session belongs
 * to one thread at a time; several sessions of a model may compute outputs at once.
 */
public abstract class Session implements AutoCloseable {
  /** Whole numbers up to this are exact in memory. */
  private static final int LARGEST_WHOLE = 1 << 24;

  private static final String LOSS = "loss";
  private static final String EVALUATED = "eval.";
  private static final String METRIC = "metric.";
  private static final int NONE = -1;

  /** Activations, gradients and inputs. */
  protected final float[] memory;

  /** The model's parameters. */
  protected final float[] parameters;

  /** What the optimizers remember. */
  protected final float[] state;

  /** Memory of its own for each thread. */
  protected final float[][] scratch;

  /** Of each sparse table, the rows that this step's gradient touches. */
  private final TouchedRows[] touched;

  /** The rows of the batch that is in memory. */
  protected int rows;

  /** The step, counted from 1; the epoch, counted from 1; all steps of the run; what random numbers are drawn from. */
  protected long k = 1;

  protected long epoch = 1;
  protected long steps = 1;
  protected long seed;

  private final CompiledModel model;
  private final Signature signature;
  private final Team team;
  private final boolean ownTeam;
  private final boolean trains;
  private final boolean[] fed;
  private final boolean[] batched;
  private final int[] rowElements;
  private final boolean[] placed;
  private final int loss;
  private final int evaluatedLoss;
  private final Programs programs;
  private final Team.Program inferProgram;
  private final Team.Program evaluateProgram;
  private final Team.Program gradientProgram;
  private final Team.Program checkedGradientProgram;
  private final Team.Program checkedUpdateProgram;
  private final Team.Program addProgram;
  private final Team.Program takeProgram;
  private final FiniteCheck check;
  private final Accumulation accumulation;

  /** What has been computed of the batch in memory, last; null after it was fed. */
  private Signature.Program computed;

  private boolean closed;

  /** Null if nobody watches. */
  private Watcher watcher;

  /** Hears of the kernels of a step. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * Called on the thread that made the step, when a kernel has run and before the next one does: later ones may take the place
     * of what it has written.
     *
     * @param kernel its number in {@link Signature#kernels}
     */
    void ran(int kernel);
  }

  /** The kernels of each program, by their number. */
  public record Programs(int[] infer, int[] evaluate, int[] gradient, int[] update) {}

  /**
   * @param team null for the caller's thread alone
   * @param trains whether there is room for gradients; without it outputs are all that is computed
   */
  protected Session(CompiledModel model, Team team, boolean trains, Programs programs) {
    this.model = model;
    this.signature = model.signature();
    this.programs = programs;
    this.ownTeam = team == null;
    this.team = team == null ? Team.of(1) : team;
    this.trains = trains;
    MemoryNeed need = trains ? signature.training() : signature.inference();
    this.memory = Arena.of(Math.toIntExact(need.memory()), signature.model(), need);
    this.parameters = model.parameters();
    this.state = trains ? model.optimizerState() : new float[0];
    this.scratch = new float[this.team.threads()][];
    Arrays.setAll(scratch, worker -> Arena.of(signature.scratch(), signature.model(), need));
    this.touched =
        trains
            ? signature.sparse().stream()
                .map(table ->
                    new TouchedRows(signature.parameter(table.path()).shape()[0], table.ids()))
                .toArray(TouchedRows[]::new)
            : new TouchedRows[0];
    this.fed = new boolean[signature.inputs().size()];
    this.batched = new boolean[fed.length];
    this.rowElements = new int[fed.length];
    this.placed = new boolean[fed.length];
    List<String> inferred = inferenceInputs();
    for (int i = 0; i < fed.length; i++) {
      Signature.Value input = signature.inputs().get(i);
      placed[i] = input.offset() >= 0 && (trains || inferred.contains(input.name()));
      batched[i] = signature.inputs().get(i).batched();
      rowElements[i] = signature.inputs().get(i).elements(1);
    }
    this.loss = signature.has(LOSS) ? signature.value(LOSS).offset() : NONE;
    this.evaluatedLoss =
        signature.has(EVALUATED + LOSS) ? signature.value(EVALUATED + LOSS).offset() : NONE;
    this.inferProgram = worker -> execute(programs.infer(), worker);
    this.evaluateProgram = worker -> execute(programs.evaluate(), worker);
    this.gradientProgram = worker -> execute(programs.gradient(), worker);
    this.check =
        new FiniteCheck(
            signature,
            memory,
            parameters,
            touched,
            Arrays.stream(programs.update()).mapToObj(signature.kernels()::get).toList());
    this.accumulation = new Accumulation(signature, memory, check);
    this.addProgram = accumulation::add;
    this.takeProgram =
        worker -> {
          accumulation.take(worker);
          check.gradients(worker);
        };
    this.checkedGradientProgram =
        worker -> {
          execute(programs.gradient(), worker);
          check.gradients(worker);
        };
    this.checkedUpdateProgram =
        worker -> {
          execute(programs.update(), worker);
          check.parameters(worker);
        };
  }

  /** Runs one kernel; every worker of the team calls it. */
  protected abstract void kernel(int number, Worker worker);

  private void execute(int[] kernels, Worker worker) {
    for (int kernel : kernels) {
      runKernel(kernel, worker);
    }
  }

  private void runKernel(int number, Worker worker) {
    try {
      kernel(number, worker);
    } catch (RuntimeException e) {
      throw told(e, signature.kernels().get(number));
    } catch (Worker.Abandoned signal) {
      throw signal; // no failure of the kernel's, and often
    } catch (Error e) {
      ModelTrace.complete(e, model, signature.kernels().get(number));
      throw e;
    }
  }

  /** What a kernel threw, with the place of the model. */
  private RuntimeException told(RuntimeException thrown, Signature.Kernel kernel) {
    ModelTrace.complete(thrown, model, kernel);
    return switch (thrown) {
      case UnknownRowException row ->
          row.in(kernel.place(), kernel.formula(), kernel.idsPerRow(), rows);
      case WeightException weight -> weight.in(kernel);
      default -> thrown;
    };
  }

  public final CompiledModel model() {
    return model;
  }

  public final int rows() {
    return rows;
  }

  /** The step, counted from 1. */
  public final long k() {
    return k;
  }

  public final long epoch() {
    return epoch;
  }

  public final long steps() {
    return steps;
  }

  public final long seed() {
    return seed;
  }

  /** Of a sparse table, by its number, the rows that this step's gradient touches: for generated kernels. */
  public final TouchedRows touched(int table) {
    return touched[table];
  }

  /** The arenas, for generated kernels. */
  public final float[] memory() {
    return memory;
  }

  public final float[] state() {
    return state;
  }

  public final float[] scratch(Worker worker) {
    return scratch[worker.index()];
  }

  // ------------------------------------------------------------ feeding

  /**
   * Feeds an input with values as the model declares it.
   *
   * @param values all elements, rows first; their number says how many rows the batch has
   */
  public final void feed(String input, float... values) {
    feed(number(input), values, 0, values.length);
  }

  /** Feeds an input of whole numbers. */
  public final void feed(String input, int... values) {
    feed(number(input), values);
  }

  private int number(String input) {
    return signature.inputs().indexOf(signature.input(input));
  }

  /** Feeds the input of that number from a part of an array. */
  public final void feed(int number, float[] values, int from, int length) {
    int at = beginFeed(number, length);
    if (at >= 0) {
      System.arraycopy(values, from, memory, at, length);
    }
    endFeed(number, length);
  }

  /** Feeds the input of that number, which takes whole numbers. */
  public final void feed(int number, int[] values) {
    int at = beginFeed(number, values.length);
    for (int i = 0; at >= 0 && i < values.length; i++) {
      if (Math.abs((long) values[i]) > LARGEST_WHOLE) {
        throw illegal(number, i, Integer.toString(values[i]), "a whole number up to 2^24");
      }
      memory[at + i] = values[i];
    }
    endFeed(number, values.length);
  }

  /**
   * Makes room for values of an input.
   *
   * @return where in {@link #memory} they are to be written; -1 if no program of this session reads them
   */
  protected final int beginFeed(int number, int length) {
    Signature.Value input = signature.inputs().get(number);
    int perRow = rowElements[number];
    if (batched[number]) {
      if (length % perRow != 0 || length == 0 || length / perRow > signature.maximum()) {
        throw new IllegalArgumentException(
            "input '"
                + input.name()
                + "' "
                + input.shapeText(signature.batch())
                + " takes "
                + perRow
                + " values a row and 1 to "
                + signature.maximum()
                + " rows, was given "
                + length
                + " values");
      }
      setRows(length / perRow);
    } else if (length != perRow) {
      throw new IllegalArgumentException(
          "input '"
              + input.name()
              + "' "
              + input.shapeText(signature.batch())
              + " takes "
              + perRow
              + " values, was given "
              + length);
    }
    fed[number] = false;
    computed = null;
    return placed[number] ? input.offset() : NONE;
  }

  /** Says that the values are written, and checks them. */
  protected final void endFeed(int number, int length) {
    if (placed[number]) {
      requireLegal(number, signature.inputs().get(number).offset(), length);
    }
    fed[number] = true;
  }

  private void setRows(int count) {
    if (count != rows) {
      rows = count;
      for (int i = 0; i < fed.length; i++) {
        fed[i] &= !batched[i];
      }
    }
  }

  private void requireLegal(int number, int at, int length) {
    Signature.Value input = signature.inputs().get(number);
    if (input.element() != Signature.Element.I32) {
      int found = Provider.best().rows().firstNonFinite(memory, at, length);
      if (found >= 0) {
        throw illegal(number, found, Float.toString(memory[at + found]), "a finite number");
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      float id = memory[at + i];
      boolean legal =
          input.classes() == 0
              ? Math.abs(id) <= LARGEST_WHOLE
              : id >= 0 && id < input.classes() || id == input.ignored();
      if (!legal || id != Math.rint(id)) {
        String expected =
            input.classes() == 0
                ? "a whole number up to 2^24"
                : "a whole number from 0 to "
                    + (input.classes() - 1)
                    + (input.ignored() == 0 ? "" : ", or " + input.ignored());
        String found = id == (long) id ? Long.toString((long) id) : Float.toString(id);
        throw illegal(number, i, found, expected);
      }
    }
  }

  private IllegalArgumentException illegal(int number, int element, String found, String expected) {
    return new IllegalArgumentException(
        "input '"
            + signature.inputs().get(number).name()
            + "': row "
            + element / rowElements[number]
            + " holds "
            + found
            + ", expected "
            + expected);
  }

  // ------------------------------------------------------------ running

  /** Computes the outputs. */
  public final void run() {
    requireFed(programs.infer(), false);
    compute(Signature.Program.INFER, inferProgram);
  }

  /** Computes loss and metrics, with dropout and other train-only effects off. */
  public final void evaluate() {
    requireTraining();
    requireFed(programs.evaluate(), true);
    compute(Signature.Program.EVALUATE, evaluateProgram);
  }

  /** Computes loss, metrics and gradients, and leaves the parameters as they are. */
  public final void gradient() {
    gradient(gradientProgram);
  }

  private int gradient(Team.Program program) {
    requireTraining();
    requireFed(programs.gradient(), true);
    return compute(Signature.Program.GRADIENT, program);
  }

  /** Runs what reads parameters and writes none; how many updates these have seen. */
  private int compute(Signature.Program wanted, Team.Program program) {
    requireOpen();
    computed = null;
    int updates = model.updates().begin();
    run(program);
    model.updates().requireNoneSince(updates);
    computed = wanted;
    return updates;
  }

  /**
   * From now on {@link #step} and {@link #accumulate} run their kernels one by one, and tell of each. What they compute is the
   * same, to the bit.
   */
  public final void watch(Watcher listener) {
    watcher = listener;
  }

  /** Nobody wants to hear of kernels any more. */
  public final void unwatch() {
    watcher = null;
  }

  private void run(Team.Program program) {
    if (watcher != null && program == checkedGradientProgram) {
      runWatched(programs.gradient());
      team.run(check::gradients);
    } else if (watcher != null && program == checkedUpdateProgram) {
      runWatched(programs.update());
      team.run(check::parameters);
    } else {
      team.run(program);
    }
  }

  private void runWatched(int[] kernels) {
    for (int kernel : kernels) {
      runKernel(kernel);
      watcher.ran(kernel);
    }
  }

  /**
   * One training step: gradients, then the optimizer's update. Where the loss or a gradient is no finite number, parameters and
   * optimizer stay as they are; where the update makes a parameter infinite or NaN, the model is of no use any more. {@link
   * #nonFinite} says what it was and where it began.
   *
   * @return whether loss, gradients and updated parameters are finite; if not, {@link #k} is still the number of this step
   */
  public final boolean step() {
    check.begin();
    int updates = gradient(checkedGradientProgram);
    if (!Float.isFinite(loss()) || !check.holds()) {
      return false;
    }
    if (accumulation.batches() > 0) {
      accumulate(updates);
      accumulation.beginTake();
      team.run(takeProgram);
      if (!check.holds()) {
        return false;
      }
    }
    model.updates().beginUpdate(updates);
    try {
      run(checkedUpdateProgram);
    } finally {
      model.updates().endUpdate();
    }
    if (!check.holds()) {
      return false;
    }
    k++;
    return true;
  }

  /**
   * Adds the gradient of this batch to those of the batches since the last step, each weighed by what its loss is a mean over:
   * the next {@link #step} takes them all, with that of its own batch. How many batches the train block says is what training by
   * {@code nnc} keeps to, and no limit.
   *
   * @return whether loss and gradients are finite; if not, nothing is added
   * @throws IllegalStateException if the train block does not say {@code accumulate}
   */
  public final boolean accumulate() {
    if (signature.accumulation().batches() == 1) {
      throw new IllegalStateException(
          "the model "
              + signature.model()
              + " makes a step of each batch: write accumulate 4, for example, in its train block");
    }
    check.begin();
    int updates = gradient(checkedGradientProgram);
    if (!Float.isFinite(loss()) || !check.holds()) {
      return false;
    }
    accumulate(updates);
    return true;
  }

  /** Gives up the gradients that were added since the last step: for instance as another session has trained meanwhile. */
  public final void forget() {
    accumulation.forget();
  }

  private void accumulate(int updates) {
    if (accumulation.batches() > 0) {
      model.updates().requireNoneSince(accumulation.updates());
    }
    accumulation.begin(rows, updates);
    team.run(addProgram);
  }

  /** What random numbers are drawn for: the batch, counted from 1 over all steps. */
  public final long draw() {
    return (k - 1) * signature.accumulation().batches() + accumulation.batches() + 1;
  }

  /** Where the run stands: what optimizers see as k, epoch and steps, and what random numbers are drawn from. */
  public final void at(long step, long currentEpoch, long allSteps, long randomSeed) {
    k = step;
    epoch = currentEpoch;
    steps = allSteps;
    seed = randomSeed;
  }

  /** The kernels of a training step, by their number in {@link Signature#kernels}, in their order. */
  public final int[] stepKernels() {
    int[] kernels =
        Arrays.copyOf(programs.gradient(), programs.gradient().length + programs.update().length);
    System.arraycopy(
        programs.update(), 0, kernels, programs.gradient().length, programs.update().length);
    return kernels;
  }

  /** Runs one kernel over what is in memory: for whoever wants to know what each costs. */
  public final void runKernel(int number) {
    team.run(worker -> runKernel(number, worker));
  }

  /**
   * What the step that has just failed met, and the first kernel that wrote it; the batch in memory is computed again for this.
   * Empty if all is finite.
   */
  public final Optional<NonFinite> nonFinite() {
    if (!Float.isFinite(loss())) {
      return Optional.of(new NonFinite(NonFinite.LOSS, loss(), firstInGradient()));
    }
    Optional<NonFinite> gradient = check.inGradients();
    return gradient.isPresent()
        ? gradient.map(found -> found.by(firstInGradient()))
        : check.inParameters().map(found -> found.by(firstInUpdate()));
  }

  private Optional<Signature.Kernel> firstInGradient() {
    return Arrays.stream(programs.gradient())
        .filter(number -> {
          runKernel(number); // later kernels may have taken the place of its results
          return writesNonFinite(number);
        })
        .mapToObj(signature.kernels()::get)
        .findFirst();
  }

  /** What an update has written still lies there, and it cannot be made twice. */
  private Optional<Signature.Kernel> firstInUpdate() {
    return Arrays.stream(programs.update())
        .filter(this::writesNonFinite)
        .mapToObj(signature.kernels()::get)
        .findFirst();
  }

  private boolean writesNonFinite(int kernel) {
    Rows check = Rows.scalar();
    return signature.kernels().get(kernel).results().stream()
        .anyMatch(result -> {
          float[] space =
              switch (result.space()) {
                case MEMORY -> memory;
                case PARAMETERS -> parameters;
                case STATE -> state;
              };
          return check.firstNonFinite(space, result.offset(), result.elements(rows)) >= 0;
        });
  }

  private void requireTraining() {
    if (!trains) {
      throw new IllegalStateException(
          "this session computes outputs only: session(team) makes one that evaluates and trains");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this session has been closed");
    }
  }

  private void requireFed(int[] kernels, boolean all) {
    if (kernels.length == 0) {
      return;
    }
    for (boolean each : fed) {
      if (!each) {
        requireNoneMissing(all);
        return;
      }
    }
  }

  private void requireNoneMissing(boolean all) {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < fed.length; i++) {
      if (!fed[i] && (all || inferenceInputs().contains(signature.inputs().get(i).name()))) {
        missing.add(signature.inputs().get(i).name());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "inputs not fed for this batch of " + rows + " rows: " + String.join(", ", missing));
    }
  }

  /** The inputs that computing the outputs needs. */
  protected abstract List<String> inferenceInputs();

  // ------------------------------------------------------------ reading

  /** The loss of the batch, by the last of evaluate, gradient or step. */
  public final float loss() {
    int offset = evaluated() ? evaluatedLoss : loss;
    if (offset == NONE) {
      throw new IllegalStateException("the model " + signature.model() + " has no loss");
    }
    requireMeasured(LOSS);
    return memory[offset];
  }

  /** A metric of the batch, by the last of evaluate, gradient or step. */
  public final float metric(String name) {
    Signature.Value metric = signature.value((evaluated() ? EVALUATED : "") + METRIC + name);
    requireMeasured(name);
    return memory[metric.offset()];
  }

  private boolean evaluated() {
    return computed == Signature.Program.EVALUATE;
  }

  private void requireMeasured(String name) {
    if (!evaluated() && computed != Signature.Program.GRADIENT) {
      throw notComputed(name, "evaluate(), gradient() or step()");
    }
  }

  private static IllegalStateException notComputed(String value, String calls) {
    return new IllegalStateException(
        value + " has not been computed for this batch: call " + calls + " first");
  }

  /** A copy of a value of {@link Signature#values}: {@code output.guess}, {@code grad.dense1.W} … */
  public final float[] read(String value) {
    Signature.Value wanted = signature.value(value);
    if (computed == null || !wanted.programs().contains(computed)) {
      throw notComputed(value, calls(wanted));
    }
    return Arrays.copyOfRange(memory, wanted.offset(), wanted.offset() + wanted.elements(rows));
  }

  private static String calls(Signature.Value value) {
    if (value.programs().contains(Signature.Program.INFER)) {
      return "run()";
    }
    return value.programs().contains(Signature.Program.EVALUATE)
        ? "evaluate()"
        : "gradient() or step()";
  }

  /** The same for whole numbers. */
  public final int[] readWhole(String value) {
    float[] values = read(value);
    int[] whole = new int[values.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) values[i];
    }
    return whole;
  }

  @Override
  public void close() {
    closed = true;
    if (ownTeam) {
      team.close();
    }
  }
}
