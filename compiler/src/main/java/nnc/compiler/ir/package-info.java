/**
 * The static computation graph. Enters: nothing but calls on {@link nnc.compiler.ir.GraphBuilder}; leaves: immutable
 * {@link nnc.compiler.ir.Graph}s that can be printed, verified, interpreted, differentiated and planned.
 */
@NullMarked
package nnc.compiler.ir;

import org.jspecify.annotations.NullMarked;
