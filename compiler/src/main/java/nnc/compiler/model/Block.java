package nnc.compiler.model;

import nnc.compiler.source.Span;

/** A block whose statements stand for several steps, turns or heads: what they compute is not known outside of it. */
interface Block {
  /** Where it says how many. */
  Span heading();
}
