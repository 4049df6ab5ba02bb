/**
 * The command line. Enters: arguments, .nn files, data, checkpoints; leaves: text, files and an exit code.
 *
 * <p>A command is a class: it reads its options, asks the compiler, the runtime and {@link nnc.cli.train} for what it needs,
 * and prints. Whatever goes wrong is thrown, and {@link nnc.cli.Failures} finds words for it.
 */
@NullMarked
package nnc.cli;

import org.jspecify.annotations.NullMarked;
