/** The gradient of a model as a derivation in mathematical notation. */
@NullMarked
package nnc.compiler.explain;

import org.jspecify.annotations.NullMarked;
