package nnc.runtime;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import nnc.runtime.text.Vocabulary;

/**
 * A {@link Generator} of texts: with the vocabularies that a model was trained with it turns texts to ids and back. It belongs to
 * one thread at a time, and closes its session.
 */
public final class TextGenerator implements AutoCloseable {
  private final Generator generator;
  private final Signature signature;
  private final Vocabulary target;

  /** @throws IllegalStateException if the model has no generate block, or no vocabulary for what it generates */
  public TextGenerator(Session session) {
    this.generator = new Generator(session);
    this.signature = session.model().signature();
    String input = generator.generation().input();
    this.target =
        TextInput.of(session.model(), input)
            .map(TextInput::vocabulary)
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

  /** The text for a text, as the model was trained to give it; an empty one for a blank one. */
  public String translate(String text) {
    return translate(List.of(text)).getFirst();
  }

  /** The text for each text; an empty one for a blank one. */
  public List<String> translate(List<String> texts) {
    List<Prompt> prompts =
        texts.stream().filter(text -> !text.isBlank()).map(this::source).toList();
    Iterator<Sequence> found = generator.generate(prompts).iterator();
    return texts.stream().map(text -> text.isBlank() ? "" : text(found.next())).toList();
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
   * @throws IllegalArgumentException if it reads none or several
   * @throws TextException if the text is empty, does not fit, or has no symbol that is known
   */
  public Prompt source(String text) {
    return source(sourceInput().row(text));
  }

  /**
   * The same, of a text whose symbols were looked up, known or not.
   *
   * @throws IllegalArgumentException if the model reads no other input, or several
   * @throws TextException if the text is empty, or does not fit
   */
  public Prompt source(int[] ids) {
    return source(sourceInput().row(ids));
  }

  private Prompt source(float[] row) {
    Prompt prompt = new Prompt(new int[0], Map.of(sourceInput().name(), row));
    generator.require(prompt);
    return prompt;
  }

  /** The one input that holds the text which is translated. */
  public TextInput sourceInput() {
    List<String> others = generator.others();
    Optional<TextInput> only =
        others.size() == 1
            ? TextInput.of(generator.session().model(), others.getFirst())
            : Optional.empty();
    return only.orElseThrow(() ->
        new IllegalArgumentException(
            "the model "
                + signature.model()
                + " translates no text: beside '"
                + generator.generation().input()
                + "' it reads "
                + (others.isEmpty() ? "nothing" : Quoted.list(others))));
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
