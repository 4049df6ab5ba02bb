package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.op.Sigmoid;
import nnc.compiler.plan.Planner;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/** Looks at a model while it makes a training step on a batch, and undoes the step. */
final class Observer {
  private final Session session;
  private final List<Tap> taps;
  private final Rows rows;

  /**
   * @param session of the model that computes what is looked at, too, with the batch in it
   * @param taps what that is
   */
  Observer(Session session, List<Tap> taps) {
    this.session = session;
    this.taps =
        taps.stream()
            .filter(tap ->
                session.model().signature().has(TappedGraph.VALUE + tap.number())
                    && session.model().signature().has(TappedGraph.GRADIENT + tap.number()))
            .toList();
    this.rows = new Rows(this.taps);
  }

  /** @param step how many steps have been made before */
  Flow look(long step, long epoch, long steps, long seed) {
    CompiledModel model = session.model();
    float[] parameters = model.parameters().clone();
    float[] state = model.optimizerState().clone();
    session.at(step + 1, epoch, steps, seed);
    boolean finite = session.step();
    try {
      return new Flow(
          step, session.loss(), values(), rows.edges(), weights(parameters, finite), loops());
    } finally {
      System.arraycopy(parameters, 0, model.parameters(), 0, parameters.length);
      System.arraycopy(state, 0, model.optimizerState(), 0, state.length);
    }
  }

  // ------------------------------------------------------------ values

  private List<Flow.Value> values() {
    double[] norms = new double[rows.count()];
    List<Flow.Value> values = new ArrayList<>();
    for (int row = 0; row < rows.count(); row++) {
      Tap tap = rows.tap(row);
      norms[row] = stretch(tap, rows.turn(row), TappedGraph.GRADIENT).norm();
    }
    for (int row = 0; row < rows.count(); row++) {
      Tap tap = rows.tap(row);
      Stretch value = stretch(tap, rows.turn(row), TappedGraph.VALUE);
      double next =
          rows.above(row).stream().mapToDouble(above -> norms[above]).max().orElse(Double.NaN);
      values.add(
          new Flow.Value(
              Names.of(tap, rows.turn(row)),
              shape(tap),
              tap.depth(),
              tap.activation(),
              tap.isGate(),
              value.size(),
              norms[row],
              norms[row] / next,
              value.share(each -> each == 0),
              tap.activation() == Tap.Activation.RELU ? dead(tap, value) : 0,
              value.share(Saturation.of(tap.activation()))));
    }
    return values;
  }

  /** A unit is a channel of an image, else a place of the last axis. */
  private double dead(Tap tap, Stretch value) {
    int[] axes = tap.node().shape().at(extents(tap.node()));
    int axis = axes.length > 3 ? 1 : axes.length - 1;
    int inner = Arrays.stream(axes, axis + 1, axes.length).reduce(1, (a, b) -> a * b);
    return value.dead(axes[axis], inner);
  }

  private Map<Dim, Integer> extents(Node node) {
    Map<Dim, Integer> extents = new LinkedHashMap<>();
    node.shape()
        .sizes()
        .forEach(size -> size.dims().forEach(dim -> extents.put(dim, session.rows())));
    return extents;
  }

  private static String shape(Tap tap) {
    String shape = tap.node().shape().toString();
    int steps =
        tap.loops().stream()
            .filter(loop -> !loop.turns())
            .mapToInt(loop -> loop.recur().length())
            .reduce(1, Math::multiplyExact);
    return tap.loops().stream().allMatch(Tap.Loop::turns) ? shape : steps + " x " + shape;
  }

  /** What belongs to a turn of the repeats around: blocks in the order of the other loops. */
  private Stretch stretch(Tap tap, int turn, String root) {
    float[] values = session.read(root + tap.number());
    int places =
        tap.loops().stream().mapToInt(loop -> loop.recur().length()).reduce(1, Math::multiplyExact);
    int block = values.length / places;
    int[] starts =
        IntStream.range(0, places)
            .filter(place -> turnOf(tap, place) == turn)
            .map(place -> place * block)
            .toArray();
    return new Stretch(values, starts, block);
  }

  private static int turnOf(Tap tap, int place) {
    int rest = place;
    int turn = 0;
    int weight = 1;
    for (Tap.Loop loop : tap.loops().reversed()) {
      int at = rest % loop.recur().length();
      rest /= loop.recur().length();
      if (loop.turns()) {
        turn += at * weight;
        weight *= loop.recur().length();
      }
    }
    return turn;
  }

  // ------------------------------------------------------------ parameters

  private List<Flow.Weights> weights(float[] before, boolean updated) {
    Signature signature = session.model().signature();
    List<Flow.Weights> weights = new ArrayList<>();
    for (Signature.Parameter parameter : signature.parameters()) {
      String root = Planner.GRADIENT + parameter.path();
      if (signature.has(root)) {
        int from = parameter.offset();
        Stretch own = new Stretch(before, new int[] {from}, parameter.elements());
        float[] gradient = session.read(root);
        float[] change = new float[parameter.elements()];
        for (int i = 0; i < change.length; i++) {
          change[i] = session.model().parameters()[from + i] - before[from + i];
        }
        weights.add(
            new Flow.Weights(
                parameter.path(),
                Arrays.toString(parameter.shape()),
                own.size(),
                whole(gradient).norm(),
                updated ? whole(change).norm() / own.norm() : Double.NaN));
      }
    }
    return weights;
  }

  private static Stretch whole(float[] values) {
    return new Stretch(values, new int[] {0}, values.length);
  }

  // ------------------------------------------------------------ time

  private List<Flow.Through> loops() {
    Map<Node, List<Tap>> states = new LinkedHashMap<>();
    taps.stream()
        .filter(tap -> tap.state() && tap.time().recur().length() > 1)
        .forEach(tap ->
            states.computeIfAbsent(tap.time().recurrence(), ignored -> new ArrayList<>()).add(tap));
    List<Flow.Through> loops = new ArrayList<>();
    states.forEach((recurrence, its) -> {
      for (int turn = 0; turn < its.getFirst().turns(); turn++) {
        loops.add(through(recurrence, its, turn));
      }
    });
    return loops;
  }

  private Flow.Through through(Node recurrence, List<Tap> states, int turn) {
    Tap.Loop loop = states.getFirst().time();
    List<Flow.State> seen = new ArrayList<>();
    for (Tap tap : states) {
      Stretch value = stretch(tap, turn, TappedGraph.VALUE);
      Stretch gradient = stretch(tap, turn, TappedGraph.GRADIENT);
      int steps = loop.recur().length();
      seen.add(
          new Flow.State(
              Names.of(tap, turn),
              tap.node().shape().toString(),
              perStep(value, steps, false),
              perStep(gradient, steps, true),
              left(tap, gradient)));
    }
    String name = Names.of(states.getFirst(), turn);
    Optional<String> layer =
        Optional.of(name.lastIndexOf('.'))
            .filter(end -> end > 0)
            .map(end -> name.substring(0, end));
    return new Flow.Through(
        layer.orElseGet(() -> place(recurrence, name)),
        layer,
        loop.recur().body().nodes().stream().anyMatch(node -> node.op() instanceof Sigmoid),
        loop.recur().reverse(),
        seen);
  }

  /** What comes in at the last step is followed where the recurrence stands in no other loop. */
  private double[] left(Tap tap, Stretch gradient) {
    String last = TappedGraph.LAST + tap.number();
    if (session.model().signature().has(last)) {
      return new Distances(tap.time().recur(), tap.node().shape().at(extents(tap.node())))
          .norms(gradient.of(session.read(last)));
    }
    double[] unknown = new double[tap.time().recur().length()];
    Arrays.fill(unknown, Double.NaN);
    return unknown;
  }

  private static String place(Node recurrence, String name) {
    return recurrence
        .place()
        .map(span -> "recur at " + span.source().name() + ":" + span.line())
        .orElse(name);
  }

  /** The last loop around is that of time; loops around it are pooled. */
  private static double[] perStep(Stretch all, int steps, boolean norm) {
    double[] figures = new double[steps];
    for (int step = 0; step < steps; step++) {
      int own = step;
      int[] starts =
          IntStream.range(0, all.starts().length)
              .filter(place -> place % steps == own)
              .map(place -> all.starts()[place])
              .toArray();
      Stretch part = new Stretch(all.values(), starts, all.block());
      figures[step] = norm ? part.norm() : part.size();
    }
    return figures;
  }
}
