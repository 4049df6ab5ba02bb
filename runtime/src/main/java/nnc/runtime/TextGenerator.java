package nnc.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nnc.runtime.text.Vocabulary;

/**
 * A {@link Generator} of texts: with the vocabularies that a model was trained with it turns texts to ids and back. It belongs to
 * one thread at a time, and closes its session.
 */
public final class TextGenerator implements AutoCloseable {
  private final Generator generator;
  private final Signature signature;
  private final Map<String, Vocabulary> vocabularies;
  private final Vocabulary target;

  /** @throws IllegalStateException if the model has no generate block, or no vocabulary for what it generates */
  public TextGenerator(Session session) {
    this.generator = new Generator(session);
    this.signature = session.model().signature();
    this.vocabularies = session.model().vocabularies();
    String input = generator.generation().input();
    this.target =
        signature
            .text(input)
            .map(text -> vocabularies.get(text.field()))
            .orElseThrow(() ->
                new IllegalStateException(
                    "the model "
                        + signature.model()
                        + " was read without a vocabulary for '"
                        + input
                        + "'"));
    generator.only(target.size());
  }

  /** What generates the ids: to choose another search, limit or seed. */
  public Generator generator() {
    return generator;
  }

  /** The vocabulary of what is generated. */
  public Vocabulary target() {
    return target;
  }

  /** Goes on with a text, which comes first in the result. */
  public String generate(String text) {
    Prompt prompt = prompt(text);
    return text(prompt, generator.generate(prompt));
  }

  /** The text for a text, as the model was trained to give it. */
  public String translate(String text) {
    return translate(List.of(text)).getFirst();
  }

  /** The text for each text. */
  public List<String> translate(List<String> texts) {
    return generator.generate(texts.stream().map(this::source).toList()).stream()
        .map(this::text)
        .toList();
  }

  /**
   * A prompt of the symbols of a text.
   *
   * @throws IllegalArgumentException if the model takes more than a prompt, or not this one
   */
  public Prompt prompt(String text) {
    if (!generator.others().isEmpty()) {
      throw new IllegalArgumentException(
          "the model "
              + signature.model()
              + " does not go on with a text alone: it needs "
              + Quoted.list(generator.others()));
    }
    Prompt prompt = new Prompt(target.encode(text));
    generator.require(prompt);
    return prompt;
  }

  /**
   * An empty prompt, with a text as the one other input that the model reads.
   *
   * @throws IllegalArgumentException if it reads none or several, or the text is empty or does not fit
   */
  public Prompt source(String text) {
    String input = sourceInput();
    Signature.Text source = signature.text(input).orElseThrow();
    int[] ids = vocabulary(source).encode(text);
    int places = signature.input(input).elements(1);
    int room = source.framing().room(places);
    if (ids.length == 0 || ids.length > room) {
      throw new IllegalArgumentException(
          "the input '"
              + input
              + "' takes a text of 1 to "
              + room
              + " symbols, was given "
              + ids.length);
    }
    if (Arrays.stream(ids).allMatch(id -> id == Vocabulary.UNKNOWN)) {
      throw new IllegalArgumentException(
          "the input '"
              + input
              + "' knows none of the symbols of "
              + Quoted.text(text)
              + ": write it as the data has it, for instance with spaces between letters");
    }
    float[] row = new float[places];
    source.framing().write(ids, 0, ids.length, row);
    Prompt prompt = new Prompt(new int[0], Map.of(input, row));
    generator.require(prompt);
    return prompt;
  }

  /** The one input that holds the text which is translated. */
  public String sourceInput() {
    List<String> others = generator.others();
    if (others.size() != 1 || signature.text(others.getFirst()).filter(this::isKnown).isEmpty()) {
      throw new IllegalArgumentException(
          "the model "
              + signature.model()
              + " translates no text: beside '"
              + generator.generation().input()
              + "' it reads "
              + (others.isEmpty() ? "nothing" : Quoted.list(others)));
    }
    return others.getFirst();
  }

  private boolean isKnown(Signature.Text text) {
    return vocabularies.containsKey(text.field());
  }

  private Vocabulary vocabulary(Signature.Text text) {
    Vocabulary vocabulary = vocabularies.get(text.field());
    if (vocabulary == null) {
      throw new IllegalStateException("no vocabulary of " + text.field());
    }
    return vocabulary;
  }

  /** The text of a sequence. */
  public String text(Sequence sequence) {
    return target.decode(sequence.symbols());
  }

  /** The text of a prompt and of what follows it. */
  public String text(Prompt prompt, Sequence sequence) {
    return target.decode(
        IntStream.concat(Arrays.stream(prompt.symbols()), Arrays.stream(sequence.symbols()))
            .toArray());
  }

  @Override
  public void close() {
    generator.close();
  }
}
