package nnc.compiler.model;

import nnc.compiler.ir.Node;
import nnc.compiler.ir.Shape;

/** A block written for one of several equal parts: for one head of several, for one turn of a repeat. */
interface PerPart extends Block {
  /** The shape of a tensor that every part has of its own: the parts are its first axis. */
  Shape shape(Shape one);

  /** What stands for the part's own in such a tensor. */
  Node slot(Node all);
}
