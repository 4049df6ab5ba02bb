package nnc.runtime;

import java.util.Arrays;
import java.util.Optional;
import nnc.runtime.text.Framing;
import nnc.runtime.text.Vocabulary;

/**
 * An input that holds a text: how its symbols become the row that is fed, as in training.
 *
 * @param name of the input
 * @param vocabulary numbers the symbols
 * @param framing what stands around them
 * @param places how many values a row has
 */
public record TextInput(String name, Vocabulary vocabulary, Framing framing, int places) {

  /** An input of a model; empty if it holds no text, or the model was read without its vocabulary. */
  public static Optional<TextInput> of(CompiledModel model, String name) {
    Signature signature = model.signature();
    return signature
        .text(name)
        .filter(text -> model.vocabularies().containsKey(text.field()))
        .map(text ->
            new TextInput(
                name,
                model.vocabularies().get(text.field()),
                text.framing(),
                signature.input(name).elements(1)));
  }

  /** How many symbols of a text fit. */
  public int room() {
    return framing.room(places);
  }

  /** Whether a text of these ids can be fed: it has symbols, and no more than fit. */
  public boolean fits(int[] ids) {
    return ids.length > 0 && ids.length <= room();
  }

  /** Whether one of the ids is that of a symbol; what was never seen says nothing. */
  public boolean knows(int[] ids) {
    return Arrays.stream(ids).anyMatch(id -> id != Vocabulary.UNKNOWN);
  }

  /**
   * The row of a text.
   *
   * @throws TextException if it is empty, does not fit, or has no symbol that is known
   */
  public float[] row(String text) {
    int[] ids = vocabulary.encode(text);
    float[] row = row(ids);
    if (!knows(ids)) {
      throw new TextException(
          "expected symbols that '" + name + "' knows, found none in " + Quoted.text(text),
          "write the text as the data has it, for instance with spaces between letters");
    }
    return row;
  }

  /**
   * The row of a text whose symbols were looked up, known or not.
   *
   * @throws TextException if it is empty, or does not fit
   */
  public float[] row(int[] ids) {
    if (!fits(ids)) {
      throw new TextException(
          "expected 1 to " + room() + " symbols for '" + name + "', found " + ids.length,
          ids.length == 0
              ? "give a text that has some"
              : "give a shorter text, or train with a longer input: --set");
    }
    float[] row = new float[places];
    framing.write(ids, 0, ids.length, row);
    return row;
  }
}
