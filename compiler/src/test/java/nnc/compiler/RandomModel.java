package nnc.compiler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nnc.compiler.model.Models;
import nnc.compiler.model.Program;
import nnc.compiler.model.TypedModel;
import nnc.compiler.source.Source;

/**
 * A model of random equations. What it computes makes no sense; that every stage of the compiler makes the same of it does.
 * Values stay of moderate size, comparisons are of inputs alone, and no optimizer divides by almost nothing, so
 * that rounding decides nothing.
 */
public final class RandomModel {
  /** The most rows of a batch. */
  public static final int ROWS = 7;

  private static final int BATCH = -1;
  private static final int[] SIZES = {1, 2, 3, 5, 8, 17};
  private static final int MOST_ELEMENTS = 700;

  private static final List<String> FUNCTIONS =
      List.of(
          "tanh(%s)",
          "sigmoid(%s)",
          "softplus(%s)",
          "sin(%s)",
          "cos(%s)",
          "erf(%s)",
          "relu(%s)",
          "leaky_relu(%s, 0.1)",
          "elu(%s)",
          "gelu(%s)",
          "silu(%s)",
          "abs(%s)",
          "(-%s)",
          "%s * 0.5",
          "0.3 * (%s - 1)",
          "exp(tanh(%s))",
          "log(%1$s^2 + 1)",
          "sqrt(%1$s^2 + 0.5)",
          "1 / (%1$s^2 + 1)",
          "log1p(sigmoid(%s))",
          "expm1(0.3 * sin(%s))",
          "tanh(%s)^3",
          "stop_gradient(%s)",
          "dropout(%s, 0.3)",
          "(sigmoid(%s) + 0.5)^1.5",
          "clamp(%s, -2, 2)");

  private static final List<String> OF_TWO =
      List.of(
          "%s + %s",
          "%s - %s",
          "%s * %s",
          "max(%s, %s)",
          "min(%s, %s)",
          "%s / (%s^2 + 1)",
          "0.5 * %s + 0.5 * %s");

  private static final List<String> CHOOSING =
      List.of(
          "where(%3$s > 0.1, %1$s, %2$s)",
          "where(not (%3$s <= 0.2) or %3$s < -0.7, 0, %1$s) - %2$s", "(%3$s > 0) * %1$s + %2$s");

  /** Recurrences: forward, backward with two states, reading a whole sequence or rows of a table at each step, started from outside, with gates. */
  private static final String LOOPS =
      """
      layer Plain(x: [B, T, d]) {
        param W: [d, d] ~ normal(0, 0.3)
        param E: [d, d] ~ normal(0, 0.3)
        place = argmax(x over d)
        recur t over T {
          start h: [B, d] = 0
          h[t] = tanh(h[t-1] @ W + x[t] + E[place[t]])
        }
        h
      }

      layer Back(x: [B, T, d]) {
        param W, U: [d, 3] ~ normal(0, 0.3)
        param V: [3, d] ~ normal(0, 0.3)
        recur t over T {
          start h: [B, d] = 0.1
          start c: [B, 3] = 0
          gate = sigmoid(h[t+1] @ W + x[t] @ U)
          c[t] = gate * c[t+1] + (1 - gate)
          h[t] = tanh(concat(c[t], 0.5 * c[t]) @ concat(V, V over 0) + x[t]) * 0.5
        }
        h * 0.5 + mean(h.first)
      }

      layer Looking(x: [B, T, d]) {
        param W: [d, d] ~ normal(0, 0.3)
        recur t over T {
          start s: [B, d] = mean(x over T)
          e = softmax(einsum("b d, b t d -> b t", s[t-1] @ W, x))
          s[t] = tanh(einsum("b t, b t d -> b d", e, x) + 0.3 * s[t-1])
          w[t] = e
        }
        s + mean(w)
      }

      layer Gates(x: [B, T, d]) {
        param Wf, Wg, Uf: [d, d] ~ normal(0, 0.3)
        param V: [d + d, 2 * d] ~ normal(0, 0.3)
        param b: [d] ~ normal(0, 0.3)
        recur t over T {
          start h: [B, d] = 0
          f = sigmoid(h[t-1] @ Wf + x[t] @ Uf + b)
          g, r = split(concat(h[t-1], x[t]) @ V, 2)
          h[t] = f * h[t-1] + 0.5 * tanh(g + h[t-1] @ Wg) * sigmoid(r)
        }
        h
      }

      """;

  /** A value of the model: its name and sizes, -1 for the batch. */
  private record Value(String name, List<Integer> sizes) {
    int rank() {
      return sizes.size();
    }
  }

  private final Random random;
  private final List<Value> values = new ArrayList<>();
  private final List<Value> leaves = new ArrayList<>();
  private final List<String> declarations = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private int parameters;

  private RandomModel(long seed) {
    random = new Random(seed * 7919);
  }

  /** The text of the model with this number: always the same. */
  public static String text(long seed) {
    return new RandomModel(seed).write("Random" + seed);
  }

  public static Program program(long seed) {
    return Project.of(new Source("random" + seed + ".nn", text(seed)), Optional.empty());
  }

  public static TypedModel elaborated(long seed) {
    return Models.elaborate(program(seed), Map.of());
  }

  private String write(String name) {
    for (int i = 0; i < 2; i++) {
      List<Integer> sizes = new ArrayList<>(List.of(BATCH));
      IntStream.range(0, i + random.nextInt(2)).forEach(_ -> sizes.add(size()));
      leaf("input x" + i + ": f32" + text(sizes), new Value("x" + i, sizes));
    }
    declarations.add("input id: i32[B]");
    declarations.add("input keep: bool[B]");
    parameter(List.of(size()));
    parameter(List.of(size(), size()));
    int wanted = 6 + random.nextInt(9);
    while (statements.size() < wanted) {
      statement();
    }
    return end(name);
  }

  private String end(String name) {
    List<String> lines = new ArrayList<>(declarations);
    lines.addAll(statements);
    List<Value> last = values.subList(Math.max(0, values.size() - 4), values.size());
    for (int i = 0; i < 2; i++) {
      lines.add("output out" + i + " = " + pick(last).name());
    }
    lines.add(
        "loss = "
            + last.stream()
                .map(value -> "mean(" + value.name() + "^2)")
                .collect(Collectors.joining(" + ")));
    lines.add("metric most = mean(max(" + pick(last).name() + ", 0.1))");
    String optimizer =
        pick(
            List.of(
                "SGD(lr = 0.1)",
                "Adam(lr = 0.01, eps = 0.1)",
                "Momentum(lr = 0.05)",
                "AdamW(lr = 0.01, eps = 0.1)",
                "RMSprop(lr = 0.01, eps = 0.1)"));
    String clip = random.nextBoolean() ? "\n  clip norm 0.7" : "";
    return LOOPS
        + "model %s {\n  dim B = %d\n  %s\n}\n\ntrain %s {\n  optimizer %s%s\n}\n"
            .formatted(name, ROWS, String.join("\n  ", lines), name, optimizer, clip);
  }

  private void statement() {
    Value a = pick(values);
    switch (random.nextInt(17)) {
      case 0, 1, 2 -> bind(function(a.name()), a.sizes());
      case 3, 4, 5 -> ofTwo(a);
      case 6 -> reduction(a);
      case 7 -> normalised(a);
      case 8, 9 -> product(a);
      case 10 -> einsum(a);
      case 11 -> places(a);
      case 12 -> rows(a);
      case 13, 14 -> overTime();
      default -> move(a);
    }
  }

  private void overTime() {
    List<Value> sequences =
        values.stream()
            .filter(value ->
                value.rank() == 3
                    && value.sizes().getFirst() == BATCH
                    && !value.sizes().subList(1, 3).contains(BATCH))
            .toList();
    pickIfAny(sequences)
        .ifPresent(a ->
            bind(
                "tanh(" + a.name() + ") |> " + pick(List.of("Plain", "Back", "Looking", "Gates")),
                a.sizes()));
  }

  private String function(String operand) {
    return pick(FUNCTIONS).formatted(operand);
  }

  private void ofTwo(Value a) {
    Value b =
        pick(
            values.stream()
                .filter(other -> broadcast(a.sizes(), other.sizes()).isPresent())
                .toList());
    List<Integer> sizes = broadcast(a.sizes(), b.sizes()).orElseThrow();
    List<Value> bounds =
        leaves.stream()
            .filter(other -> broadcast(sizes, other.sizes()).filter(sizes::equals).isPresent())
            .toList();
    bind(
        pickIfAny(bounds)
            .filter(_ -> random.nextInt(3) == 0)
            .map(leaf -> pick(CHOOSING).formatted(a.name(), b.name(), leaf.name()))
            .orElseGet(() -> pick(OF_TWO).formatted(a.name(), b.name())),
        sizes);
  }

  private void reduction(Value a) {
    if (a.rank() == 0) {
      return;
    }
    int axis = random.nextInt(a.rank());
    boolean keep = random.nextBoolean();
    String function =
        pick(List.of("sum(%s * 0.3", "mean(%s", "max(%s", "min(%s", "logsumexp(%s", "var(%s"));
    List<Integer> sizes = new ArrayList<>(a.sizes());
    if (keep) {
      sizes.set(axis, 1);
    } else {
      sizes.remove(axis);
    }
    bind(
        function.formatted(a.name()) + (keep ? ", keepdims = true" : "") + " over " + axis + ")",
        sizes);
  }

  private void normalised(Value a) {
    if (a.rank() == 0) {
      return;
    }
    int axis = random.nextInt(a.rank());
    bind(
        pick(List.of(
                "softmax(%s over %d)",
                "log_softmax(%s over %d)",
                "layer_norm(%s, 0.1)",
                "softmax(%1$s over %2$d where %1$s < 9)"))
            .formatted(a.name(), axis),
        a.sizes());
  }

  private void product(Value a) {
    if (a.rank() == 0 || a.sizes().getLast() == BATCH) {
      return;
    }
    int columns = size();
    Value w = parameter(List.of(a.sizes().getLast(), columns));
    List<Integer> sizes = new ArrayList<>(a.sizes().subList(0, a.rank() - 1));
    sizes.add(columns);
    String text = a.name() + " @ " + w.name();
    if (random.nextBoolean()) {
      text =
          random.nextBoolean()
              ? a.name()
                  + " |> Dense("
                  + columns
                  + ", "
                  + pick(List.of("relu", "tanh", "gelu"))
                  + ")"
              : function("(" + text + " + " + parameter(List.of(columns)).name() + ")");
    }
    bind(text, sizes);
  }

  /** Numbers that lie nowhere in memory: places, sizes, ids spread over classes. */
  private void places(Value a) {
    if (a.rank() == 0) {
      return;
    }
    int last = a.sizes().getLast();
    String text =
        switch (random.nextInt(4)) {
          case 0 -> a.name() + " / B";
          case 1 -> a.name() + " * 0.1 * iota(" + (last == BATCH ? "B" : last) + ")";
          case 2 -> "where(one_hot(id, 3), 0.4, 0.1)";
          default -> "sum(0.1 * iota(" + (last == BATCH ? "B" : last) + ")) * 0.1 + " + a.name();
        };
    bind(text, text.contains("one_hot") ? List.of(BATCH, 3) : a.sizes());
  }

  /** What is done row by row, with ids and masks. */
  private void rows(Value a) {
    if (a.rank() == 0 || a.sizes().getFirst() != BATCH) {
      return;
    }
    if (a.rank() == 1) {
      bind(
          pick(List.of(
                  "where(keep, %s, 0.2)",
                  "where(keep and id > 1, 0.1, %s)",
                  "0.2 * sum(%s over 0 where keep or id == 0) + %1$s"))
              .formatted(a.name()),
          a.sizes());
    } else if (a.rank() == 2 && a.sizes().getLast() >= 2) {
      bind(
          pick(List.of(
                  "cross_entropy(%s, id, reduce = none)",
                  "cross_entropy(%s, id, ignore = 0, smoothing = 0.1, reduce = none)",
                  "nll(log_softmax(%s), id, reduce = none)"))
              .formatted(a.name()),
          List.of(BATCH));
    }
  }

  /** Two values, their axes labelled at random where sizes agree. */
  private void einsum(Value a) {
    Value b = pick(values);
    if (a.rank() == 0 || b.rank() == 0 || a.rank() + b.rank() > 5) {
      return;
    }
    List<Integer> labels = new ArrayList<>();
    List<Integer> own = IntStream.range(0, a.rank()).boxed().toList();
    int next = a.rank();
    for (int size : b.sizes()) {
      int shared = a.sizes().indexOf(size);
      labels.add(
          shared >= 0 && !labels.contains(shared) && random.nextInt(4) > 0 ? shared : next++);
    }
    List<Integer> result = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int label :
        IntStream.range(0, next).boxed().sorted((_, _) -> random.nextInt(3) - 1).toList()) {
      boolean common = own.contains(label) && labels.contains(label);
      if (random.nextInt(5) > (common ? 2 : 0)) {
        result.add(label);
        sizes.add(label < a.rank() ? a.sizes().get(label) : b.sizes().get(labels.indexOf(label)));
      }
    }
    bind(
        "0.2 * einsum(\"%s, %s -> %s\", %s, tanh(%s))"
            .formatted(letters(own), letters(labels), letters(result), a.name(), b.name()),
        sizes);
  }

  private static String letters(List<Integer> labels) {
    return labels.stream()
        .map(label -> String.valueOf((char) ('a' + label)))
        .collect(Collectors.joining(" "));
  }

  private void move(Value a) {
    int rank = a.rank();
    if (rank == 0) {
      return;
    }
    int axis = random.nextInt(rank);
    int size = a.sizes().get(axis);
    List<Integer> sizes = new ArrayList<>(a.sizes());
    switch (random.nextInt(11)) {
      case 0 -> {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.shuffle(order, random);
        bind(
            "permute("
                + a.name()
                + ", ("
                + order.stream().map(String::valueOf).collect(Collectors.joining(", "))
                + "))",
            order.stream().map(a.sizes()::get).toList());
      }
      case 1 -> {
        if (rank >= 2) {
          List<Integer> swapped = new ArrayList<>(a.sizes());
          Collections.swap(swapped, rank - 1, rank - 2);
          bind(a.name() + ".T", swapped);
        }
      }
      case 2 -> {
        int product = sizes.stream().filter(other -> other != BATCH).reduce(1, (x, y) -> x * y);
        boolean batched = sizes.contains(BATCH);
        if (sizes.stream().filter(other -> other == BATCH).count() <= 1) {
          bind(
              "reshape(" + a.name() + ", (" + (batched ? "B, " : "1, ") + product + "))",
              List.of(batched ? BATCH : 1, product));
        }
      }
      case 3 -> {
        if (size > 1) {
          int from = random.nextInt(size);
          int to = from + random.nextInt(size - from);
          sizes.set(axis, to - from + 1);
          bind(
              a.name()
                  + "["
                  + IntStream.range(0, rank)
                      .mapToObj(i -> i == axis ? from + ".." + to : "..")
                      .collect(Collectors.joining(", "))
                  + "]",
              sizes);
        }
      }
      case 4 -> {
        if (size != BATCH) {
          sizes.set(axis, size + 3);
          bind("pad(" + a.name() + ", 1, 2 over " + axis + ")", sizes);
        }
      }
      case 5 -> {
        if (size != BATCH) {
          sizes.set(axis, 2 * size);
          bind("concat(" + a.name() + ", " + function(a.name()) + " over " + axis + ")", sizes);
        }
      }
      case 6 -> {
        if (size != BATCH) {
          bind("reverse(" + a.name() + " over " + axis + ")", sizes);
        }
      }
      case 7 -> {
        if (size != BATCH) {
          bind("0.3 * cumsum(" + a.name() + " over " + axis + ")", sizes);
        }
      }
      case 8 -> {
        int place = random.nextInt(rank + 1);
        sizes.add(place, 2);
        bind("stack(" + a.name() + ", " + function(a.name()) + " over " + place + ")", sizes);
      }
      case 9 -> {
        if (rank == 2 && size != BATCH && size % 2 == 0) {
          sizes.set(axis, 2);
          sizes.add(axis, size / 2);
          Collections.swap(sizes, 0, 2);
          String left = axis == 0 ? "(p q) r" : "p (q r)";
          bind(
              "rearrange("
                  + a.name()
                  + ", \""
                  + left
                  + " -> r q p\", "
                  + (axis == 0 ? "q" : "r")
                  + " = 2)",
              sizes);
        }
      }
      default -> {
        if (size != BATCH) {
          sizes.remove(axis);
          bind(
              a.name()
                  + "["
                  + IntStream.range(0, rank)
                      .mapToObj(i -> i == axis ? String.valueOf(random.nextInt(size)) : "..")
                      .collect(Collectors.joining(", "))
                  + "]",
              sizes);
        }
      }
    }
  }

  // ------------------------------------------------------------ pieces

  private int size() {
    return SIZES[random.nextInt(SIZES.length)];
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private <T> Optional<T> pickIfAny(List<T> from) {
    return from.isEmpty() ? Optional.empty() : Optional.of(pick(from));
  }

  private Value parameter(List<Integer> sizes) {
    Value value = new Value("p" + parameters++, sizes);
    leaf("param " + value.name() + ": " + text(sizes) + " ~ normal(0, 0.5)", value);
    return value;
  }

  private void leaf(String declaration, Value value) {
    declarations.add(declaration);
    values.add(value);
    leaves.add(value);
  }

  private void bind(String expression, List<Integer> sizes) {
    int elements =
        sizes.stream().map(size -> size == BATCH ? ROWS : size).reduce(1, (a, b) -> a * b);
    if (elements <= MOST_ELEMENTS && sizes.size() <= 4) {
      Value value = new Value("v" + statements.size(), List.copyOf(sizes));
      statements.add(value.name() + " = " + expression);
      values.add(value);
    }
  }

  private static String text(List<Integer> sizes) {
    return sizes.stream()
        .map(size -> size == BATCH ? "B" : String.valueOf(size))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** NumPy's rule; the batch fits the batch and 1. */
  private static Optional<List<Integer>> broadcast(List<Integer> a, List<Integer> b) {
    List<Integer> result = new ArrayList<>();
    for (int i = Math.max(a.size(), b.size()); i >= 1; i--) {
      int one = i <= a.size() ? a.get(a.size() - i) : 1;
      int other = i <= b.size() ? b.get(b.size() - i) : 1;
      if (one != other && one != 1 && other != 1) {
        return Optional.empty();
      }
      result.add(one == 1 ? other : one);
    }
    return Optional.of(result);
  }
}
