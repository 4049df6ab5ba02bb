package nnc.compiler.ir;

/** An op on those rows of a table that a tensor of ids names: whole numbers from 0, each the place of a row. */
public sealed interface RowOp extends Op permits Draw, Gather, ScatterAdd {}
