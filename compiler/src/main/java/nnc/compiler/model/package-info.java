/**
 * From syntax to a model whose shapes are all known. Enters: {@link nnc.compiler.syntax.Ast} files; leaves: a {@link
 * nnc.compiler.model.TypedModel}, whose values are nodes of a graph. Every name, dim, axis and path is resolved here, and
 * every error of the author is found here.
 */
@NullMarked
package nnc.compiler.model;

import org.jspecify.annotations.NullMarked;
