package nnc.compiler.grad;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import nnc.compiler.ir.ArgMax;
import nnc.compiler.ir.Draw;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Leaf;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Op;
import nnc.compiler.ir.Structured;
import nnc.compiler.ir.op.Add;
import nnc.compiler.ir.op.And;
import nnc.compiler.ir.op.Compare;
import nnc.compiler.ir.op.Floor;
import nnc.compiler.ir.op.Not;
import nnc.compiler.ir.op.Number;
import nnc.compiler.ir.op.Or;
import nnc.compiler.ir.op.Round;
import nnc.compiler.ir.op.Sign;
import nnc.compiler.ir.op.StopGradient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every op's gradient rule against finite differences, and the proof that these would find an error in it. */
class GradientRulesTest {
  private static final int TRIALS = 8;
  private static final int TRIALS_OF_SECOND_ORDER = 4;

  /** Results that are flat wherever they are smooth; finite differences agree that no gradient flows. */
  private static final Set<Class<? extends Op>> FLAT =
      Set.of(
          Draw.class,
          Floor.class,
          Round.class,
          Sign.class,
          Compare.class,
          And.class,
          Or.class,
          Not.class,
          Number.class,
          ArgMax.class);

  static final List<OpCase> OPS = OpCase.ALL;

  @ParameterizedTest
  @FieldSource("OPS")
  void agreesWithFiniteDifferences(OpCase op) {
    for (long seed = 0; seed < TRIALS; seed++) {
      Operands operands = new Operands(seed);
      Node scalar = operands.weighed(op.recipe().apply(operands));
      assertThat(disagreement(scalar, operands, new Gradients()))
          .as("trial %d of %s", seed, op)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @FieldSource("OPS")
  void isDifferentiableAgain(OpCase op) {
    for (long seed = 0; seed < TRIALS_OF_SECOND_ORDER; seed++) {
      Operands operands = new Operands(seed);
      Node scalar = operands.weighed(op.recipe().apply(operands));
      List<Node> gradients = List.copyOf(new Gradients().of(scalar, operands.variables()).values());
      Node ofGradients = gradients.stream().map(operands::weighed).reduce(Node::plus).orElseThrow();
      assertThat(disagreement(ofGradients, operands, new Gradients()))
          .as("trial %d of %s", seed, op)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @FieldSource("OPS")
  void aFlippedSignInTheRuleIsFound(OpCase op) {
    Set<Integer> flowing = new HashSet<>();
    Set<Integer> found = new HashSet<>();
    for (long seed = 0; seed < TRIALS; seed++) {
      Operands operands = new Operands(seed);
      Node scalar = operands.weighed(op.recipe().apply(operands));
      for (int input = 0; input < 3; input++) {
        Flipped rules = new Flipped(op.op(), input);
        boolean caught = disagreement(scalar, operands, new Gradients(rules)).isPresent();
        if (rules.met) {
          flowing.add(input);
          if (caught) {
            found.add(input);
          }
        }
      }
    }
    assertThat(found).isEqualTo(flowing);
    assertThat(flowing.isEmpty())
        .as("nothing flows through %s", op)
        .isEqualTo(FLAT.contains(op.op()));
  }

  /** The rules, but for one sign in what an op hands to one of its inputs. */
  private static final class Flipped implements Gradients.Rules {
    private final Class<? extends Op> op;
    private final int input;
    private boolean met;

    Flipped(Class<? extends Op> op, int input) {
      this.op = op;
      this.input = input;
    }

    @Override
    public List<Node> gradient(Node node, Node upstream) {
      List<Node> shares = new ArrayList<>(node.op().gradient(node, upstream));
      if (op.isInstance(node.op()) && input < shares.size() && shares.get(input) != null) {
        shares.set(input, shares.get(input).negated());
        met = true;
      }
      return shares;
    }
  }

  private static Optional<String> disagreement(
      Node scalar, Operands operands, Gradients gradients) {
    Map<Node, Node> byVariable = gradients.of(scalar, operands.variables());
    return FiniteDifferences.disagreement(
        scalar, operands.variables(), byVariable, operands.values(), Map.of());
  }

  @Test
  void everyOpStandsInTheTable() throws IOException, URISyntaxException {
    Set<String> known =
        new TreeSet<>(
            Set.of(StopGradient.class.getName())); // it differs from differences on purpose
    OpCase.ALL.forEach(op -> known.add(op.op().getName()));
    Set<String> all = new TreeSet<>(elementwiseOps());
    kinds(Op.class).forEach(kind -> all.add(kind.getName()));
    assertThat(known).isEqualTo(all);
  }

  /** The ops of the sealed kinds, but for leaves, that have no inputs, and structured ones, whose bodies are differentiated. */
  private static Stream<Class<?>> kinds(Class<?> kind) {
    if (kind == Leaf.class || kind == Elementwise.class || kind == Structured.class) {
      return Stream.of();
    }
    return kind.isSealed()
        ? Stream.of(kind.getPermittedSubclasses()).flatMap(GradientRulesTest::kinds)
        : Stream.of(kind);
  }

  /** The open kind: what lies in its package. */
  private static List<String> elementwiseOps() throws IOException, URISyntaxException {
    Path folder =
        Path.of(Objects.requireNonNull(Add.class.getResource("Add.class")).toURI()).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString().replace(".class", ""))
          .map(name -> Add.class.getPackageName() + "." + name)
          .filter(GradientRulesTest::isElementwise)
          .toList();
    }
  }

  private static boolean isElementwise(String name) {
    try {
      return Elementwise.class.isAssignableFrom(Class.forName(name));
    } catch (ClassNotFoundException e) {
      return false; // package-info
    }
  }
}
