/**
 * Syntax. In goes the text of a .nn file ({@link nnc.compiler.source.Source}); out comes an {@link
 * nnc.compiler.syntax.Ast.File}, or every syntax error there is. ANTLR, and the grammar of module grammar,
 * are seen by this package only.
 */
@NullMarked
package nnc.compiler.syntax;

import org.jspecify.annotations.NullMarked;
