package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.OverlapAdd;
import nnc.compiler.ir.Product;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Uniform;

/** One method of the generated code: a region of work that all threads share. */
public sealed interface Kernel {
  Head head();

  /** What all kernels have: a name, the graph node they are known by, and the part of the code they stand in. */
  record Head(String name, Node subject, Part part, List<Buffer> reads, List<Buffer> writes) {
    public Head {
      reads = List.copyOf(reads);
      writes = List.copyOf(writes);
    }

    /** What is read, then what is written, each once. */
    public Set<Buffer> touched() {
      Set<Buffer> touched = new LinkedHashSet<>(reads);
      touched.addAll(writes);
      return touched;
    }
  }

  /** The three files of generated code. */
  enum Part {
    FORWARD,
    GRADIENT,
    UPDATE
  }

  /**
   * Formulas for every place of rows x columns, with reductions along rows. Runs after a product on its tiles if there is one.
   *
   * @param product the product whose result the formulas continue
   * @param columnsShared whether pieces are cut from the columns: there is one row
   * @param sparse stretches of the columns, in their order, of which only some rows are visited
   */
  record Loop(
      Head head,
      Optional<ProductHead> product,
      LoopBody body,
      boolean columnsShared,
      List<SparseRows> sparse)
      implements Kernel {
    public Loop {
      sparse = List.copyOf(sparse);
    }

    Loop only(List<SparseRows> rows) {
      return new Loop(head, product, body, columnsShared, rows);
    }
  }

  /**
   * A sparse table among the columns of a loop.
   *
   * @param table its number
   * @param start its first column
   */
  record SparseRows(int table, String path, int start, int rows, int width) {
    /** The column behind its last. */
    public int end() {
      return start + rows * width;
    }
  }

  /** A sum over all places, piece by piece: each piece leaves a partial sum, which are added in their order. */
  record Total(Head head, LoopBody body, Node summand, Buffer partials, Buffer result)
      implements Kernel {}

  /** A reduction over axes that are not the last: for each outer place, rows of columns fall together. */
  record Columns(
      Head head,
      boolean sum,
      Buffer source,
      Size offset,
      Size outer,
      Size rows,
      Size columns,
      Buffer result)
      implements Kernel {}

  /**
   * Elements moved to where they are wanted.
   *
   * @param filled the number that stands wherever nothing is moved to, if there are such places
   */
  record Copy(Head head, List<Stretch> parts, Buffer result, Optional<Double> filled)
      implements Kernel {}

  /**
   * What falls on the same place of an axis, added up: for each row of windows [places, size] of columns, {@code length}
   * rows of columns.
   *
   * @param source where the windows of a row begin
   * @param placeStride how far windows lie apart in memory
   * @param sizeStride how far the places in a window lie apart in memory
   */
  record Overlaps(
      Head head,
      OverlapAdd op,
      Buffer buffer,
      Access source,
      Size rows,
      int places,
      Size placeStride,
      int size,
      Size sizeStride,
      Size columns,
      Buffer result)
      implements Kernel {}

  /** One stretch of a copy: rows x columns of what is given, to a place. */
  record Stretch(Operand from, Access to, Size rows, Size columns) {}

  /**
   * Kernels that run again at each step.
   *
   * @param before what is done once, in front of the first step: states get their first values, and right operands that
   *     are the same at each step are packed
   * @param rows how many rows go through all steps without meeting another one, if that is so
   */
  record Recurrence(
      Head head,
      int length,
      boolean reverse,
      List<Kernel> before,
      List<Kernel> steps,
      Optional<Size> rows)
      implements Kernel {
    public Recurrence {
      before = List.copyOf(before);
      steps = List.copyOf(steps);
    }
  }

  /**
   * Kernels that each item of a batch goes through, one after the other, on one thread.
   *
   * @param steps products of so many items, and loops over rows of which each item has the same number
   */
  record Items(Head head, Size count, List<Loop> steps) implements Kernel {
    public Items {
      steps = List.copyOf(steps);
    }
  }

  /** The kernels that it consists of, in their order: none, if it is not one of several. */
  default List<Kernel> inner() {
    List<Kernel> inner = new ArrayList<>();
    if (this instanceof Recurrence recurrence) {
      inner.addAll(recurrence.before());
      inner.addAll(recurrence.steps());
    }
    if (this instanceof Items items) {
      inner.addAll(items.steps());
    }
    return inner;
  }

  /** This kernel and those inside of it, in their order. */
  default List<Kernel> all() {
    List<Kernel> all = new ArrayList<>(List.of(this));
    inner().forEach(kernel -> all.addAll(kernel.all()));
    return all;
  }

  /** The values that are computed, or moved, by it or inside of it. */
  default List<Node> values() {
    return switch (this) {
      case Loop loop -> {
        List<Node> values = new ArrayList<>(List.of(head().subject()));
        loop.product().ifPresent(head -> values.add(head.node()));
        values.addAll(loop.body().nodes());
        yield values;
      }
      case Total total -> {
        List<Node> values = new ArrayList<>(List.of(head().subject()));
        values.addAll(total.body().nodes());
        yield values;
      }
      case Recurrence recurrence -> inside(recurrence.steps());
      case Items items -> inside(List.copyOf(items.steps()));
      case Pack pack -> List.of(pack.product().node());
      case Columns _, Copy _, Overlaps _, Draw _, Gather _, ScatterAdd _, Fill _ ->
          List.of(head().subject());
    };
  }

  private static List<Node> inside(List<Kernel> kernels) {
    return kernels.stream().flatMap(kernel -> kernel.values().stream()).toList();
  }

  /** The right operand of a loop's products, packed for all of its steps. */
  record Pack(Head head, ProductHead product) implements Kernel {}

  /**
   * So many ids drawn by weights.
   *
   * @param sums room for the running sum of the weights
   */
  record Draw(
      Head head,
      Stored weights,
      Stored numbers,
      Size choices,
      Size count,
      Buffer sums,
      Buffer result)
      implements Kernel {}

  /** Rows of a table that ids name, one after the other. */
  record Gather(
      Head head, Stored table, Stored ids, Size count, Size rows, Size width, Buffer result)
      implements Kernel {}

  /**
   * A table of zeros to whose rows values are added.
   *
   * @param table its number, if it is sparse: then only rows that ids name are ever written
   */
  record ScatterAdd(
      Head head,
      List<RowValues> parts,
      Size rows,
      Size width,
      Buffer result,
      Optional<Integer> table)
      implements Kernel {
    ScatterAdd sparse(int number) {
      return new ScatterAdd(head, parts, rows, width, result, Optional.of(number));
    }
  }

  /** Values for the rows that ids name, so many of them. */
  record RowValues(Stored ids, Stored values, Size count) {}

  /** Elements that lie one after the other in memory. */
  record Stored(Buffer buffer, Size offset) {}

  /** Random numbers. */
  record Fill(Head head, Uniform uniform, Size elements, Buffer result) implements Kernel {}

  /**
   * A product of matrices, or of a batch of them: C[m x n] = A[m x k] B[k x n], strides in elements.
   *
   * @param packed where B is packed first, if there are ever enough rows to repay it
   * @param uses for how many products in a row B is the same, and packed before the first of them; 1: for each by itself
   * @param batch how many there are; the steps lead from one to the next
   */
  record ProductHead(
      Node node,
      Product product,
      Matrix a,
      Matrix b,
      Buffer c,
      Optional<Buffer> packed,
      int uses,
      Size batch,
      Size m,
      Size k,
      Size n,
      List<BatchStep> steps) {
    /** With how many rows altogether a packed B is multiplied. */
    public Size packedFor() {
      return m.times(Size.of(uses));
    }
  }

  /** An operand: element (i, j) at offset + i * row + j * column. */
  record Matrix(Buffer buffer, Size offset, Size row, Size column) {}

  /** How one batch axis advances both operands. */
  record BatchStep(Size divisor, Size size, Size a, Size b) {}

  /** What a loop computes: see {@link LoopSchedule} for the order. */
  record LoopBody(
      Size rows,
      Size columns,
      boolean rowsOnly,
      List<Node> nodes,
      Map<Node, Operand> operands,
      List<Store> stores,
      List<Phase> phases,
      List<Node> scratch) {}

  /** A value that is kept; late stores wait for the last phase, since what they overwrite is still read. */
  record Store(Node node, Buffer buffer, Access access, boolean late) {}

  /**
   * A step through a row: numbers of the row first, then one loop over its columns, then functions and reductions of what is
   * in memory.
   *
   * @param rowValues values of the row that are computed before the loop, in order
   * @param columnValues values of every place, in order; some of them again, since that is cheaper than to keep them
   * @param kept values that go to scratch memory
   * @param called those of the column values that are functions of scratch memory, called after the loop
   * @param reductions reductions after the loop
   */
  record Phase(
      List<Node> rowValues,
      List<Node> columnValues,
      List<Node> kept,
      List<Node> called,
      List<Node> reductions) {}
}
