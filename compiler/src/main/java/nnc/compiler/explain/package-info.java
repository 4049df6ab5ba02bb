/**
 * The gradient of a model as a derivation in mathematical notation. A graph with gradients enters, before any pass; lines of
 * formulas leave, as text, LaTeX or Markdown.
 */
@NullMarked
package nnc.compiler.explain;

import org.jspecify.annotations.NullMarked;
