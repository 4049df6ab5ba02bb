package nnc.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times matrix products, and on request PyTorch's, in turns. */
@Command(
    name = "products",
    mixinStandardHelpOptions = true,
    description = {
      "Times matrix products, packing included, and the same in PyTorch, in turns of one run.",
      "A ratio is the peer's time divided by ours: above 1 nnc is faster. The peak is measured between the turns."
    },
    footer = {
      "",
      "Examples:",
      "  nnc bench products --threads 1",
      "  nnc bench products TN:256x2048x1024 --peers --python venv/bin/python",
    })
final class ProductsCommand implements Callable<Integer> {
  /** A turn of the peak is this part of a turn. */
  private static final double PEAK_PART = 0.25;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PRODUCT",
      arity = "0..*",
      description = {
        "For instance TN:256x2048x1024: m, k and n of A[m x k] B[k x n]; T is what lies transposed in memory.",
        "Default: squares, and the products of W1, W3, W7 and W8."
      })
  private List<String> texts = List.of();

  @Mixin private Turns turns = new Turns();

  @Option(names = "--peers", description = "Times PyTorch, too.")
  private boolean peers;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      defaultValue = "python3",
      description = "A Python with torch. Default: ${DEFAULT-VALUE}.")
  private String python;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "0.08",
      description = "How long a turn is, at least one call. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "0.15",
      description =
          "How long each runs, one after the other, before anything counts. Default: ${DEFAULT-VALUE}.")
  private double warmUp;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = {
        "Where products.md and products.jsonl go. Results of other products that are there stay.",
        "Default: target/bench."
      })
  private Path out = Path.of("target", "bench");

  @Override
  public Integer call() {
    turns.check(seconds, warmUp);
    List<Product> products = products();
    if (peers && !Framework.EAGER.isInstalled(python)) {
      peers = false;
      say(
          "%s has no torch: nnc is measured alone; it comes with: %s -m pip install torch%n",
          python, python);
    }
    List<ProductResult> results = new ArrayList<>();
    for (int count : turns.threads()) {
      run(products, count, results);
    }
    say("written to %s%n", out);
    return 0;
  }

  private List<Product> products() {
    try {
      return texts.isEmpty()
          ? ProductShapes.all()
          : texts.stream().map(Product::parse).distinct().toList();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(
          spec.commandLine(), Objects.requireNonNull(wrong.getMessage()), wrong);
    }
  }

  private void run(List<Product> products, int count, List<ProductResult> results) {
    try (Peer own = new Peer(Bench.java(ServeProducts.class, String.valueOf(count)))) {
      if (peers) {
        try (Peer other = new Peer(pytorch(count))) {
          run(products, count, own, Optional.of(other), results);
        }
      } else {
        run(products, count, own, Optional.empty(), results);
      }
    }
  }

  private List<String> pytorch(int count) {
    return List.of(
        python,
        Bench.home().resolve("peers").resolve("pytorch_products.py").toString(),
        "--threads",
        String.valueOf(count));
  }

  private void run(
      List<Product> products,
      int count,
      Peer own,
      Optional<Peer> other,
      List<ProductResult> results) {
    own.peakGflops(warmUp);
    for (Product product : products) {
      own.product(product, warmUp);
      other.ifPresent(peer -> peer.product(product, warmUp));
    }
    for (Product product : products) {
      ProductResult result = measure(product, count, own, other);
      say("%s%n", result.line());
      results.add(result);
      new ProductReport(out).add(results);
      turns.json().ifPresent(file -> JsonLines.write(file, results));
    }
  }

  private ProductResult measure(Product product, int count, Peer own, Optional<Peer> other) {
    Samples peaks = new Samples();
    Samples ours = new Samples();
    Samples theirs = new Samples();
    Samples ratios = new Samples();
    for (int round = 0; round < turns.rounds(); round++) {
      peaks.add(own.peakGflops(seconds * PEAK_PART));
      double our = own.product(product, seconds).median();
      ours.add(our);
      other.ifPresent(peer -> {
        double their = peer.product(product, seconds).median();
        theirs.add(their);
        ratios.add(their / our);
      });
    }
    String name = other.map(peer -> peer.hello().name()).orElse(null);
    return ProductResult.of(product, count, name, ours, theirs, ratios, peaks);
  }

  private void say(String format, Object... values) {
    spec.commandLine().getOut().printf(Locale.ROOT, format, values);
    spec.commandLine().getOut().flush();
  }
}
