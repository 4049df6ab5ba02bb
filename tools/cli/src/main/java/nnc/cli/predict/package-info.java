/**
 * Predictions row by row. Enters: rows as they arrive, of CSV, JSON objects or texts; leaves: a line of JSON for each.
 */
@NullMarked
package nnc.cli.predict;

import org.jspecify.annotations.NullMarked;
