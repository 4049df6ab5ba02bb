/** .nn text in, Java source out. {@link nnc.compiler.Compiler} is the whole way on a page. */
@NullMarked
package nnc.compiler;

import org.jspecify.annotations.NullMarked;
