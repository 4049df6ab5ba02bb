/**
 * What {@code nnc diff} finds between two models. Enters: two compilations; leaves: their {@link
 * nnc.cli.diff.ModelDifference}, as text or JSON.
 */
@NullMarked
package nnc.cli.diff;

import org.jspecify.annotations.NullMarked;
