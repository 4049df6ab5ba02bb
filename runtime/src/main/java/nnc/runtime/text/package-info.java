/**
 * Vocabularies: which number stands for which symbol of a text. A trained model is of use with its vocabulary alone, so they
 * travel together.
 *
 * <p>Enters: texts. Leaves: ids, as inputs of a model read them, and the texts of ids. {@link nnc.runtime.text.Vocabulary} is
 * all that a user needs; what it holds depends on the texts it was learned from, and on nothing else.
 */
package nnc.runtime.text;
