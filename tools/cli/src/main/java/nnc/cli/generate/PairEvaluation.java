package nnc.cli.generate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import nnc.cli.data.FieldLines;
import nnc.compiler.model.Training;
import nnc.data.DataException;
import nnc.runtime.Prompt;
import nnc.runtime.Sequence;
import nnc.runtime.Signature;
import nnc.runtime.TextGenerator;
import nnc.runtime.TextInput;
import nnc.runtime.text.Vocabulary;

/** Compares what a model generates for the first texts of pairs with the second ones. */
public final class PairEvaluation {
  private static final int TOGETHER =
      4; // batches: where a sequence has ended, another takes its place

  private final TextGenerator texts;
  private final int sourceField;
  private final int targetField;
  private final TextInput source;
  private final TextInput target;
  private final Bleu bleu = new Bleu();
  private long rows;
  private long wrongRows;
  private long errors;
  private long tokens;

  /** @throws nnc.compiler.source.CompileException if the model translates no texts */
  public PairEvaluation(TextGenerator texts, Training.Data data) {
    Answers.requireSource(texts);
    Signature signature = texts.generator().session().model().signature();
    List<String> fields = List.copyOf(data.fields().keySet());
    String input = texts.generator().generation().input();
    this.texts = texts;
    this.source = texts.sourceInput();
    this.target = TextInput.of(texts.generator().session().model(), input).orElseThrow();
    this.sourceField = fields.indexOf(signature.text(source.name()).orElseThrow().field());
    this.targetField = fields.indexOf(signature.text(input).orElseThrow().field());
  }

  /**
   * The results over all pairs of a file that fit into the inputs, by name: {@code token_error_rate}, {@code
   * sequence_error_rate}, {@code bleu}.
   *
   * @param progress hears now and then how many pairs have been compared
   */
  public Map<String, Double> of(Path file, LongConsumer progress) {
    int most = TOGETHER * texts.generator().session().model().signature().maximum();
    List<Prompt> prompts = new ArrayList<>();
    List<String> references = new ArrayList<>();
    try (FieldLines lines = new FieldLines(file, false)) {
      for (Optional<List<String>> line = lines.next(); line.isPresent(); line = lines.next()) {
        int[] ids = source.vocabulary().encode(line.get().get(sourceField));
        String reference = line.get().get(targetField);
        if (source.fits(ids) && target.fits(target.vocabulary().encode(reference))) {
          prompts.add(texts.source(ids));
          references.add(reference);
        }
        if (prompts.size() == most) {
          compare(prompts, references);
          progress.accept(rows);
        }
      }
    }
    compare(prompts, references);
    if (rows == 0) {
      throw new DataException(
          file.toString(),
          "expected pairs that fit into the inputs, found none",
          "give the pairs that the model was made for");
    }
    Map<String, Double> results = new LinkedHashMap<>();
    results.put("token_error_rate", (double) errors / Math.max(1, tokens));
    results.put("sequence_error_rate", (double) wrongRows / rows);
    results.put("bleu", bleu.value());
    return results;
  }

  /** How many pairs were compared. */
  public long rows() {
    return rows;
  }

  private void compare(List<Prompt> prompts, List<String> references) {
    List<Sequence> generated = texts.generator().generate(prompts);
    for (int i = 0; i < references.size(); i++) {
      count(tokens(generated.get(i).symbols()), reference(references.get(i)));
    }
    prompts.clear();
    references.clear();
  }

  private void count(List<String> generated, List<String> reference) {
    int distance = EditDistance.between(generated, reference);
    rows++;
    wrongRows += distance > 0 ? 1 : 0;
    errors += distance;
    tokens += reference.size();
    bleu.add(generated, reference);
  }

  /** The symbols of the vocabulary; of byte pairs, which are parts of words, words. */
  private List<String> tokens(int[] ids) {
    return texts.target().isBytePairs()
        ? words(texts.target().decode(ids))
        : Arrays.stream(ids).mapToObj(texts.target()::token).toList();
  }

  /** What the vocabulary does not have is never right. */
  private List<String> reference(String text) {
    return texts.target().isBytePairs()
        ? words(text)
        : Arrays.stream(texts.target().encode(text))
            .mapToObj(id -> id == Vocabulary.UNKNOWN ? "" : texts.target().token(id))
            .toList();
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }
}
