/** What a training writes while it goes on. Enters: what each epoch came to; leaves: logs, tables, curves. */
@NullMarked
package nnc.cli.metrics;

import org.jspecify.annotations.NullMarked;
