package nnc.compiler.emit;

import nnc.compiler.plan.Grain;

/**
 * Which part of its rows and columns a call of a loop's method covers.
 *
 * @param rowRange whether it is given rows r0 to r1
 * @param columnRange whether it is given columns c0 to c1; else it covers whole rows
 * @param odd whether that may be any number of columns, wherever they begin: rows of a table among others
 * @param width floats of a row of scratch memory
 */
record LoopShape(boolean rowRange, boolean columnRange, boolean odd, long width) {

  static LoopShape of(boolean rowRange, boolean columnRange, long columns, boolean pieces) {
    return new LoopShape(
        rowRange,
        columnRange,
        false,
        Grain.padded(pieces ? Math.min(columns, Grain.COLUMNS) : columns));
  }

  LoopShape ofOddParts() {
    return new LoopShape(rowRange, columnRange, true, width);
  }

  String columnFrom() {
    return columnRange ? "c0" : "0";
  }

  String columnTo(String count) {
    return columnRange ? "c1" : count;
  }

  String scratchStart(int slot) {
    return Long.toString(slot * width);
  }

  String scratchIndex(int slot) {
    String start = slot == 0 ? "" : slot * width + " + ";
    return columnRange ? start + "c - c0" : start + "c";
  }
}
