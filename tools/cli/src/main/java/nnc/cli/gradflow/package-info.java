/**
 * Looks at how activations and gradients flow through a model. Enters: a model, its data, and after how many steps it is looked
 * at; leaves: norms of every layer, parameter and step of time, what is wrong with them, and the usual cures.
 */
@NullMarked
package nnc.cli.gradflow;

import org.jspecify.annotations.NullMarked;
