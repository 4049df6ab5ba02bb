package nnc.cli.vectors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nnc.data.DataException;
import nnc.data.TextLines;

/**
 * A section of questions: a is to b as c is to the fourth word. The file has a question in each line, and lines {@code : NAME}
 * before sections, as that of Mikolov et al. (2013).
 */
public record AnalogyQuestions(String section, List<Question> questions) {
  /** A is to b as c is to d. */
  public record Question(String a, String b, String c, String d) {}

  /**
   * How many were answered.
   *
   * @param known of whose words there are vectors; the others are not asked
   * @param first where the fourth word is the nearest one
   * @param among where it is one of those that were looked at
   */
  public record Score(int questions, int known, int first, int among) {
    public static final Score NONE = new Score(0, 0, 0, 0);

    public Score plus(Score other) {
      return new Score(
          questions + other.questions,
          known + other.known,
          first + other.first,
          among + other.among);
    }
  }

  public AnalogyQuestions {
    questions = List.copyOf(questions);
  }

  /** @throws DataException if a line is of another form, or there is no question */
  public static List<AnalogyQuestions> read(Path file) {
    List<AnalogyQuestions> sections = new ArrayList<>();
    String section = "questions";
    List<Question> questions = new ArrayList<>();
    try (TextLines lines = new TextLines(file)) {
      while (lines.hasNext()) {
        String line = lines.next().strip();
        if (line.startsWith(":")) {
          add(sections, section, questions);
          section = line.substring(1).strip();
        } else if (!line.isEmpty()) {
          questions.add(question(lines, line.split("\\s+")));
        }
      }
    }
    add(sections, section, questions);
    if (sections.isEmpty()) {
      throw new DataException(file.toString(), "expected questions, found none", "check the file");
    }
    return sections;
  }

  private static Question question(TextLines lines, String[] words) {
    if (words.length != 4) {
      throw new DataException(
          lines.source(),
          lines.line(),
          "expected four words, found " + words.length,
          "a question is 'athens greece oslo norway', the head of a section ': capitals'");
    }
    return new Question(words[0], words[1], words[2], words[3]);
  }

  private static void add(
      List<AnalogyQuestions> sections, String section, List<Question> questions) {
    if (!questions.isEmpty()) {
      sections.add(new AnalogyQuestions(section, questions));
      questions.clear();
    }
  }

  /** @param most how many of the nearest words are looked at */
  public Score score(WordVectors vectors, int most) {
    return questions.stream()
        .map(question -> score(question, vectors, most))
        .reduce(Score.NONE, Score::plus);
  }

  private static Score score(Question asked, WordVectors vectors, int most) {
    if (!List.of(asked.a, asked.b, asked.c, asked.d).stream().allMatch(vectors::knows)) {
      return new Score(1, 0, 0, 0);
    }
    String expected = vectors.spelling(asked.d);
    List<String> answers =
        vectors.analogy(asked.a, asked.b, asked.c, most).stream()
            .map(WordVectors.Neighbour::word)
            .toList();
    return new Score(
        1, 1, answers.indexOf(expected) == 0 ? 1 : 0, answers.contains(expected) ? 1 : 0);
  }
}
