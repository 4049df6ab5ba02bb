/**
 * Java source from a plan: JavaPoet, and only here. It decides nothing: what is computed, when, and where it lies has been
 * decided by the planner. Enters: a typed model and its plan; leaves: {@link nnc.compiler.emit.JavaSource}s.
 */
@NullMarked
package nnc.compiler.emit;

import org.jspecify.annotations.NullMarked;
