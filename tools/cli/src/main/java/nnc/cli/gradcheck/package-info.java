/** Checks gradients. Enters: a compilation; leaves: for each parameter how far three ways to its gradient lie apart. */
@NullMarked
package nnc.cli.gradcheck;

import org.jspecify.annotations.NullMarked;
