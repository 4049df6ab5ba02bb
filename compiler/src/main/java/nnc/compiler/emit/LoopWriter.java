package nnc.compiler.emit;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;
import nnc.compiler.emit.VectorText.Kind;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Sum;
import nnc.compiler.plan.Access;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel.LoopBody;
import nnc.compiler.plan.Kernel.Phase;
import nnc.compiler.plan.Kernel.Store;
import nnc.compiler.plan.Operand;

/**
 * Writes the loops of a kernel, over vectors or over single numbers: the same statements from the same formulas. A row's own
 * numbers stand before its loops; a loop ends with a masked tail where its length is not a multiple of every vector.
 */
final class LoopWriter {
  /** A multiple of this many columns needs no tail: no vector is longer. */
  private static final int LONGEST_VECTOR = 16;

  private final LoopBody body;
  private final LoopShape shape;
  private final boolean vector;
  private final Names names;
  private final Sizes sizes;
  private final Names.Local local;
  private final Map<Node, String> settings;
  private final String kernel;
  private final Map<String, TypeName> variables = new LinkedHashMap<>();
  private final List<MethodSpec> phases = new ArrayList<>();
  private CodeBlock.Builder code = CodeBlock.builder();
  private final Map<Node, Integer> uses = new HashMap<>();
  private final Map<Object, String> bases = new HashMap<>();
  private final Map<Node, VectorText.Operand> rowValues = new HashMap<>();
  private final Map<Operand, VectorText.Operand> rowLoads = new HashMap<>();

  /** @param settings the parameters of the method that hold numbers known when the kernel starts */
  LoopWriter(
      String kernel,
      LoopBody body,
      LoopShape shape,
      boolean vector,
      Names names,
      Map<Node, String> settings) {
    this.kernel = kernel;
    this.body = body;
    this.shape = shape;
    this.vector = vector;
    this.names = names;
    this.sizes = new Sizes(names);
    this.settings = settings;
    this.local = names.local(settings.values());
    body.nodes()
        .forEach(node ->
            node.inputs()
                .forEach(input -> {
                  if (body.operands().get(input) instanceof Operand.Computed(Node source)) {
                    uses.merge(source, 1, Integer::sum);
                  }
                }));
  }

  /** The loops that have methods of their own. */
  List<MethodSpec> phases() {
    return phases;
  }

  /** The whole body of the method. */
  CodeBlock write() {
    loads(true);
    boolean manyRows = !body.rows().isOne();
    if (manyRows) {
      code.beginControlFlow("for (int r = r0; r < r1; r++)");
    }
    loads(false);
    for (Phase phase : body.phases()) {
      phase.rowValues().forEach(this::rowValue);
      columns(phase);
      phase.reductions().forEach(this::reduction);
    }
    for (Store store : body.stores()) {
      if (rowValues.containsKey(store.node())) {
        code.addStatement(
            "$L[$L] = $L",
            Sizes.array(store.buffer()),
            sizes.row(start(store.buffer()), store.access(), "r"),
            number(rowValues.get(store.node())));
      }
    }
    if (manyRows) {
      code.endControlFlow();
    }
    return code.build();
  }

  private Term start(Buffer buffer) {
    return Term.atom(names.constant(buffer));
  }

  // ------------------------------------------------------------ what a row reads

  /** Indices and numbers that do not change along a row: those of no row at all first, the others in each row. */
  private void loads(boolean single) {
    Map<Object, Runnable> todo = new LinkedHashMap<>();
    body.operands()
        .values()
        .forEach(operand -> {
          switch (operand) {
            case Operand.Load load when load.access().oneColumn() || body.rowsOnly() -> {
              if (load.access().terms().isEmpty() == single) {
                todo.putIfAbsent(load, () -> rowLoad(load));
              }
            }
            case Operand.Load load -> {
              if (load.access().terms().isEmpty() == single) {
                todo.putIfAbsent(
                    key(load.buffer(), load.access()), () -> base(load.buffer(), load.access()));
              }
            }
            case Operand.Place place when place.access().oneColumn() -> {
              if (place.access().terms().isEmpty() == single) {
                todo.putIfAbsent(place, () -> rowPlace(place));
              }
            }
            case Operand.Place place -> {
              if (place.access().terms().isEmpty() == single) {
                todo.putIfAbsent(place, () -> placeBase(place));
              }
            }
            case Operand.Computed ignored -> {}
            case Operand.Known ignored -> {}
            case Operand.Setting ignored -> {}
          }
        });
    for (Store store : body.stores()) {
      boolean full = isFull(store.node());
      if (full && store.access().terms().isEmpty() == single) {
        todo.putIfAbsent(
            key(store.buffer(), store.access()), () -> base(store.buffer(), store.access()));
      }
    }
    todo.values().forEach(Runnable::run);
  }

  private boolean isFull(Node node) {
    return body.phases().stream().anyMatch(phase -> phase.columnValues().contains(node));
  }

  private static Object key(Buffer buffer, Access access) {
    Object place = buffer.part().isPresent() ? buffer : buffer.offset();
    return List.of(Sizes.array(buffer), place, access);
  }

  private void base(Buffer buffer, Access access) {
    Object key = key(buffer, access);
    if (bases.containsKey(key)) {
      return;
    }
    Term row = sizes.row(start(buffer), access, "r");
    if (access.terms().isEmpty() && access.offset().factor() == 0) {
      bases.put(key, names.constant(buffer));
      return;
    }
    String name = local.fresh(buffer.name() + "_at");
    code.addStatement("int $L = $L", name, row);
    variables.put(name, TypeName.INT);
    bases.put(key, name);
  }

  private void rowLoad(Operand.Load load) {
    String text =
        Sizes.array(load.buffer())
            + "["
            + sizes.row(start(load.buffer()), load.access(), "r")
            + "]";
    String name = local.fresh(load.buffer().name());
    code.addStatement("float $L = $L", name, text);
    variables.put(name, TypeName.FLOAT);
    rowLoads.put(load, new VectorText.Operand(Term.atom(name), Kind.FLOAT));
  }

  private void rowPlace(Operand.Place place) {
    String name = local.fresh("place");
    code.addStatement("float $L = $L", name, sizes.row(Term.atom("0"), place.access(), "r"));
    variables.put(name, TypeName.FLOAT);
    rowLoads.put(place, new VectorText.Operand(Term.atom(name), Kind.FLOAT));
  }

  private void placeBase(Operand.Place place) {
    Term row = sizes.row(Term.atom("0"), place.access(), "r");
    bases.put(place, row.at(Term.PRODUCT));
  }

  // ------------------------------------------------------------ numbers of a row

  private void rowValue(Node node) {
    VectorText.Operand value = formula(node, input -> rowOperand(node, input));
    boolean stored = body.stores().stream().anyMatch(store -> store.node() == node);
    if (uses.getOrDefault(node, 0) == 1 && !stored && node.label().isEmpty()) {
      rowValues.put(node, value);
      return;
    }
    String name = local.fresh(node.label().orElse(node.op().name()));
    code.addStatement(
        "$L $L = $L", value.kind() == Kind.BOOLEAN ? "boolean" : "float", name, value);
    variables.put(name, value.kind() == Kind.BOOLEAN ? TypeName.BOOLEAN : TypeName.FLOAT);
    rowValues.put(node, new VectorText.Operand(Term.atom(name), value.kind()));
  }

  private VectorText.Operand rowOperand(Node reader, Node input) {
    Operand operand = body.operands().get(input);
    return switch (operand) {
      case Operand.Computed(Node source) -> rowValues.get(source);
      case Operand.Load load -> truthIfNeeded(input, rowLoads.get(load));
      case Operand.Place place -> rowLoads.get(place);
      case Operand.Known known -> known(known);
      case Operand.Setting setting -> setting(setting);
      case null -> throw new IllegalStateException("emit: no operand " + input + " of " + reader);
    };
  }

  private static VectorText.Operand known(Operand.Known known) {
    return known.truth()
        ? new VectorText.Operand(Term.atom(known.value() != 0 ? "true" : "false"), Kind.BOOLEAN)
        : VectorText.INSTANCE.constant(known.value());
  }

  private VectorText.Operand setting(Operand.Setting setting) {
    String name = settings.get(setting.node());
    if (name == null) {
      throw new IllegalStateException(
          "emit: setting " + setting.node() + " is not handed to the loop");
    }
    return new VectorText.Operand(Term.atom(name), Kind.FLOAT);
  }

  private VectorText.Operand truthIfNeeded(Node input, VectorText.Operand value) {
    if (input.type().element() != ElementType.BOOL
        || value.kind() == Kind.BOOLEAN
        || value.kind() == Kind.MASK) {
      return value;
    }
    return VectorText.INSTANCE.compare(
        nnc.compiler.ir.Algebra.Comparison.NOT_EQUAL, value, VectorText.INSTANCE.constant(0));
  }

  private VectorText.Operand formula(
      Node node, java.util.function.Function<Node, VectorText.Operand> operand) {
    if (body.operands().get(node) instanceof Operand.Setting setting) {
      return setting(setting);
    }
    if (!(node.op() instanceof Elementwise op)) {
      throw new IllegalStateException("emit: " + node.op() + " is no formula");
    }
    return op.formula(VectorText.INSTANCE, node.inputs().stream().map(operand).toList());
  }

  private void reduction(Node node) {
    Reduction reduction = (Reduction) node.op();
    String method =
        switch (reduction) {
          case Sum ignored -> "sum";
          case Max ignored -> "max";
          case ArgMax ignored -> "argmax";
        };
    String name = local.fresh(node.label().orElse(method));
    code.addStatement(
        "float $L = rows.$L($L, $L)", name, method, reduced(node.input(0)), columnCount());
    variables.put(name, TypeName.FLOAT);
    rowValues.put(node, new VectorText.Operand(Term.atom(name), Kind.FLOAT));
  }

  /** The array and the place of a row that is reduced. */
  private String reduced(Node input) {
    Operand operand = body.operands().get(input);
    if (operand instanceof Operand.Load load) {
      return Sizes.array(load.buffer()) + ", " + bases.get(key(load.buffer(), load.access()));
    }
    Node source = ((Operand.Computed) operand).node();
    int slot = body.scratch().indexOf(source);
    if (slot >= 0) {
      return "t, " + shape.scratchStart(slot);
    }
    Store store = storeOf(source);
    return Sizes.array(store.buffer()) + ", " + bases.get(key(store.buffer(), store.access()));
  }

  private Store storeOf(Node node) {
    return body.stores().stream()
        .filter(store -> store.node() == node && !store.late())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("emit: " + node + " is nowhere in memory"));
  }

  private String columnCount() {
    return sizes.text(body.columns());
  }

  // ------------------------------------------------------------ loops over columns

  private void columns(Phase phase) {
    boolean last = phase == body.phases().getLast();
    List<Store> late =
        last
            ? body.stores().stream().filter(store -> store.late() && isFull(store.node())).toList()
            : List.of();
    if (phase.columnValues().isEmpty() && late.isEmpty()) {
      return;
    }
    if (functions(phase) == 0
        || body.phases().stream().noneMatch(other -> other != phase && functions(other) > 0)) {
      loop(phase, late);
      return;
    }
    CodeBlock.Builder whole = code;
    code = CodeBlock.builder();
    loop(phase, late);
    CodeBlock own = code.build();
    code = whole;
    String name = kernel + "_phase" + (phases.size() + 1);
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE, Modifier.STATIC);
    List<String> arguments = new ArrayList<>();
    Set<String> mentioned = Names.mentioned(own.toString());
    candidates()
        .forEach((variable, type) -> {
          if (mentioned.contains(variable)) {
            method.addParameter(type, variable);
            arguments.add(variable);
          }
        });
    phases.add(method.addCode(Imports.of(own)).build());
    code.addStatement("$L($L)", name, String.join(", ", arguments));
  }

  /** What a loop can read: arrays, the range, numbers known at the start, and what the row has computed so far. */
  private Map<String, TypeName> candidates() {
    Map<String, TypeName> all = new LinkedHashMap<>();
    List.of("m", "p", "s", "t").forEach(array -> all.put(array, TypeName.get(float[].class)));
    settings.values().forEach(name -> all.put(name, TypeName.FLOAT));
    KernelWriter.parts(body).forEach(part -> all.put(names.constant(part), TypeName.INT));
    all.put(names.dim(), TypeName.INT);
    variables.forEach(all::put);
    List.of("r", "c0", "c1").forEach(name -> all.put(name, TypeName.INT));
    return all;
  }

  /** HotSpot inlines one of the runtime's functions into a method, seldom two: each loop that calls one has its own. */
  private static long functions(Phase phase) {
    return phase.columnValues().stream()
        .filter(node -> node.op() instanceof Elementwise op && op.polynomials() > 0)
        .count();
  }

  private void loop(Phase phase, List<Store> late) {
    String from = shape.columnFrom();
    String to = shape.columnTo(columnCount());
    if (!vector) {
      code.beginControlFlow("for (int c = $L; c < $L; c++)", from, to);
      new ColumnWriter(phase, late, "").write();
      code.endControlFlow();
    } else if (!needsTail()) {
      code.beginControlFlow("for (int c = $L; c < $L; c += S.length())", from, to);
      new ColumnWriter(phase, late, "").write();
      code.endControlFlow();
    } else if (functions(phase)
        > 0) { // one place that calls the function: the mask is there from the start
      code.beginControlFlow("for (int c = $L; c < $L; c += S.length())", from, to);
      code.addStatement("var tail = S.indexInRange(c, $L)", to);
      new ColumnWriter(phase, late, ", tail").write();
      code.endControlFlow();
    } else {
      String end = local.fresh("end");
      code.addStatement(
          "int $L = $L",
          end,
          from.equals("0")
              ? "S.loopBound(" + to + ")"
              : from + " + S.loopBound(" + to + " - " + from + ")");
      code.beginControlFlow("for (int c = $L; c < $L; c += S.length())", from, end);
      new ColumnWriter(phase, late, "").write();
      code.endControlFlow();
      code.beginControlFlow("if ($L < $L)", end, to);
      code.addStatement("int c = $L", end);
      code.addStatement("var tail = S.indexInRange(c, $L)", to);
      new ColumnWriter(phase, late, ", tail").write();
      code.endControlFlow();
    }
  }

  private boolean needsTail() {
    Size columns = body.columns();
    return columns.factor() % LONGEST_VECTOR != 0;
  }

  private static VectorText.Operand number(VectorText.Operand value) {
    return value.kind() == Kind.MASK || value.kind() == Kind.BOOLEAN
        ? VectorText.INSTANCE.number(value)
        : value;
  }

  /** The statements for one vector, or one number, of a phase's loop. */
  private final class ColumnWriter {
    private final Phase phase;
    private final List<Store> late;
    private final String mask;
    private final Names.Local own;
    private final Map<Node, VectorText.Operand> values = new HashMap<>();
    private final Map<Operand, VectorText.Operand> loaded = new HashMap<>();

    ColumnWriter(Phase phase, List<Store> late, String mask) {
      this.phase = phase;
      this.late = late;
      this.mask = mask;
      this.own = local.inner();
    }

    void write() {
      Map<Node, Integer> here = new HashMap<>();
      phase
          .columnValues()
          .forEach(node ->
              node.inputs()
                  .forEach(input -> {
                    if (body.operands().get(input) instanceof Operand.Computed(Node source)) {
                      here.merge(source, 1, Integer::sum);
                    }
                  }));
      for (Node node : phase.columnValues()) {
        boolean kept = phase.kept().contains(node);
        List<Store> stores =
            body.stores().stream()
                .filter(store -> store.node() == node && !store.late() && firstPhase(node) == phase)
                .toList();
        VectorText.Operand value = formula(node, this::operand);
        boolean once = here.getOrDefault(node, 0) + (kept ? 1 : 0) + stores.size() <= 1;
        boolean inline = once && (node.label().isEmpty() || !stores.isEmpty() || kept);
        if (!inline) {
          String name = own.fresh(node.label().orElse(node.op().name()));
          code.addStatement("$L $L = $L", type(value.kind()), name, value);
          value = new VectorText.Operand(Term.atom(name), value.kind());
        }
        values.put(node, value);
        if (kept) {
          put("t", shape.scratchIndex(body.scratch().indexOf(node)), value);
        }
        for (Store store : stores) {
          put(
              Sizes.array(store.buffer()),
              bases.get(key(store.buffer(), store.access())) + " + c",
              value);
        }
      }
      for (Store store : late) {
        put(
            Sizes.array(store.buffer()),
            bases.get(key(store.buffer(), store.access())) + " + c",
            fromScratch(store.node()));
      }
    }

    private Phase firstPhase(Node node) {
      return body.phases().stream()
          .filter(other -> other.columnValues().contains(node))
          .findFirst()
          .orElseThrow();
    }

    private String type(Kind kind) {
      return switch (kind) {
        case VECTOR -> "FloatVector";
        case MASK -> "VectorMask<Float>";
        case FLOAT -> "float";
        case BOOLEAN -> "boolean";
      };
    }

    private void put(String array, String index, VectorText.Operand value) {
      VectorText.Operand number = number(value);
      if (!vector) {
        code.addStatement("$L[$L] = $L", array, index, number.term());
      } else if (number.kind() == Kind.VECTOR) {
        code.addStatement("$L.intoArray($L, $L$L)", number, array, index, mask);
      } else {
        code.addStatement(
            "FloatVector.broadcast(S, $L).intoArray($L, $L$L)", number, array, index, mask);
      }
    }

    private VectorText.Operand get(String name, String array, String index) {
      String variable = own.fresh(name);
      if (vector) {
        code.addStatement(
            "FloatVector $L = FloatVector.fromArray(S, $L, $L$L)", variable, array, index, mask);
      } else {
        code.addStatement("float $L = $L[$L]", variable, array, index);
      }
      return new VectorText.Operand(Term.atom(variable), vector ? Kind.VECTOR : Kind.FLOAT);
    }

    private VectorText.Operand fromScratch(Node node) {
      return get(
          node.label().orElse(node.op().name()),
          "t",
          shape.scratchIndex(body.scratch().indexOf(node)));
    }

    private VectorText.Operand operand(Node input) {
      Operand operand = body.operands().get(input);
      return switch (operand) {
        case Operand.Computed(Node source) -> computed(source, input);
        case Operand.Load load when load.access().oneColumn() ->
            truthIfNeeded(input, rowLoads.get(load));
        case Operand.Load load -> {
          VectorText.Operand value = loaded.get(load);
          if (value == null) {
            value =
                get(
                    load.buffer().name(),
                    Sizes.array(load.buffer()),
                    bases.get(key(load.buffer(), load.access())) + " + c");
            loaded.put(load, value);
          }
          yield truthIfNeeded(input, value);
        }
        case Operand.Place place when place.access().oneColumn() -> rowLoads.get(place);
        case Operand.Place place -> {
          String start = bases.get(place).equals("0") ? "c" : bases.get(place) + " + c";
          yield vector
              ? VectorText.Operand.vector("FloatVector.broadcast(S, " + start + ").addIndex(1)")
              : new VectorText.Operand(
                  new Term("(float) " + (start.equals("c") ? start : "(" + start + ")"), Term.SIGN),
                  Kind.FLOAT);
        }
        case Operand.Known known -> known(known);
        case Operand.Setting setting -> setting(setting);
        case null -> throw new IllegalStateException("emit: no operand " + input);
      };
    }

    private VectorText.Operand computed(Node source, Node input) {
      VectorText.Operand row = rowValues.get(source);
      if (row != null) {
        return row;
      }
      VectorText.Operand here = values.get(source);
      if (here == null) {
        int slot = body.scratch().indexOf(source);
        here =
            slot >= 0
                ? fromScratch(source)
                : get(
                    source.label().orElse(source.op().name()),
                    Sizes.array(storeOf(source).buffer()),
                    bases.get(key(storeOf(source).buffer(), storeOf(source).access())) + " + c");
        here = truthIfNeeded(input, here);
        values.put(source, here);
      }
      return here;
    }
  }
}
