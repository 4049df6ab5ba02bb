package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import nnc.compiler.ir.Graph;
import nnc.compiler.ir.GraphBuilder;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Optimizations;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Variable;
import nnc.compiler.plan.Buffer.Space;
import nnc.compiler.plan.Kernel.Part;
import nnc.compiler.plan.Plan.Program;
import nnc.runtime.Generation;

/** From an optimized graph and the update equations to a plan. */
public final class Planner {
  /** Roots with this name in front are gradients; the rest is the parameter's path. */
  public static final String GRADIENT = "grad.";

  /** Roots with this name in front are the next values of buffers; the rest is the buffer's path. */
  public static final String UPDATE = "update.";

  private static final String OUTPUT = "output.";
  private static final String EVALUATED = "eval.";
  private static final String BUFFER = "buffer.";

  private final Task task;
  private final Set<Node> copies;
  private final Choices choices;
  private final Map<String, Buffer> inputs = new LinkedHashMap<>();
  private final Map<String, Buffer> roots = new LinkedHashMap<>();
  private final List<Kernel> kernels = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<String, Integer> parameterOffsets = new LinkedHashMap<>();
  private final Map<String, Integer> stateOffsets = new LinkedHashMap<>();
  private final Map<Kernel, Set<Program>> membership = new HashMap<>();
  private final SparseTables sparse = new SparseTables();
  private final List<String> report = new ArrayList<>();
  private int scratch;
  private int sums = -1;

  /**
   * What is to be planned.
   *
   * @param graph roots {@code output.…}, {@code eval.…}, {@code grad.…} and others of the training step
   * @param update roots and variables {@code w0 g0 m0 …}: flat vectors of a group's parameters
   * @param parameters paths and sizes of all parameters, those of the groups first and in their order
   * @param sparse the trained tables of which a step updates only the rows that its ids name
   * @param groupSizes the number of elements in each group
   * @param optimizers what the pass over each group is called
   * @param states the optimizers' memory: name in the update graph and elements
   * @param accumulated how many batches make a step
   * @param optimizations which of the {@link PlanChoice}s may be made
   */
  public record Task(
      Graph graph,
      Graph update,
      Map<String, Shape> parameters,
      Set<String> sparse,
      List<Integer> groupSizes,
      List<String> optimizers,
      Map<String, Integer> states,
      int accumulated,
      Optimizations optimizations) {}

  private Planner(Task task, Set<Node> copies) {
    this.task = task;
    this.choices = new Choices(task.optimizations());
    this.copies = copies;
  }

  public static Plan plan(Task task) {
    Set<Node> copies = new LinkedHashSet<>();
    while (true) {
      try {
        return new Planner(task, copies).plan();
      } catch (Views.NeedsCopy needed) {
        if (!copies.add(needed.node)) {
          throw new IllegalStateException("planner: a copy of " + needed.node + " does not help");
        }
      }
    }
  }

  private Plan plan() {
    int parameterElements = 0;
    for (Map.Entry<String, Shape> parameter : task.parameters().entrySet()) {
      parameterOffsets.put(parameter.getKey(), parameterElements);
      parameterElements =
          Math.addExact(parameterElements, parameter.getValue().elements().constant());
    }
    MemoryPlan memory = new MemoryPlan(choices);
    Map<String, Buffer> pinned = pinnedGradients();
    Map<String, Buffer> placed = new LinkedHashMap<>(pinned);
    placed.putAll(nextBuffers());
    Set<Node> inferenceNodes = needed(Planner::isInferred);
    Set<Node> evaluationNodes = needed(name -> name.startsWith(EVALUATED));
    Set<Node> stepNodes = new HashSet<>();
    task.graph()
        .roots()
        .forEach((name, node) -> {
          if (!isInferred(name) && !name.startsWith(EVALUATED)) {
            stepNodes.addAll(Graph.needed(List.of(node)));
          }
        });
    Map<Program, Set<Node>> nodes = new EnumMap<>(Program.class);
    nodes.put(Program.INFER, inferenceNodes);
    nodes.put(Program.EVALUATE, evaluationNodes);
    nodes.put(Program.GRADIENT, stepNodes);
    KernelBuilder forward =
        new KernelBuilder(
            task.graph(),
            copies,
            inferenceNodes,
            false,
            leaf -> variablePlace((Variable) leaf),
            placed,
            Map.of(),
            choices);
    forward.build();
    Map<Buffer, String> sparseGradients = new HashMap<>();
    if (choices.allow(PlanChoice.SPARSE_TABLES)) {
      task.sparse().forEach(path -> sparseGradients.put(pinned.get(GRADIENT + path), path));
    }
    add(
        forward,
        kernel -> sparse.gradient(kernel, sparseGradients, task),
        kernel ->
            nodes.keySet().stream()
                .filter(program -> forward.computes(kernel, Known.in(nodes, program)))
                .collect(Collectors.toSet()));
    roots.putAll(forward.roots());
    Map<String, List<Program>> computed = new LinkedHashMap<>();
    task.graph()
        .roots()
        .forEach((name, node) ->
            computed.put(
                name,
                nodes.keySet().stream()
                    .filter(program -> Known.in(nodes, program).contains(node))
                    .toList()));
    int stateElements = planStates();
    int groupStart = 0;
    Map<String, Buffer> updated = new HashMap<>();
    List<Buffer> gradientBuffers = new ArrayList<>();
    for (int i = 0; i < task.groupSizes().size(); i++) {
      Shape flat = Shape.of(task.groupSizes().get(i));
      updated.put("w" + i, Buffer.fixed("w" + i, Space.PARAMETERS, flat, groupStart));
      Buffer gradients = new Buffer("g" + i, Space.MEMORY, flat);
      gradientBuffers.add(gradients);
      updated.put("g" + i, gradients);
      groupStart += task.groupSizes().get(i);
    }
    task.states()
        .forEach((name, elements) ->
            updated.put(
                name,
                Buffer.fixed(
                    name,
                    Space.STATE,
                    elements == 1 && task.update().root(name).shape().rank() == 0
                        ? Shape.SCALAR
                        : Shape.of(elements),
                    Known.in(stateOffsets, name))));
    Graph equations = withBuffers(updated);
    KernelBuilder update =
        new KernelBuilder(
            equations,
            copies,
            Set.of(),
            true,
            leaf -> updated.get(((Variable) leaf).variable()),
            updated,
            optimizerNames(),
            choices);
    update.build();
    add(
        update,
        kernel -> sparse.update(kernel, task, parameterOffsets),
        kernel -> Set.of(Program.UPDATE));
    choices.count(PlanChoice.SPARSE_TABLES, sparse.tables().size());
    if (choices.allow(PlanChoice.ITEM_SCRATCH)) {
      Set<Buffer> kept = new HashSet<>(roots.values());
      kept.addAll(inputs.values());
      kept.addAll(pinned.values());
      ItemScratch items = new ItemScratch(kernels, kept, scratch);
      scratch = items.end();
      choices.count(PlanChoice.ITEM_SCRATCH, items.moved());
    }
    useAndPlace(memory, pinned, gradientBuffers);
    Map<Program, List<Integer>> programs = new LinkedHashMap<>();
    for (Program program : Program.values()) {
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < kernels.size(); i++) {
        if (Known.in(membership, kernels.get(i)).contains(program)) {
          numbers.add(i);
        }
      }
      programs.put(program, numbers);
    }
    return new Plan(
        kernels,
        buffers,
        inputs,
        roots,
        computed,
        programs,
        sparse.tables(),
        parameterOffsets,
        stateOffsets,
        parameterElements,
        stateElements,
        sums,
        memory.inferenceEnd(),
        memory.end(),
        scratch,
        choices.counts(),
        report);
  }

  /** Whether inference computes the root of this name. */
  public static boolean isInferred(String root) {
    return root.startsWith(OUTPUT) || root.equals(Generation.SCORES);
  }

  private Set<Node> needed(Predicate<String> which) {
    List<Node> wanted = new ArrayList<>();
    task.graph()
        .roots()
        .forEach((name, node) -> {
          if (which.test(name)) {
            wanted.add(node);
          }
        });
    return new HashSet<>(Graph.needed(wanted));
  }

  /** Gradients of trained parameters lie as the parameters do, one after the other, so that a step is one pass over them. */
  private Map<String, Buffer> pinnedGradients() {
    Map<String, Buffer> pinned = new LinkedHashMap<>();
    task.graph().roots().keySet().stream()
        .filter(name -> name.startsWith(GRADIENT))
        .forEach(name -> {
          String path = name.substring(GRADIENT.length());
          pinned.put(
              name, new Buffer("d_" + path, Space.MEMORY, Known.in(task.parameters(), path)));
        });
    return pinned;
  }

  /** A buffer's next value waits in memory: the step's equations, and the optimizer, see the old one. */
  private Map<String, Buffer> nextBuffers() {
    Map<String, Buffer> next = new LinkedHashMap<>();
    task.graph()
        .roots()
        .forEach((name, node) -> {
          if (name.startsWith(UPDATE)) {
            next.put(
                name,
                new Buffer("next_" + name.substring(UPDATE.length()), Space.MEMORY, node.shape()));
          }
        });
    return next;
  }

  /** The optimizers' equations, and with them that every buffer takes its next value. */
  private Graph withBuffers(Map<String, Buffer> updated) {
    Map<String, Node> all = new LinkedHashMap<>(task.update().roots());
    GraphBuilder builder =
        all.isEmpty() ? new GraphBuilder() : all.values().iterator().next().builder();
    task.graph()
        .roots()
        .forEach((name, node) -> {
          if (name.startsWith(UPDATE)) {
            String path = name.substring(UPDATE.length());
            Variable next = new Variable(Variable.Kind.BUFFER, name, node.type());
            all.put(BUFFER + path, builder.add(next));
            updated.put(name, roots.get(name));
            updated.put(
                BUFFER + path,
                Buffer.fixed(
                    path, Space.PARAMETERS, node.shape(), Known.in(parameterOffsets, path)));
          }
        });
    return Graph.of(all);
  }

  private Buffer variablePlace(Variable variable) {
    return switch (variable.kind()) {
      case PARAMETER, BUFFER ->
          Buffer.fixed(
              variable.variable(),
              Space.PARAMETERS,
              variable.type().shape(),
              Known.in(parameterOffsets, variable.variable()));
      case INPUT ->
          inputs.computeIfAbsent(
              variable.variable(), name -> new Buffer(name, Space.MEMORY, variable.type().shape()));
      default -> throw new IllegalStateException("planner: " + variable + " in a model's graph");
    };
  }

  /** The pass over a group's parameters is called after its optimizer. */
  private Map<Node, String> optimizerNames() {
    Map<Node, String> names = new HashMap<>();
    for (int i = 0; i < task.optimizers().size(); i++) {
      names.put(task.update().root("w" + i), KernelNames.identifier(task.optimizers().get(i)));
    }
    return names;
  }

  private int planStates() {
    int elements = 0;
    for (Map.Entry<String, Integer> state : task.states().entrySet()) {
      stateOffsets.put(state.getKey(), elements);
      elements = Math.addExact(elements, state.getValue());
    }
    return elements;
  }

  private void add(
      KernelBuilder builder,
      UnaryOperator<Kernel> finished,
      Function<Kernel, Set<Program>> programs) {
    for (Kernel built : builder.kernels()) {
      Kernel kernel = finished.apply(built);
      kernels.add(kernel);
      membership.put(kernel, programs.apply(built));
    }
    buffers.addAll(builder.buffers());
    report.addAll(builder.report());
    scratch = Math.max(scratch, builder.scratch());
  }

  private void useAndPlace(
      MemoryPlan memory, Map<String, Buffer> pinned, List<Buffer> gradientBuffers) {
    for (int i = 0; i < kernels.size(); i++) {
      Kernel.Head head = kernels.get(i).head();
      boolean infers = Known.in(membership, kernels.get(i)).contains(Program.INFER);
      for (List<Buffer> touched : List.of(head.reads(), head.writes())) {
        for (Buffer buffer : touched) {
          buffer.use(i);
          if (infers) {
            buffer.markInference();
          }
        }
      }
    }
    int last = kernels.size();
    inputs
        .values()
        .forEach(input -> {
          input.use(0);
          input.use(last);
        });
    roots.forEach((name, root) -> {
      root.use(last);
      if (isInferred(name)) {
        root.markInference(); // an input that is an output too is read by no kernel
      }
    });
    List<Buffer> open = new ArrayList<>(inputs.values());
    buffers.stream()
        .filter(buffer ->
            buffer.space() == Space.MEMORY
                && !pinned.containsValue(buffer)
                && !open.contains(buffer))
        .forEach(open::add);
    open.forEach(buffer -> buffer.use(Math.max(0, Math.min(buffer.firstUse(), last))));
    memory.place(open);
    long trained = task.groupSizes().stream().mapToLong(Integer::longValue).sum();
    long end =
        pinned.entrySet().stream()
            .mapToLong(gradient ->
                offset(gradient.getKey()) + gradient.getValue().shape().elements().constant())
            .max()
            .orElse(0);
    int base = memory.reserve(Math.max(trained, end));
    if (task.accumulated() > 1) {
      sums = memory.reserve(Math.max(trained, end));
    }
    pinned.forEach((name, buffer) -> buffer.place(base + offset(name)));
    int start = base;
    for (Buffer group : gradientBuffers) {
      group.place(start);
      start += group.shape().elements().constant();
    }
    buffers.addAll(0, inputs.values());
  }

  /** Gradients lie as their parameters do. */
  private int offset(String gradient) {
    return Known.in(parameterOffsets, gradient.substring(GRADIENT.length()));
  }

  static Part part(Node node, boolean update, boolean inference) {
    return update
        ? Part.UPDATE
        : node.gradientOf().isPresent() && !inference ? Part.GRADIENT : Part.FORWARD;
  }
}
