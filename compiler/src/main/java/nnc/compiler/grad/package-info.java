/** Differentiation. Enters: a scalar of a graph; leaves: nodes of the same builder, its gradients. */
@NullMarked
package nnc.compiler.grad;

import org.jspecify.annotations.NullMarked;
