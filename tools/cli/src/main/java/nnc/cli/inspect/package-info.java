/** What {@code nnc inspect} prints: the stages of a compilation, for people, as JSON, and for Graphviz. */
@NullMarked
package nnc.cli.inspect;

import org.jspecify.annotations.NullMarked;
