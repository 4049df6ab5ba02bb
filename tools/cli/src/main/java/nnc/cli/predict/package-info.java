/** Predictions row by row. Enters: rows of CSV, as they arrive; leaves: a line of JSON for each. */
@NullMarked
package nnc.cli.predict;

import org.jspecify.annotations.NullMarked;
