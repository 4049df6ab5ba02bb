/**
 * Training and evaluation. Enters: a compiled model and rows; leaves: trained parameters, checkpoints, and what they achieved,
 * epoch by epoch.
 */
@NullMarked
package nnc.cli.train;

import org.jspecify.annotations.NullMarked;
