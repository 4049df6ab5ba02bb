package nnc.compiler.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.Project;
import nnc.compiler.artifact.Classes;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.ir.Known;
import nnc.compiler.source.Source;
import nnc.runtime.CompiledModel;
import nnc.runtime.Session;
import nnc.runtime.Team;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any name is good for anything in a model: words of Java, names of its classes, names that generated code uses itself. */
class NamesTest {
  private static final List<String> WORDS =
      List.of(
          // words of Java
          "class",
          "int",
          "goto",
          "_",
          "new",
          "enum",
          "record",
          "var",
          "yield",
          "this",
          "null",
          // classes
          "String",
          "Math",
          "Float",
          "List",
          "FloatVector",
          "Vector",
          "Loops",
          "Session",
          // what generated code calls things
          "m",
          "p",
          "w",
          "r",
          "S",
          "B",
          "c1",
          "tail",
          "from",
          "rows",
          "loops",
          "session",
          "values",
          // what sessions and models can do
          "run",
          "step",
          "metric",
          "read",
          "k",
          "kernel",
          "getClass",
          "wait",
          "load",
          "SIGNATURE",
          // parts of the language and of its library
          "softmax",
          "Dense",
          "self",
          "W",
          "d_b",
          "loss2",
          // letters that no keyboard has, and very many of them
          "Ünïcode",
          "日本",
          "x".repeat(500),
          "A_",
          "a_",
          "__");

  private static final Map<String, CompiledModel> MODELS = new LinkedHashMap<>();

  /** A model in which every name is a word; which one, depends on its number, so that each word is each thing once. */
  private static String text(int number) {
    Map<String, String> names = new LinkedHashMap<>();
    List<String> roles =
        List.of(
            "MODEL",
            "DIM",
            "INPUT",
            "IDS",
            "PARAM",
            "BIAS",
            "VALUE",
            "INSTANCE",
            "LAYER",
            "ARGUMENT",
            "OUTPUT",
            "SHOWN",
            "METRIC");
    for (int i = 0; i < roles.size(); i++) {
      names.put(roles.get(i), WORDS.get((number + 7 * i) % WORDS.size()));
    }
    String text =
        """
        layer LAYER(units)(ARGUMENT: [..., inner]) {
          param PARAM: [inner, units] ~ normal(0, 0.3)
          param BIAS: [units] ~ ones
          tanh(ARGUMENT @ PARAM + BIAS) * 2
        }

        model MODEL {
          dim DIM = 5
          input INPUT: f32[DIM, 3]
          input IDS: i32[DIM]
          INSTANCE = LAYER(4)
          VALUE = INSTANCE(INPUT)
          output OUTPUT = argmax(VALUE)
          output SHOWN = sum(VALUE * VALUE over -1) / DIM
          loss = cross_entropy(VALUE, IDS)
          metric METRIC = mean(OUTPUT == IDS)
        }

        train MODEL {
          optimizer SGD(lr = 0.1)
        }
        """;
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replace(name.getKey(), name.getValue());
    }
    return text;
  }

  static Stream<String> words() {
    return WORDS.stream();
  }

  @BeforeAll
  static void compile() {
    List<JavaSource> sources = new ArrayList<>();
    Map<String, Compilation> compilations = new LinkedHashMap<>();
    for (int i = 0; i < WORDS.size(); i++) {
      Source source = new Source("names.nn", text(i));
      Compilation compilation =
          Compiler.compile(
              Project.of(source, Optional.empty()),
              new Compiler.Options(Map.of(), true, "names.model" + i));
      sources.addAll(compilation.java());
      compilations.put(WORDS.get(i), compilation);
    }
    Classes classes = InMemoryCompiler.compile(sources);
    compilations.forEach((word, compilation) ->
        MODELS.put(
            word,
            classes.load(compilation.packageName() + "." + compilation.java().getFirst().name())));
  }

  @ParameterizedTest
  @MethodSource("words")
  void aModelOfSuchANameTrains(String word) {
    CompiledModel model = Known.in(MODELS, word);
    assertThat(model.signature().model()).isEqualTo(word);
    model.initialise(1);
    float[] before = model.parameters().clone();
    try (Team team = Team.of(1);
        Session session = model.session(team)) {
      String inputs = model.signature().inputs().get(0).name();
      String ids = model.signature().inputs().get(1).name();
      session.feed(inputs, 1, 2, 3, 4, 5, 6);
      session.feed(ids, 0, 3);
      session.run();
      assertThat(session.step()).isTrue();
      assertThat(model.parameters()).isNotEqualTo(before);
    }
  }
}
