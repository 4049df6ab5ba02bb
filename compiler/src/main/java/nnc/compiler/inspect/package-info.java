/**
 * Answers to questions about a compiled model: which part of it a layer or a parameter's gradient is, what it costs, where
 * memory peaks, why something was not fused. Enters: the values of the stages; leaves: values and texts for people to read.
 */
@NullMarked
package nnc.compiler.inspect;

import org.jspecify.annotations.NullMarked;
