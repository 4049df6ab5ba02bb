/**
 * Cases: tensors in a file that a model is run on, and the file of its results. Enters: a program and a safetensors file; leaves:
 * outputs, loss, gradients and the parameters after each step, by generated code or by the interpreter.
 */
@NullMarked
package nnc.cli.cases;

import org.jspecify.annotations.NullMarked;
