package nnc.cli.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nnc.cli.metrics.Statistics;
import nnc.cli.output.Figures;
import nnc.compiler.explain.KernelFormulas;
import nnc.compiler.ir.Dim;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Size;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Operand;
import nnc.compiler.plan.Plan;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Span;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;

/**
 * Stops a training at the first kernel that makes a number that is not finite, and tells of what. An infinity counts if the
 * kernel makes it of finite numbers: one that the model itself writes, as a mask of {@code -infinity}, does not. Parameters and
 * what the optimizers remember are then what they were before the step.
 */
public final class Trap {
  private final Map<CompiledModel, Plan> plans;
  private final Map<CompiledModel, KernelFormulas> formulas;
  private float[] parameters = new float[0];
  private float[] state = new float[0];

  /** A kernel has made such a number. */
  public static final class Sprung extends CompileException {
    private static final long serialVersionUID = 1L;

    private Sprung(Diagnostic diagnostic) {
      super(diagnostic);
    }
  }

  /**
   * A kernel at a step of the loops that it stands in.
   *
   * @param steps of the outermost loop first; none for a kernel that stands in no loop
   * @param lasts whether nothing that it wrote has been overwritten by a later step of a loop
   */
  private record Visit(Kernel kernel, List<Integer> steps, boolean lasts) {}

  /**
   * @param plans of all models that the training computes with
   * @param formulas of their kernels
   */
  Trap(Map<CompiledModel, Plan> plans, Map<CompiledModel, KernelFormulas> formulas) {
    this.plans = plans;
    this.formulas = formulas;
  }

  /** Looks at the kernels of a step, or of a batch of one, that this session is about to compute. */
  Session.Watcher over(Session session) {
    parameters = kept(session.model().parameters(), parameters);
    state = kept(session.state(), state);
    Plan plan = Known.in(plans, session.model());
    return number -> {
      Kernel kernel = plan.kernels().get(number);
      Memory memory = new Memory(session, parameters, state);
      if (memory.holdsNonFinite(new Visit(kernel, List.of(), true))) {
        visits(kernel, List.of(), true).stream()
            .filter(visit -> isWrong(visit, memory))
            .findFirst()
            .ifPresent(visit -> {
              throw sprung(visit, memory);
            });
      }
    };
  }

  private static float[] kept(float[] values, float[] copy) {
    float[] target = copy.length == values.length ? copy : new float[values.length];
    System.arraycopy(values, 0, target, 0, values.length);
    return target;
  }

  /** What a kernel consists of, in the order in which it ran. */
  private static List<Visit> visits(Kernel kernel, List<Integer> steps, boolean lasts) {
    List<Visit> visits = new ArrayList<>();
    switch (kernel) {
      case Kernel.Recurrence recurrence -> {
        recurrence.before().forEach(inner -> visits.addAll(visits(inner, steps, lasts)));
        List<Integer> times =
            new ArrayList<>(IntStream.range(0, recurrence.length()).boxed().toList());
        if (recurrence.reverse()) {
          Collections.reverse(times);
        }
        for (int time : times) {
          List<Integer> inside = new ArrayList<>(steps);
          inside.add(time);
          boolean last = lasts && time == times.getLast();
          recurrence.steps().forEach(inner -> visits.addAll(visits(inner, inside, last)));
        }
      }
      case Kernel.Items items ->
          items.steps().forEach(inner -> visits.add(new Visit(inner, steps, lasts)));
      default -> visits.add(new Visit(kernel, steps, lasts));
    }
    return visits;
  }

  private static boolean isWrong(Visit visit, Memory memory) {
    List<Memory.Stretch> written = memory.written(visit);
    return written.stream().anyMatch(Memory.Stretch::holdsNaN)
        || written.stream().anyMatch(Memory.Stretch::holdsInfinity)
            && !writesInfinity(visit.kernel())
            && memory.read(visit).stream().noneMatch(Memory.Stretch::holdsInfinity);
  }

  /** Whether infinity is a number of the kernel's own formulas. */
  private static boolean writesInfinity(Kernel kernel) {
    return switch (kernel) {
      case Kernel.Loop loop -> knowsInfinity(loop.body());
      case Kernel.Total total -> knowsInfinity(total.body());
      case Kernel.Copy copy ->
          copy.filled().filter(number -> number.isInfinite()).isPresent()
              || copy.parts().stream().anyMatch(part -> isInfinite(part.from()));
      default -> false;
    };
  }

  private static boolean knowsInfinity(Kernel.LoopBody body) {
    return body.operands().values().stream().anyMatch(Trap::isInfinite);
  }

  private static boolean isInfinite(Operand operand) {
    return operand instanceof Operand.Known known && Double.isInfinite(known.value());
  }

  private Sprung sprung(Visit visit, Memory memory) {
    Kernel kernel = visit.kernel();
    Session session = memory.session();
    List<Memory.Stretch> written = memory.written(visit);
    float number =
        written.stream().flatMap(each -> each.firstNonFinite().stream()).findFirst().orElseThrow();
    String message =
        "the kernel '"
            + kernel.head().name()
            + "' makes "
            + number
            + " at step "
            + session.k()
            + " (epoch "
            + session.epoch()
            + ")"
            + visit.steps().stream()
                .map(step -> ", in step " + step + " of its loop, counted from 0")
                .collect(Collectors.joining());
    Optional<Span> place = kernel.head().subject().place();
    Diagnostic told =
        place
            .map(span -> Diagnostic.at(span, "trap", message))
            .orElseGet(() -> Diagnostic.of("trap", message))
            .note(String.join("\n", Known.in(formulas, session.model()).of(kernel)));
    Sprung sprung =
        new Sprung(
            told.note(table("reads", memory.read(visit)))
                .note(table("writes", written))
                .help(
                    "lower the learning rate, clip the gradient (clip norm 5), or look at what the kernel divides by or takes a root or logarithm of"));
    System.arraycopy(parameters, 0, session.model().parameters(), 0, parameters.length);
    System.arraycopy(state, 0, session.state(), 0, state.length);
    return sprung;
  }

  private static String table(String title, List<Memory.Stretch> stretches) {
    int width = stretches.stream().mapToInt(each -> each.name().length()).max().orElse(0);
    List<String> lines = new ArrayList<>(List.of(title));
    for (Memory.Stretch each : stretches) {
      Statistics found = Statistics.of(each.values(), each.from(), each.count());
      String figures =
          found.nonFinite() == found.count()
              ? ""
              : found.count() == 1
                  ? "   " + Figures.of(found.mean())
                  : String.format(
                      Locale.ROOT,
                      "   min %s   max %s   mean %s",
                      Figures.of(found.min()),
                      Figures.of(found.max()),
                      Figures.of(found.mean()));
      String broken =
          found.nonFinite() == 0
              ? ""
              : String.format(
                  Locale.ROOT, "   not finite: %,d of %,d", found.nonFinite(), found.count());
      lines.add("  " + each.name() + " ".repeat(width - each.name().length()) + figures + broken);
    }
    return String.join("\n", lines);
  }

  /**
   * Where the values of a batch lie.
   *
   * @param parameters as they were before the step
   * @param state as it was before the step
   */
  private record Memory(Session session, float[] parameters, float[] state) {

    /** A value, or the part of it that a step of a loop touches. */
    record Stretch(String name, float[] values, int from, int count) {
      boolean holdsNaN() {
        return IntStream.range(from, from + count).anyMatch(i -> Float.isNaN(values[i]));
      }

      boolean holdsInfinity() {
        return IntStream.range(from, from + count).anyMatch(i -> Float.isInfinite(values[i]));
      }

      Optional<Float> firstNonFinite() {
        return IntStream.range(from, from + count)
            .filter(i -> !Float.isFinite(values[i]))
            .mapToObj(i -> values[i])
            .findFirst();
      }
    }

    boolean holdsNonFinite(Visit visit) {
      return written(visit).stream().anyMatch(stretch -> stretch.firstNonFinite().isPresent());
    }

    List<Stretch> written(Visit visit) {
      return of(
          visit, visit.kernel().head().writes(), session.model().parameters(), session.state());
    }

    List<Stretch> read(Visit visit) {
      return of(visit, visit.kernel().head().reads(), parameters, state);
    }

    /** Where buffers lie, without those that a later step has overwritten. */
    private List<Stretch> of(
        Visit visit, List<Buffer> buffers, float[] ofParameters, float[] ofState) {
      List<Stretch> stretches = new ArrayList<>();
      for (Buffer buffer : new LinkedHashSet<>(buffers)) {
        boolean copied = buffer.name().endsWith(".packed") || buffer.name().endsWith(".partials");
        boolean kept = !copied && buffer.space() != Buffer.Space.SCRATCH;
        if (kept && (visit.lasts() || moves(buffer, visit.steps().size()))) {
          float[] values =
              switch (buffer.space()) {
                case MEMORY -> session.memory();
                case PARAMETERS -> ofParameters;
                case STATE -> ofState;
                case SCRATCH -> throw new IllegalStateException("trap: nobody keeps " + buffer);
              };
          int from = offset(buffer, visit.steps());
          stretches.add(
              new Stretch(buffer.toString(), values, from, at(buffer.shape().elements())));
        }
      }
      return stretches;
    }

    private static boolean moves(Buffer buffer, int loop) {
      return buffer
          .part()
          .filter(part ->
              part.loop() == loop && part.stride().factor() != 0 || moves(part.whole(), loop))
          .isPresent();
    }

    private int offset(Buffer buffer, List<Integer> steps) {
      if (buffer.part().isEmpty()) {
        return buffer.offset();
      }
      Buffer.Part part = buffer.part().get();
      int moved =
          part.loop() == 0 || part.stride().factor() == 0
              ? 0
              : at(part.stride()) * steps.get(part.loop() - 1);
      return offset(part.whole(), steps) + at(part.start()) + moved;
    }

    private int at(Size size) {
      Map<Dim, Integer> rows = new HashMap<>();
      size.dims().forEach(dim -> rows.put(dim, session.rows()));
      return Math.toIntExact(size.at(rows));
    }
  }
}
