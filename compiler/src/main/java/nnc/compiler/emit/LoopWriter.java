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
import java.util.function.Function;
import javax.lang.model.element.Modifier;
import nnc.compiler.emit.VectorText.Kind;
import nnc.compiler.ir.Algebra;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.ElementType;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.MathFunction;
import nnc.compiler.ir.MathOp;
import nnc.compiler.ir.Max;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Reduction;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Sum;
import nnc.compiler.plan.Access;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel.Head;
import nnc.compiler.plan.Kernel.LoopBody;
import nnc.compiler.plan.Kernel.Phase;
import nnc.compiler.plan.Kernel.Store;
import nnc.compiler.plan.Operand;

/**
 * Writes the loops of a kernel, over vectors or over single numbers: the same statements from the same formulas. A row's own
 * numbers stand before its loops. Where a row's length is not a multiple of every vector, a loop over vectors that stores into
 * it ends number by number: HotSpot gives up on masked vectors in all but short methods, and then boxes every vector in them.
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
  private final Head kernel;
  private final Lines lines;
  private final Map<String, TypeName> variables = new LinkedHashMap<>();
  private final List<MethodSpec> methods = new ArrayList<>();
  private CodeBlock.Builder code = CodeBlock.builder();
  private final Map<Node, Integer> uses = new HashMap<>();
  private final Map<Object, String> bases = new HashMap<>();
  private final Map<Node, VectorText.Operand> rowValues = new HashMap<>();
  private final Map<Operand, VectorText.Operand> rowLoads = new HashMap<>();

  /** @param settings the parameters of the method that hold numbers known when the kernel starts */
  LoopWriter(
      Head kernel,
      LoopBody body,
      LoopShape shape,
      boolean vector,
      Names names,
      Lines lines,
      Map<Node, String> settings) {
    this.kernel = kernel;
    this.lines = lines;
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
  List<MethodSpec> methods() {
    return methods;
  }

  /** The whole body of the method. */
  CodeBlock write() {
    code.add(lines.of(kernel.subject()));
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
        code.add(lines.of(store.node()));
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
    code.add(lines.of(node));
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
    Operand operand = Known.in(body.operands(), input);
    return switch (operand) {
      case Operand.Computed(Node source) -> Known.in(rowValues, source);
      case Operand.Load load -> truthIfNeeded(input, Known.in(rowLoads, load));
      case Operand.Place place -> Known.in(rowLoads, place);
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
    boolean truth = setting.node().type().element() == ElementType.BOOL;
    return new VectorText.Operand(Term.atom(name), truth ? Kind.BOOLEAN : Kind.FLOAT);
  }

  private VectorText.Operand truthIfNeeded(Node input, VectorText.Operand value) {
    if (input.type().element() != ElementType.BOOL
        || value.kind() == Kind.BOOLEAN
        || value.kind() == Kind.MASK) {
      return value;
    }
    return VectorText.INSTANCE.compare(
        Algebra.Comparison.NOT_EQUAL, value, VectorText.INSTANCE.constant(0));
  }

  private VectorText.Operand formula(Node node, Function<Node, VectorText.Operand> operand) {
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
    code.add(lines.of(node));
    code.addStatement(
        "float $L = rows.$L($L, $L)", name, method, reduced(node.input(0)), columnCount());
    variables.put(name, TypeName.FLOAT);
    rowValues.put(node, new VectorText.Operand(Term.atom(name), Kind.FLOAT));
  }

  /** The array and the place of a row that is reduced. */
  private String reduced(Node input) {
    Operand operand = Known.in(body.operands(), input);
    if (operand instanceof Operand.Load load) {
      return Sizes.array(load.buffer()) + ", " + bases.get(key(load.buffer(), load.access()));
    }
    Node source = ((Operand.Computed) operand).node();
    if (isInScratch(source)) {
      return inScratch(source);
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
    if (!hasLoop(phase)) {
      return;
    }
    if (vector && body.phases().stream().filter(this::hasLoop).limit(2).count() > 1) {
      methodOfItsOwn(phase);
    } else {
      loop(phase);
    }
  }

  private boolean hasLoop(Phase phase) {
    return !phase.columnValues().isEmpty() || !late(phase).isEmpty();
  }

  private List<Store> late(Phase phase) {
    return phase == body.phases().getLast()
        ? body.stores().stream().filter(store -> store.late() && isFull(store.node())).toList()
        : List.of();
  }

  /** HotSpot is slow to compile a long method of vector code: of several loops each is compiled by itself. */
  private void methodOfItsOwn(Phase phase) {
    String name = kernel.name() + "$" + (methods.size() + 1); // a name that no kernel can have
    CodeBlock.Builder caller = code;
    code = CodeBlock.builder().add(lines.of(kernel.subject()));
    loop(phase);
    CodeBlock own = code.build();
    code = caller;
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
    methods.add(method.addCode(Imports.of(own)).build());
    code.addStatement("$L($L)", name, String.join(", ", arguments));
  }

  /** What a loop can read: arrays, the range, numbers known at the start, and what the row has computed so far. */
  private Map<String, TypeName> candidates() {
    Map<String, TypeName> all = new LinkedHashMap<>();
    List.of("m", "p", "s", "t").forEach(array -> all.put(array, TypeName.get(float[].class)));
    settings.forEach((node, name) -> all.put(name, KernelWriter.settingType(node)));
    KernelWriter.parts(body).forEach(part -> all.put(names.constant(part), TypeName.INT));
    all.put(names.dim(), TypeName.INT);
    variables.forEach(all::put);
    List.of("r", "c0", "c1").forEach(name -> all.put(name, TypeName.INT));
    return all;
  }

  private void call(Node node) {
    MathFunction function = ((MathOp) node.op()).function();
    String count = shape.columnRange() ? "c1 - c0" : columnCount();
    StringBuilder arguments = new StringBuilder(inScratch(node)).append(", ").append(count);
    node.inputs().stream()
        .skip(1)
        .map(input -> isInScratch(input) ? inScratch(input) : rowOperand(node, input).toString())
        .forEach(argument -> arguments.append(", ").append(argument));
    code.add(lines.of(node));
    code.addStatement("VectorMath.$L($L)", function.name(), arguments);
  }

  private boolean isInScratch(Node node) {
    return body.scratch().contains(node);
  }

  private String inScratch(Node node) {
    return "t, " + shape.scratchStart(body.scratch().indexOf(node));
  }

  /**
   * A loop over the columns, then the functions of whole rows; a loop over numbers calls them as it goes. What only fills rows
   * of scratch may fill them to their padded end, from whatever lies behind the row.
   */
  private void loop(Phase phase) {
    String from = shape.columnFrom();
    String to = shape.columnTo(columnCount());
    if (!vector) {
      loop(phase, from, to, false);
      return;
    }
    if (needsTail() && storesBeyondScratch(phase)) {
      String end = local.fresh("end");
      String whole =
          from.equals("0")
              ? "S.loopBound(" + to + ")"
              : from + " + S.loopBound(" + to + " - " + from + ")";
      code.addStatement("int $L = $L", end, whole);
      loop(phase, from, end, true);
      loop(phase, end, to, false);
    } else {
      loop(phase, from, to, true);
    }
    phase.called().forEach(this::call);
  }

  private void loop(Phase phase, String from, String to, boolean wide) {
    String step = wide ? "c += S.length()" : "c++";
    code.beginControlFlow("for (int c = $L; c < $L; $L)", from, to, step);
    new ColumnWriter(phase, wide).write();
    code.endControlFlow();
  }

  private boolean storesBeyondScratch(Phase phase) {
    return !late(phase).isEmpty()
        || phase.columnValues().stream().anyMatch(node -> !stores(node, phase).isEmpty());
  }

  /** What the loop of a phase stores as soon as it has it: a value that a later phase computes again is not stored again. */
  private List<Store> stores(Node node, Phase phase) {
    return body.stores().stream()
        .filter(store -> store.node() == node && !store.late() && firstPhase(node) == phase)
        .toList();
  }

  private Phase firstPhase(Node node) {
    return body.phases().stream()
        .filter(phase -> phase.columnValues().contains(node))
        .findFirst()
        .orElseThrow();
  }

  private boolean needsTail() {
    Size columns = body.columns();
    return shape.odd() || columns.factor() % LONGEST_VECTOR != 0;
  }

  private static VectorText.Operand number(VectorText.Operand value) {
    return value.kind() == Kind.MASK || value.kind() == Kind.BOOLEAN
        ? VectorText.INSTANCE.number(value)
        : value;
  }

  /** The statements for one vector, or one number, of a phase's loop. */
  private final class ColumnWriter {
    private final Phase phase;
    private final boolean wide;
    private final Names.Local own;
    private final Map<Node, VectorText.Operand> values = new HashMap<>();
    private final Map<Operand, VectorText.Operand> loaded = new HashMap<>();

    ColumnWriter(Phase phase, boolean wide) {
      this.phase = phase;
      this.wide = wide;
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
        code.add(lines.of(node));
        if (vector && phase.called().contains(node)) {
          arguments(node);
          continue;
        }
        boolean kept = phase.kept().contains(node);
        List<Store> stores = stores(node, phase);
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
          keep(node, value);
        }
        for (Store store : stores) {
          put(
              Sizes.array(store.buffer()),
              bases.get(key(store.buffer(), store.access())) + " + c",
              value);
        }
      }
      for (Store store : late(phase)) {
        code.add(lines.of(store.node()));
        put(
            Sizes.array(store.buffer()),
            bases.get(key(store.buffer(), store.access())) + " + c",
            values.containsKey(store.node())
                ? values.get(store.node())
                : fromScratch(store.node()));
      }
    }

    /** Where the function will find them: the first where its result will be. */
    private void arguments(Node node) {
      keep(node, operand(node.input(0)));
      node.inputs().stream()
          .skip(1)
          .filter(input -> isInScratch(input) && !values.containsKey(input))
          .forEach(input -> keep(input, operand(input)));
    }

    private void keep(Node node, VectorText.Operand value) {
      put("t", shape.scratchIndex(body.scratch().indexOf(node)), value);
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
      if (!wide) {
        code.addStatement("$L[$L] = $L", array, index, number.term());
      } else if (number.kind() == Kind.VECTOR) {
        code.addStatement("$L.intoArray($L, $L)", number, array, index);
      } else {
        code.addStatement("FloatVector.broadcast(S, $L).intoArray($L, $L)", number, array, index);
      }
    }

    private VectorText.Operand get(String name, String array, String index) {
      String variable = own.fresh(name);
      if (wide) {
        code.addStatement(
            "FloatVector $L = FloatVector.fromArray(S, $L, $L)", variable, array, index);
      } else {
        code.addStatement("float $L = $L[$L]", variable, array, index);
      }
      return new VectorText.Operand(Term.atom(variable), wide ? Kind.VECTOR : Kind.FLOAT);
    }

    private VectorText.Operand fromScratch(Node node) {
      return get(
          node.label().orElse(node.op().name()),
          "t",
          shape.scratchIndex(body.scratch().indexOf(node)));
    }

    private VectorText.Operand operand(Node input) {
      Operand operand = Known.in(body.operands(), input);
      return switch (operand) {
        case Operand.Computed(Node source) -> computed(source, input);
        case Operand.Load load when load.access().oneColumn() ->
            truthIfNeeded(input, Known.in(rowLoads, load));
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
        case Operand.Place place when place.access().oneColumn() -> Known.in(rowLoads, place);
        case Operand.Place place -> {
          String start = Known.in(bases, place).equals("0") ? "c" : Known.in(bases, place) + " + c";
          yield wide
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
