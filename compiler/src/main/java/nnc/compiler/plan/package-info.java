/**
 * All decisions about execution, and no text. Enters: an optimized graph; leaves: a {@link nnc.compiler.plan.Plan}: kernels in
 * their order, what each loads, computes and stores, and where every value lies in memory.
 */
@NullMarked
package nnc.compiler.plan;

import org.jspecify.annotations.NullMarked;
