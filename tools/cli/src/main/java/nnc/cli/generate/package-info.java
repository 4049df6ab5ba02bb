/**
 * Texts from trained models. Enters: prompts or texts to translate, as they arrive; leaves: a text or a line of JSON for each,
 * or how far they are from what was expected.
 */
@NullMarked
package nnc.cli.generate;

import org.jspecify.annotations.NullMarked;
