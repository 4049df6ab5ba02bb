/**
 * From files to what a model is fed. Enters: what a train block says of its data; leaves: rows in memory, prepared and checked,
 * and batches of them.
 */
@NullMarked
package nnc.cli.data;

import org.jspecify.annotations.NullMarked;
