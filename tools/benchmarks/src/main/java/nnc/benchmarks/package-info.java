/** Measurements, run by hand: enters a compiled model or a product; leaves a table of times. */
@NullMarked
package nnc.benchmarks;

import org.jspecify.annotations.NullMarked;
