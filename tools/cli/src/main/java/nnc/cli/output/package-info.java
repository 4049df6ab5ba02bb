/** Files and lines as they leave: whole or not at all, and JSON on one line. */
@NullMarked
package nnc.cli.output;

import org.jspecify.annotations.NullMarked;
