/**
 * From files to what a model is fed. Enters: what a train block says of its data; leaves: rows, prepared and checked, in memory or
 * in a file that is mapped, and batches of them.
 */
@NullMarked
package nnc.cli.data;

import org.jspecify.annotations.NullMarked;
