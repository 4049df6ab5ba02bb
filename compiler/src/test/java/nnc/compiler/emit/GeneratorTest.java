package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.Generator;
import nnc.runtime.Prompt;
import nnc.runtime.Search;
import nnc.runtime.Sequence;
import nnc.runtime.Session;
import nnc.runtime.Team;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generation by models so small that all sequences can be looked at: what is found is compared with that, and the model's scores
 * are read from a session of one row, a sequence at a time.
 */
class GeneratorTest {
  private static final int PLACES = 4;
  private static final int SYMBOLS = 5;
  private static final int START = 1;
  private static final int STOP = 2;

  /** Symbols 2, which ends a sequence, 3 and 4 can be chosen. */
  private static final String STARTED =
      """
      model M {
        dim B = 8
        dim T = 4
        input text: i32[B, T]
        param E: [5, 6] ~ normal(0, 1)
        param W: [6, 5] ~ normal(0, 1.5)
        logits = (E[text] |> GRU(6)) @ W
      }
      generate M { feed text from logits; start 1; stop 2 }
      """;

  private static final String SLIDING = STARTED.replace("start 1; stop 2", "limit 9; never none");

  private static final String WINDOW =
      """
      model M {
        dim B = 8
        dim T = 4
        input text: i32[B, T]
        param E: [5, 6] ~ normal(0, 1)
        param W: [24, 5] ~ normal(0, 1)
        logits = reshape(E[text], (B, 24)) @ W
      }
      generate M { feed text from logits; limit 9; never none }
      """;

  private static final String TRANSLATOR =
      """
      model M {
        dim B = 8
        dim T = 4
        input image: f32[B, 3]
        input text: i32[B, T]
        input next: i32[B, T]
        param E: [5, 6] ~ normal(0, 1)
        param V: [3, 6] ~ normal(0, 2)
        param W: [6, 5] ~ normal(0, 1.5)
        logits = (E[text] + reshape(image @ V, (B, 1, 6)) |> GRU(6)) @ W
        loss = cross_entropy(logits, next)
      }
      generate M { feed text from logits; start 1; stop 2 }
      """;

  private static CompiledModel model(String text, int batch) {
    return Compiler.compile(
            Project.of(new Source("m.nn", text), Optional.empty()),
            new Compiler.Options(Map.of("B", batch), true, "nn.generator"))
        .load();
  }

  private static CompiledModel model(String text) {
    CompiledModel model = model(text, 8);
    model.initialise(3);
    return model;
  }

  // ------------------------------------------------------------ what the model says, one sequence
  // at a time

  /** Log-probabilities of the symbol after a sequence that fits into the input. */
  private static double[] after(CompiledModel model, List<Integer> sequence, int... never) {
    try (Session session = model.session()) {
      int[] row = new int[PLACES];
      int count = Math.min(PLACES, sequence.size());
      boolean window = model.signature().value("scores").axes().length == 2;
      for (int i = 0; i < count; i++) {
        row[window ? PLACES - count + i : i] = sequence.get(sequence.size() - count + i);
      }
      session.feed("text", row);
      session.run();
      float[] scores = session.read("scores");
      double[] logs = new double[SYMBOLS];
      double sum = 0;
      for (int symbol = 0; symbol < SYMBOLS; symbol++) {
        int chosen = symbol;
        boolean possible = Arrays.stream(never).noneMatch(other -> other == chosen);
        double score = scores[(window ? 0 : (count - 1) * SYMBOLS) + symbol];
        logs[symbol] = possible ? score : Double.NEGATIVE_INFINITY;
        sum += Math.exp(logs[symbol]);
      }
      for (int symbol = 0; symbol < SYMBOLS; symbol++) {
        logs[symbol] -= Math.log(sum);
      }
      return logs;
    }
  }

  private record Whole(List<Integer> symbols, double log, int length) {
    double normalised(double alpha) {
      return log / Math.pow((5 + length) / 6.0, alpha);
    }
  }

  private static void all(CompiledModel model, Whole begun, Consumer<Whole> found) {
    if (begun.symbols().size() == PLACES) {
      found.accept(begun);
      return;
    }
    List<Integer> sequence = new ArrayList<>(List.of(START));
    sequence.addAll(begun.symbols());
    double[] logs = after(model, sequence, 0, START);
    for (int symbol = STOP; symbol < SYMBOLS; symbol++) {
      double log = begun.log() + logs[symbol];
      if (symbol == STOP) {
        found.accept(new Whole(begun.symbols(), log, begun.length() + 1));
      } else {
        List<Integer> longer = new ArrayList<>(begun.symbols());
        longer.add(symbol);
        all(model, new Whole(longer, log, begun.length() + 1), found);
      }
    }
  }

  private static List<Integer> list(int[] symbols) {
    return Arrays.stream(symbols).boxed().toList();
  }

  // ------------------------------------------------------------ searches

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 2", "0.6, 3", "1, 4", "2.5, 5"})
  void aBeamThatIsWideEnoughFindsTheBestOfAllSequences(double alpha, long seed) {
    CompiledModel model = model(STARTED);
    model.initialise(seed);
    List<Whole> whole = new ArrayList<>();
    all(model, new Whole(List.of(), 0, 0), whole::add);
    whole.sort(Comparator.comparingDouble((Whole each) -> each.normalised(alpha)).reversed());
    try (Generator generator = new Generator(model.session())) {
      List<Sequence> found =
          generator
              .search(new Search.Beam(125, alpha))
              .generate(List.of(new Prompt()), 6)
              .getFirst();
      for (int i = 0; i < 6; i++) {
        assertThat(list(found.get(i).symbols()))
            .as("place %d", i)
            .isEqualTo(whole.get(i).symbols());
        assertThat(found.get(i).logProbability()).isCloseTo(whole.get(i).log(), within(1e-4));
      }
    }
  }

  /** The best of the whole is not always found, but never is anything better than it, and no score is wrong. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aNarrowBeamFindsSequencesWithTheirProbabilities(int width) {
    CompiledModel model = model(STARTED);
    List<Whole> whole = new ArrayList<>();
    all(model, new Whole(List.of(), 0, 0), whole::add);
    try (Generator generator = new Generator(model.session())) {
      List<Sequence> found =
          generator
              .search(new Search.Beam(width, 0))
              .generate(List.of(new Prompt()), width)
              .getFirst();
      assertThat(found).hasSize(width);
      for (Sequence sequence : found) {
        assertThat(whole)
            .anySatisfy(each -> {
              assertThat(each.symbols()).isEqualTo(list(sequence.symbols()));
              assertThat(each.log()).isCloseTo(sequence.logProbability(), within(1e-4));
            });
      }
    }
  }

  @Test
  void greedyTakesTheMostProbableSymbolAtEachStep() {
    CompiledModel model = model(SLIDING);
    follows(model, logs -> largest(logs));
  }

  @Test
  void aWindowHoldsTheLastSymbols() {
    follows(model(WINDOW), logs -> largest(logs));
  }

  /** Nine symbols after a prompt of two, where four can be looked at. */
  private static void follows(CompiledModel model, Function<double[], Integer> choice) {
    List<Integer> sequence = new ArrayList<>(List.of(3, 4));
    double log = 0;
    for (int i = 0; i < 9; i++) {
      double[] logs = after(model, sequence);
      int symbol = choice.apply(logs);
      log += logs[symbol];
      sequence.add(symbol);
    }
    List<Integer> heard = new ArrayList<>();
    try (Generator generator = new Generator(model.session())) {
      Sequence found = generator.generate(new Prompt(3, 4), heard::add);
      assertThat(list(found.symbols())).isEqualTo(sequence.subList(2, 11)).isEqualTo(heard);
      assertThat(found.logProbability()).isCloseTo(log, within(1e-4));
    }
  }

  private static int largest(double[] logs) {
    int largest = 0;
    for (int i = 1; i < logs.length; i++) {
      largest = logs[i] > logs[largest] ? i : largest;
    }
    return largest;
  }

  // ------------------------------------------------------------ samples

  /** Chi square of 6,000 samples of one symbol; of four degrees of freedom, 23.5 is passed once in 10,000 times. */
  @ParameterizedTest
  @CsvSource({"1, 0, 1", "0.6, 0, 1", "2, 0, 1", "1, 2, 1", "1, 3, 1", "1, 0, 0.5", "1.5, 4, 0.8"})
  void samplesHaveTheirProbabilities(double temperature, int topK, double topP) {
    CompiledModel model = model(SLIDING);
    double[] logs = after(model, List.of(3, 4));
    double[] expected = truncated(logs, temperature, topK, topP);
    int samples = 6_000;
    int[] counts = new int[SYMBOLS];
    try (Generator generator = new Generator(model.session())) {
      generator
          .limit(1)
          .seed(11)
          .search(new Search.Sample(temperature, topK, topP))
          .generate(List.of(new Prompt(3, 4)), samples)
          .getFirst()
          .forEach(sample -> counts[sample.symbols()[0]]++);
    }
    double chiSquare = 0;
    for (int symbol = 0; symbol < SYMBOLS; symbol++) {
      double mean = samples * expected[symbol];
      if (mean == 0) {
        assertThat(counts[symbol]).as("symbol %d is cut off", symbol).isZero();
      } else {
        chiSquare += (counts[symbol] - mean) * (counts[symbol] - mean) / mean;
      }
    }
    assertThat(chiSquare).as(Arrays.toString(counts)).isLessThan(23.5);
  }

  private static double[] truncated(double[] logs, double temperature, int topK, double topP) {
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
    order.sort(Comparator.comparingDouble((Integer symbol) -> logs[symbol]).reversed());
    double[] weights = Arrays.stream(logs).map(log -> Math.exp(log / temperature)).toArray();
    List<Integer> kept = order.subList(0, topK == 0 ? SYMBOLS : topK);
    double sum = kept.stream().mapToDouble(symbol -> weights[symbol]).sum();
    double[] result = new double[SYMBOLS];
    double share = 0;
    for (int symbol : kept) {
      if (share < topP) {
        result[symbol] = weights[symbol];
      }
      share += weights[symbol] / sum;
    }
    double left = Arrays.stream(result).sum();
    return Arrays.stream(result).map(weight -> weight / left).toArray();
  }

  @Test
  void aSeedGivesItsSamplesAndNoOthers() {
    CompiledModel model = model(STARTED);
    Function<Long, List<List<Integer>>> samples =
        seed -> {
          try (Generator generator = new Generator(model.session())) {
            return generator
                .seed(seed)
                .search(new Search.Sample(1.5, 0, 1))
                .generate(List.of(new Prompt(), new Prompt()), 10)
                .stream()
                .flatMap(List::stream)
                .map(sequence -> list(sequence.symbols()))
                .toList();
          }
        };
    assertThat(samples.apply(1L)).isEqualTo(samples.apply(1L)).isNotEqualTo(samples.apply(2L));
    assertThat(samples.apply(1L).subList(0, 10)).isNotEqualTo(samples.apply(1L).subList(10, 20));
  }

  // ------------------------------------------------------------ batches

  @ParameterizedTest
  @ValueSource(strings = {"greedy", "sample", "beam"})
  void neitherTheBatchNorThreadsChangeWhatIsGenerated(String kind) {
    Search search =
        switch (kind) {
          case "sample" -> new Search.Sample(1.2, 4, 0.95);
          case "beam" -> new Search.Beam(3, 0.6);
          default -> new Search.Greedy();
        };
    int count = kind.equals("greedy") ? 1 : 2;
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      prompts.add(new Prompt(i % 2 == 0 ? new int[] {3, 4, 3} : new int[] {i % 5}));
    }
    Map<String, List<String>> results = new LinkedHashMap<>();
    for (int batch : List.of(1, 2, 5, 64)) {
      CompiledModel model = model(STARTED, batch);
      model.initialise(8);
      for (int threads : List.of(1, 2)) {
        try (Team team = Team.of(threads);
            Generator generator = new Generator(model.session(team))) {
          results.put(
              batch + " rows, " + threads + " threads",
              generator.search(search).generate(prompts, count).stream()
                  .flatMap(List::stream)
                  .map(each -> list(each.symbols()) + " " + each.logProbability())
                  .toList());
        }
      }
    }
    assertThat(results.values()).containsOnly(results.get("1 rows, 1 threads"));
  }

  @Test
  void rowsThatHaveEndedLeaveTheBatch() {
    CompiledModel model = model(STARTED.replace("stop 2", "never 0"));
    try (Session session = model.session();
        Generator generator = new Generator(session)) {
      List<Sequence> found =
          generator.generate(List.of(new Prompt(3, 4, 3), new Prompt(3), new Prompt(4, 4, 4)));
      assertThat(found).extracting(each -> each.symbols().length).containsExactly(1, 3, 1);
      assertThat(session.rows()).as("in the last step").isEqualTo(1);
    }
  }

  @Test
  void otherInputsBelongToTheirPrompts() {
    CompiledModel model = model(TRANSLATOR);
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      float[] image = {i % 3 - 1, i % 4 - 2, i % 5 - 2};
      prompts.add(new Prompt(new int[0], Map.of("image", image)));
    }
    try (Generator generator = new Generator(model.session())) {
      generator.search(new Search.Beam(2, 0.6));
      List<List<Integer>> together =
          generator.generate(prompts).stream().map(each -> list(each.symbols())).toList();
      assertThat(together.stream().distinct().count()).as("what is seen matters").isGreaterThan(2);
      for (int i = 0; i < prompts.size(); i++) {
        assertThat(list(generator.generate(prompts.get(i)).symbols())).isEqualTo(together.get(i));
      }
    }
  }

  // ------------------------------------------------------------ limits

  @Test
  void whatIsNeverToBeChosenIsNot() {
    CompiledModel model = model(SLIDING.replace("never none", "never 0, 3, 4"));
    try (Generator generator = new Generator(model.session())) {
      generator.search(new Search.Sample(5, 0, 1));
      generator
          .generate(List.of(new Prompt(3)), 50)
          .getFirst()
          .forEach(each ->
              assertThat(each.symbols()).hasSize(9).containsAnyOf(1, 2).doesNotContain(0, 3, 4));
    }
  }

  @Test
  void whatCannotBeGeneratedIsRefused() {
    CompiledModel started = model(STARTED);
    try (Generator generator = new Generator(started.session())) {
      assertThatThrownBy(() -> generator.generate(new Prompt(3, 3, 3, 3)))
          .hasMessage(
              "the input 'text' takes a prompt of at most 3 symbols behind the start symbol, was given 4");
      assertThatThrownBy(() -> generator.generate(List.of(new Prompt()), 2))
          .hasMessage("this search finds 1 sequence for a prompt, asked for 2");
      assertThatThrownBy(() -> generator.generate(new Prompt(7)))
          .hasMessageContaining("holds 7, expected a whole number from 0 to 4");
    }
    try (Generator generator = new Generator(model(SLIDING).session())) {
      assertThatThrownBy(() -> generator.generate(new Prompt()))
          .hasMessage(
              "the model M has no start symbol: a prompt of at least one symbol was expected, found none");
    }
    try (Generator generator = new Generator(model(TRANSLATOR).session())) {
      assertThatThrownBy(() -> generator.generate(new Prompt()))
          .hasMessage("the prompt takes 3 values of the input 'image', was given none");
    }
    CompiledModel silent = model(STARTED.substring(0, STARTED.indexOf("generate")));
    assertThatThrownBy(() -> new Generator(silent.session()))
        .hasMessage("the model M has no generate block");
  }
}
