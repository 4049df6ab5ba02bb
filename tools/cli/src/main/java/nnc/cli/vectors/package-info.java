/**
 * Words by their vectors. Enters: a table of a checkpoint and the vocabulary that numbers its rows; leaves: which words are near,
 * and how often those were expected.
 */
@NullMarked
package nnc.cli.vectors;

import org.jspecify.annotations.NullMarked;
