package nnc.compiler.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import nnc.compiler.ir.Constant;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Size;
import nnc.compiler.source.Span;
import nnc.compiler.syntax.Ast;
import org.jspecify.annotations.Nullable;

/** What a name or an expression of the language stands for while a model is elaborated. */
sealed interface Value {
  /** What errors call it: "a tensor f32[B, 64]". */
  String described();

  /** What an axis of this size is called: a dim names it. */
  default @Nullable String axisName() {
    return null;
  }

  /** The same where the dims that are known here name no axes: in a layer. */
  default Value withoutAxisName() {
    return this;
  }

  /** A number known now: a hyper-parameter, a size, a position; and the dim it is written as, if it is one. */
  record Num(double value, boolean integer, @Nullable String axisName) implements Value {
    Num(double value, boolean integer) {
      this(value, integer, null);
    }

    @Override
    public Value withoutAxisName() {
      return new Num(value, integer);
    }

    @Override
    public String described() {
      return "the number " + Constant.text(value);
    }
  }

  /** A size known only at run time: {@code B} in a formula; and the dim it is written as, if it is one. */
  record RunTimeSize(Size size, @Nullable String axisName) implements Value {
    @Override
    public Value withoutAxisName() {
      return new RunTimeSize(size, null);
    }

    @Override
    public String described() {
      return "the size " + size;
    }
  }

  /** A tensor, and what its axes are called; null for an axis without a name. */
  record TensorValue(Node node, List<@Nullable String> axes) implements Value {
    public TensorValue {
      axes = Collections.unmodifiableList(new ArrayList<>(axes));
      if (axes.size() != node.shape().rank()) {
        throw new IllegalArgumentException(
            "a name or none for each axis: " + axes + " for " + node.type());
      }
    }

    /** What the author calls an axis. */
    Optional<String> axisName(int axis) {
      return Optional.ofNullable(axes.get(axis)).filter(name -> !name.startsWith("..."));
    }

    /** The shape in the author's names: {@code [B, 64]}. */
    String shapeText() {
      StringBuilder text = new StringBuilder("[");
      for (int axis = 0; axis < axes.size(); axis++) {
        String size = node.shape().size(axis).toString();
        String shown =
            axisName(axis).map(name -> name.equals(size) ? name : name + " = " + size).orElse(size);
        text.append(axis == 0 ? "" : ", ").append(shown);
      }
      return text.append(']').toString();
    }

    @Override
    public String described() {
      return "a tensor " + node.type().element().text() + shapeText();
    }
  }

  /** The present step of a {@code recur} block, or one some steps from it: {@code t}, {@code t-1}. */
  record Time(RecurBlock block, int offset) implements Value {
    @Override
    public String described() {
      return "a step of time";
    }
  }

  record Text(String text) implements Value {
    @Override
    public String described() {
      return "the text \"" + text + "\"";
    }
  }

  /** Axes handed on by name: what {@code over} was given. Empty for all axes. */
  record Axes(List<Ast.Expression> axes, boolean every, Scope scope) implements Value {
    @Override
    public String described() {
      return "axes";
    }
  }

  /** {@code none}: the absence of a value; called, it hands on what it is given. */
  record None() implements Value {
    @Override
    public String described() {
      return "none";
    }
  }

  /** What a layer or function with several results gives: the first, where one value is wanted. */
  record Results(List<Value> values) implements Value {
    @Override
    public String described() {
      return values.size() + " results";
    }
  }

  /** A list of values: {@code (2, 3)}. */
  record Several(List<Value> values) implements Value {
    @Override
    public Value withoutAxisName() {
      return new Several(values.stream().map(Value::withoutAxisName).toList());
    }

    @Override
    public String described() {
      return values.size() + " values";
    }
  }

  /** A range of positions, both ends included. */
  record Range(Value from, Value to) implements Value {
    @Override
    public String described() {
      return "a range";
    }
  }

  /** A function written in the language. */
  record Function(Ast.FunctionDeclaration declaration) implements Value {
    @Override
    public String described() {
      return "the function '" + declaration.name() + "'";
    }
  }

  /** A function of the compiler. */
  record BuiltIn(String name, BuiltIns.Entry entry) implements Value {
    @Override
    public String described() {
      return "the function '" + name + "'";
    }
  }

  /** A layer that has not been configured. */
  record LayerKind(Ast.LayerDeclaration declaration) implements Value {
    @Override
    public String described() {
      return "the layer '" + declaration.name() + "'";
    }
  }

  /** A configured layer: its parameters belong to it, and are shared by all its calls. */
  final class Instance implements Value {
    final Ast.LayerDeclaration declaration;
    final Scope configuration;

    /** Where the arguments of its configuration stand. */
    final Map<String, Span> places;

    /** Where it is written: what is bound to no name is numbered there, wherever it is called. */
    final Frame frame;

    /** Where its parameters live, once it is bound or called. */
    private @Nullable String path;

    /** The repeats whose turns have parameters of their own there. */
    private List<RepeatBlock> repeats = List.of();

    /** Its parameters and named instances, once it has been called. */
    @Nullable Scope members;

    /** The blocks in which it has been called last. */
    List<Block> calledIn = List.of();

    Instance(
        Ast.LayerDeclaration declaration,
        Scope configuration,
        Map<String, Span> places,
        Frame frame) {
      this.declaration = declaration;
      this.configuration = configuration;
      this.places = places;
      this.frame = frame;
    }

    /** Its parameters live where a name of a frame says. */
    void place(String newPath, Frame at) {
      path = newPath;
      repeats = at.repeats();
    }

    boolean hasPlace() {
      return path != null;
    }

    String path() {
      return Objects.requireNonNull(path);
    }

    /** The frame of its body. */
    Frame inside() {
      return Frame.of(path(), repeats);
    }

    @Override
    public String described() {
      return "an instance of the layer '" + declaration.name() + "'";
    }
  }

  /** An optimizer as it is declared; a train block gives it its hyper-parameters. */
  record OptimizerKind(Ast.OptimizerDeclaration declaration) implements Value {
    @Override
    public String described() {
      return "the optimizer '" + declaration.name() + "'";
    }
  }

  /** What could not be computed; the reason has been told. */
  record Broken() implements Value {
    @Override
    public String described() {
      return "a value with an error";
    }
  }
}
