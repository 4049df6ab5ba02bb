/** Simplification. Enters: a graph; leaves: a graph of the same roots with the same values and less work. */
@NullMarked
package nnc.compiler.pass;

import org.jspecify.annotations.NullMarked;
