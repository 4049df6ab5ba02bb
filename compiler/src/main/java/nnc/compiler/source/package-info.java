/**
 * Text and places. In goes the text of a .nn file; out come {@link nnc.compiler.source.Span}s that say where something
 * stands, and {@link nnc.compiler.source.Diagnostic}s that say what is wrong there, also as text for people
 * ({@link nnc.compiler.source.DiagnosticPrinter}).
 */
@NullMarked
package nnc.compiler.source;

import org.jspecify.annotations.NullMarked;
