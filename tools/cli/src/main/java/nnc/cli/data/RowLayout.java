package nnc.cli.data;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import nnc.compiler.ir.Size;
import nnc.compiler.model.Training;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.ColumnRef;
import nnc.data.Csv;
import nnc.data.CsvRows;

/** Where in a row of a table the values of each input are, and what is done to them before the model sees them. */
public final class RowLayout {
  private final List<ColumnRef> columns;
  private final List<Slot> slots;
  private final boolean chosen;

  /**
   * The values of one input in a row.
   *
   * @param from the first of them, counted in the chosen columns
   */
  public record Slot(TypedModel.Input input, int from, int count, Preparation preparation) {
    /**
     * Prepares and checks the values of a row.
     *
     * @param row holds the chosen columns of a row from {@code at} on
     * @return what is wrong, if something is
     */
    public Optional<String> prepare(float[] row, int at, float[] to, int where) {
      for (int i = 0; i < count; i++) {
        float value = preparation.apply(row[at + from + i]);
        Optional<String> problem = LegalValues.problem(input, value);
        if (problem.isPresent()) {
          return problem;
        }
        to[where + i] = value;
      }
      return Optional.empty();
    }
  }

  /** @param chosen whether a train block chose the columns, among others that there may be */
  private RowLayout(List<ColumnRef> columns, List<Slot> slots, boolean chosen) {
    this.columns = List.copyOf(columns);
    this.slots = List.copyOf(slots);
    this.chosen = chosen;
  }

  /**
   * The layout of CSV rows. Where the model does not read CSV itself, the columns are the inputs' values in the order of their
   * declarations.
   *
   * @param wanted the inputs that rows are to feed
   * @throws CompileException if one of them takes no rows
   */
  public static RowLayout csv(
      TypedModel model, Optional<Training.Data> data, Predicate<TypedModel.Input> wanted) {
    List<ColumnRef> columns = new ArrayList<>();
    List<Slot> slots = new ArrayList<>();
    boolean chosen = data.filter(source -> source.kind() == Training.Kind.CSV).isPresent();
    for (TypedModel.Input input : model.inputs()) {
      if (wanted.test(input)) {
        int from = columns.size();
        Optional<Training.Mapping> mapping = data.flatMap(source -> source.mapping(input.name()));
        if (chosen && mapping.isPresent()) {
          mapping.get().columns().forEach(column -> columns.add(reference(column)));
        } else {
          for (int i = 0; i < elementsPerRow(model, input); i++) {
            columns.add(new ColumnRef.Number(from + i));
          }
        }
        Preparation preparation =
            mapping.map(found -> new Preparation(found.preparation())).orElseGet(Preparation::none);
        slots.add(new Slot(input, from, columns.size() - from, preparation));
      }
    }
    return new RowLayout(columns, slots, chosen);
  }

  /** The layout of a file whose rows are the values of one input. */
  static Slot whole(TypedModel model, TypedModel.Input input, Training.Mapping mapping) {
    return new Slot(input, 0, elementsPerRow(model, input), new Preparation(mapping.preparation()));
  }

  private static ColumnRef reference(Training.Column column) {
    return column.number() < 0
        ? new ColumnRef.Named(column.name())
        : new ColumnRef.Number(column.number());
  }

  /** How many values of an input belong to a row. */
  static int elementsPerRow(TypedModel model, TypedModel.Input input) {
    boolean rows =
        input.type().shape().rank() > 0
            && model.batch().map(Size::of).filter(input.type().shape().size(0)::equals).isPresent();
    if (!rows) {
      throw new CompileException(
          Diagnostic.at(
                  input.span(), "data", "rows of data cannot feed the input '" + input.name() + "'")
              .note("it is declared as " + input.type() + ", without the batch as first axis")
              .help(
                  "let all inputs share a first axis with a name: input "
                      + input.name()
                      + ": "
                      + input.type().element().text()
                      + "[B, …]"));
    }
    return input.type().shape().without(List.of(0)).elements().constant();
  }

  /** What to read of a table, in this order. */
  public List<ColumnRef> columns() {
    return columns;
  }

  /** Reads rows of this layout. Where no columns are chosen, a row has the inputs' values and nothing else. */
  public CsvRows rows(InputStream in, String source) {
    return chosen ? Csv.rows(in, source, columns) : Csv.wholeRows(in, source, columns.size());
  }

  /** The inputs that are fed, in the order of their declarations. */
  public List<Slot> slots() {
    return slots;
  }
}
