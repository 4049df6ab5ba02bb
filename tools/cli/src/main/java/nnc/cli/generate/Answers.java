package nnc.cli.generate;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.cli.data.Arrivals;
import nnc.cli.data.Line;
import nnc.cli.output.Json;
import nnc.cli.output.UnknownSymbols;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.data.DataException;
import nnc.runtime.Prompt;
import nnc.runtime.Sequence;
import nnc.runtime.TextException;
import nnc.runtime.TextGenerator;
import nnc.runtime.TextInput;
import tools.jackson.core.JsonGenerator;

/** Writes what a model generates for texts. */
public abstract class Answers {
  protected final TextGenerator texts;
  protected final boolean json;
  protected final PrintWriter out;
  protected final UnknownSymbols unknown;
  private final int count;

  /** @param count how many sequences for each text */
  Answers(TextGenerator texts, int count, boolean json, UnknownSymbols unknown, PrintWriter out) {
    this.texts = texts;
    this.unknown = unknown;
    this.count = count;
    this.json = json;
    this.out = out;
  }

  /** Answers of a model that goes on with a text. */
  public static Answers continuations(
      TextGenerator texts, int count, boolean json, UnknownSymbols unknown, PrintWriter out) {
    if (!texts.generator().others().isEmpty()) {
      throw new CompileException(
          Diagnostic.of(
                  "generate",
                  "the model goes on with no text alone: it needs '"
                      + String.join("', '", texts.generator().others())
                      + "', too")
              .help("use nnc translate"));
    }
    return new Continuations(texts, count, json, unknown, out);
  }

  /** Answers of a model that reads one text and writes another: one line for each. */
  public static Answers translations(
      TextGenerator texts, int count, boolean json, UnknownSymbols unknown, PrintWriter out) {
    requireSource(texts);
    return new Translations(texts, count, json, unknown, out);
  }

  static void requireSource(TextGenerator texts) {
    try {
      texts.sourceInput();
    } catch (IllegalArgumentException e) {
      throw new CompileException(
          Diagnostic.of("generate", String.valueOf(e.getMessage()))
              .help("train on pairs(…) of texts, or use nnc generate"));
    }
  }

  /** The prompt of a text; none where the answer is known without the model. */
  abstract Optional<Prompt> prompt(Line line);

  /** Writes the answer to a text. */
  abstract void write(String text, Optional<Prompt> prompt, List<Sequence> found);

  /**
   * Answers texts, in their order.
   *
   * @throws DataException if one is wrong; those before it have been answered
   */
  public void answer(List<Line> lines) {
    List<Optional<Prompt>> prompts = new ArrayList<>();
    Optional<DataException> wrong = Optional.empty();
    for (Line line : lines) {
      try {
        prompts.add(checked(line));
      } catch (DataException e) {
        wrong = Optional.of(e);
        break;
      }
    }
    List<List<Sequence>> found =
        texts.generator().generate(prompts.stream().flatMap(Optional::stream).toList(), count);
    int next = 0;
    for (int i = 0; i < prompts.size(); i++) {
      Optional<Prompt> prompt = prompts.get(i);
      write(lines.get(i).text(), prompt, prompt.isPresent() ? found.get(next++) : List.of());
    }
    out.flush();
    if (wrong.isPresent()) {
      throw wrong.get();
    }
  }

  private Optional<Prompt> checked(Line line) {
    try {
      return prompt(line);
    } catch (TextException e) {
      throw line.wrong(String.valueOf(e.getMessage()), e.help());
    }
  }

  /** Prints the answer to one text while it is generated. */
  public void grow(Line line) {
    checked(line).ifPresent(new GrowingText(texts, out)::print);
  }

  /** Answers texts as they arrive, together those that are there. */
  public void answer(Arrivals<Line> arrivals) throws InterruptedException {
    int most = texts.generator().session().model().signature().maximum();
    for (List<Line> taken = arrivals.take(most);
        !taken.isEmpty() && !out.checkError();
        taken = arrivals.take(most)) {
      answer(taken);
    }
  }

  static void writeSequence(JsonGenerator to, String text, Sequence sequence) {
    to.writeStringProperty("text", text);
    to.writeName("log_probability");
    Json.number(to, sequence.logProbability());
  }

  private static final class Continuations extends Answers {
    private boolean begun;

    Continuations(
        TextGenerator texts, int count, boolean json, UnknownSymbols unknown, PrintWriter out) {
      super(texts, count, json, unknown, out);
    }

    @Override
    Optional<Prompt> prompt(Line line) {
      unknown.add(texts.generator().generation().input(), texts.target().unknown(line.text()));
      return Optional.of(texts.prompt(line.text()));
    }

    /** Texts may hold line ends: an empty line stands between two of them. */
    @Override
    void write(String text, Optional<Prompt> prompt, List<Sequence> found) {
      for (Sequence sequence : found) {
        String whole = texts.text(prompt.orElseThrow(), sequence);
        if (json) {
          out.print(
              Json.object(to -> {
                to.writeStringProperty("prompt", text);
                writeSequence(to, whole, sequence);
              })
                  + "\n");
        } else {
          out.print((begun ? "\n" : "") + whole + "\n");
          begun = true;
        }
      }
    }
  }

  private static final class Translations extends Answers {
    private final TextInput source;

    Translations(
        TextGenerator texts, int count, boolean json, UnknownSymbols unknown, PrintWriter out) {
      super(texts, count, json, unknown, out);
      this.source = texts.sourceInput();
    }

    @Override
    Optional<Prompt> prompt(Line line) {
      if (line.text().isBlank()) {
        return Optional.empty();
      }
      if (line.text().indexOf('\t') >= 0) {
        throw line.wrong(
            "expected a text, found a tab: this is a pair",
            "give its first field alone: cut -f1 FILE | nnc translate …");
      }
      unknown.add(source.name(), source.vocabulary().unknown(line.text()));
      int[] ids = source.vocabulary().encode(line.text());
      if (line.isArgument() || source.knows(ids)) {
        return Optional.of(texts.source(line.text()));
      }
      // the lines behind it are to be answered, too, and each in its place
      unknown.addWhole(source.name(), line.place());
      return Optional.of(texts.source(ids));
    }

    @Override
    void write(String text, Optional<Prompt> prompt, List<Sequence> found) {
      Sequence best = found.isEmpty() ? new Sequence(new int[0], 0) : found.getFirst();
      if (!json) {
        out.print(texts.text(best).replaceAll("\\R", " ") + "\n");
        return;
      }
      out.print(
          Json.object(to -> {
            to.writeStringProperty("source", text);
            writeSequence(to, texts.text(best), best);
            if (found.size() > 1) {
              to.writeName("alternatives");
              to.writeStartArray();
              for (Sequence other : found.subList(1, found.size())) {
                to.writeStartObject();
                writeSequence(to, texts.text(other), other);
                to.writeEndObject();
              }
              to.writeEndArray();
            }
          })
              + "\n");
    }
  }
}
