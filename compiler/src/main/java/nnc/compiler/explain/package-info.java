/**
 * The gradient of a model as a derivation in mathematical notation. A graph with gradients enters, before any pass; lines of
 * formulas leave, as text, LaTeX or Markdown; and for each kernel of a plan the lines that it computes, or formulas like them.
 */
@NullMarked
package nnc.compiler.explain;

import org.jspecify.annotations.NullMarked;
