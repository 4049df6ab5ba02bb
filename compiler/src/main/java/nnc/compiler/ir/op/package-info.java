/** The elementwise ops, a file each: gradient rule and formula. This kind is open. */
@NullMarked
package nnc.compiler.ir.op;

import org.jspecify.annotations.NullMarked;
