package nnc.compiler.ir;

/** An op that moves elements and computes nothing. */
public sealed interface ShapeOp extends Op
    permits Broadcast, Concat, Pad, Permute, Reshape, Reverse, Slice, Windows {}
