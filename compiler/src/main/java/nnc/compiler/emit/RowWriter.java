package nnc.compiler.emit;

import com.palantir.javapoet.CodeBlock;
import java.util.Arrays;
import nnc.compiler.ir.Size;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Grain;
import nnc.compiler.plan.Kernel;
import nnc.runtime.Categorical;
import nnc.runtime.Philox;
import nnc.runtime.Rows;

/** Writes what is done by calls alone: rows that ids name, draws, and what fills an array. */
final class RowWriter {
  private final Names names;
  private final Sizes sizes;
  private final CodeBlock.Builder code;
  private final Regions regions;

  RowWriter(Names names, Sizes sizes, CodeBlock.Builder code) {
    this.names = names;
    this.sizes = sizes;
    this.code = code;
    this.regions = new Regions(code);
  }

  void draw(Kernel.Draw draw) {
    String choices = sizes.text(draw.choices());
    String sums = names.constant(draw.sums());
    regions.alone(() ->
        code.addStatement(
            "$T.cumulate($L, $L, m, $L)",
            Categorical.class,
            stored(draw.weights()),
            choices,
            sums));
    regions.over(
        sizes.text(draw.count()),
        Grain.DRAWS,
        () ->
            code.addStatement(
                "$T.draw(m, $L, $L, $L, w.from, w.to, m, $L)",
                Categorical.class,
                sums,
                choices,
                stored(draw.numbers()),
                names.constant(draw.result())));
  }

  void gather(Kernel.Gather gather) {
    regions.over(
        sizes.text(gather.count()),
        Grain.rows(gather.width()),
        () ->
            code.addStatement(
                "$T.gather($L, w.from, w.to, $L, $L, $L, m, $L)",
                Rows.class,
                stored(gather.ids()),
                stored(gather.table()),
                sizes.text(gather.rows()),
                sizes.text(gather.width()),
                names.constant(gather.result())));
  }

  void scatterAdd(Kernel.ScatterAdd scatter) {
    String width = sizes.text(scatter.width());
    scatter
        .table()
        .ifPresentOrElse(
            table -> onlyTouched(scatter, table, width), () -> fill(scatter.result(), "0f"));
    regions.over(
        width,
        Grain.scatteredColumns(scatter.width()),
        () -> {
          for (Kernel.RowValues part : scatter.parts()) {
            code.addStatement(
                "rows.scatterAdd($L, $L, $L, $L, w.from, w.to, m, $L, $L)",
                stored(part.ids()),
                sizes.text(part.count()),
                stored(part.values()),
                width,
                names.constant(scatter.result()),
                sizes.text(scatter.rows()));
          }
        });
  }

  /** Zeros where the step before has left something, and the list of the rows of this one. */
  private void onlyTouched(Kernel.ScatterAdd scatter, int table, String width) {
    String touched = touched(table);
    String result = names.constant(scatter.result());
    regions.over(
        touched + ".places()",
        Grain.rows(scatter.width()),
        () -> code.addStatement("$L.clear(m, $L, $L, w.from, w.to)", touched, result, width));
    regions.alone(() -> {
      code.addStatement("$L.begin(m, $L, $L)", touched, result, width);
      for (Kernel.RowValues part : scatter.parts()) {
        code.addStatement("$L.list($L, $L)", touched, stored(part.ids()), sizes.text(part.count()));
      }
    });
  }

  /** The body is written once, for the row called {@code row}. */
  void eachTouched(int table, int width, Runnable body) {
    String touched = touched(table);
    regions.over(
        touched + ".places()",
        Grain.rows(Size.of(width)),
        () -> {
          code.beginControlFlow("for (int i = w.from; i < w.to; i++)");
          code.addStatement("int row = $L.row(i)", touched);
          code.beginControlFlow("if (row >= 0)");
          body.run();
          code.endControlFlow();
          code.endControlFlow();
        });
  }

  /** Declares the rows that this step touches of a table. */
  private String touched(int table) {
    String touched = "touched" + table;
    code.addStatement("TouchedRows $L = session.touched($L)", touched, table);
    return touched;
  }

  private String stored(Kernel.Stored stored) {
    return Sizes.array(stored.buffer()) + ", " + sizes.start(stored.buffer(), stored.offset());
  }

  /** One number everywhere. */
  void fill(Buffer buffer, String number) {
    String start = names.constant(buffer);
    regions.over(
        sizes.text(buffer.shape().elements()),
        Grain.COLUMNS,
        () ->
            code.addStatement(
                "$T.fill($L, $L + w.from, $L + w.to, $L)",
                Arrays.class,
                Sizes.array(buffer),
                start,
                start,
                number));
  }

  void random(Kernel.Fill fill) {
    regions.over(
        sizes.text(fill.elements()),
        Grain.COLUMNS,
        () ->
            code.addStatement(
                "rows.uniform(session.seed(), $LL, session.draw(), w.from, m, $L + w.from, w.to - w.from)",
                Philox.stream(fill.uniform().path()),
                names.constant(fill.result())));
  }
}
