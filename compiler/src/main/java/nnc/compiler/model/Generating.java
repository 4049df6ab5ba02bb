package nnc.compiler.model;

import nnc.compiler.ir.Node;
import nnc.compiler.source.Span;
import nnc.runtime.Generation;

/**
 * What a generate block says, resolved.
 *
 * @param scores what the next symbol is chosen by: the node of a value [B, T, V] or [B, V]
 */
public record Generating(Generation settings, Node scores, Span span) {}
