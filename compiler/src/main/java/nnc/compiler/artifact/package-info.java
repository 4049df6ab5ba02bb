/** From Java source to classes. Enters: generated sources; leaves: classes in memory, or a jar. */
@NullMarked
package nnc.compiler.artifact;

import org.jspecify.annotations.NullMarked;
