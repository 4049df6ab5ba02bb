/** What {@code nnc inspect} prints for machines: the stages of a compilation as JSON. */
@NullMarked
package nnc.cli.inspect;

import org.jspecify.annotations.NullMarked;
