package nnc.benchmarks;

import static nnc.benchmarks.Product.Layout.N;
import static nnc.benchmarks.Product.Layout.T;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The products that are measured: squares, and what workloads compute. */
final class ProductShapes {
  /** By the name of what computes them. */
  private static final Map<String, List<Product>> USES = new LinkedHashMap<>();

  static {
    for (int size : new int[] {64, 128, 256, 512, 1024, 2048}) {
      use("square", allForms(size, size, size));
    }
    use("W1", List.of(forward(128, 784, 512), weightGradient(128, 784, 512))); // x has no gradient
    use("W1", layer(128, 512, 256));
    use("W1", layer(128, 256, 10));
    use("W1, one row", List.of(forward(1, 784, 512), forward(1, 512, 256)));
    use("W3", layer(2048, 128, 1024));
    use("W3", layer(2048, 256, 1024));
    use("W3", layer(2048, 256, 96));
    // The weights' gradient is one product over all steps, as above.
    use("W3, a step", List.of(forward(32, 256, 1024), inputGradient(32, 256, 1024)));
    use("W7", layer(1024, 256, 256));
    use("W7", layer(1024, 256, 768));
    use("W7", layer(1024, 256, 1024));
    use("W7", layer(1024, 1024, 256));
    // The logits are y E^T.
    use(
        "W7, logits",
        List.of(
            new Product(N, T, 1024, 256, 4000),
            new Product(N, N, 1024, 4000, 256),
            new Product(T, N, 4000, 1024, 256)));
    use("W8", layer(2048, 384, 384));
    use("W8", layer(2048, 384, 1536));
    use("W8", layer(2048, 1536, 384));
    use("W8", layer(2048, 384, 96));
    // Of one head: scores q k^T and their gradient; P v, and the gradients of q, k and v.
    use(
        "W8, a head",
        List.of(
            new Product(N, T, 256, 64, 256),
            new Product(N, N, 256, 256, 64),
            new Product(T, N, 256, 256, 64)));
  }

  private ProductShapes() {}

  private static void use(String name, List<Product> products) {
    USES.computeIfAbsent(name, absent -> new ArrayList<>()).addAll(products);
  }

  private static List<Product> allForms(int m, int k, int n) {
    return List.of(
        new Product(N, N, m, k, n), new Product(N, T, m, k, n), new Product(T, N, m, k, n));
  }

  /** The products of y = x W, where x is [m x k]: y, the gradient of x, the gradient of W. */
  private static List<Product> layer(int m, int k, int n) {
    return List.of(forward(m, k, n), inputGradient(m, k, n), weightGradient(m, k, n));
  }

  private static Product forward(int m, int k, int n) {
    return new Product(N, N, m, k, n);
  }

  /** dx = dy W^T. */
  private static Product inputGradient(int m, int k, int n) {
    return new Product(N, T, m, n, k);
  }

  /** dW = x^T dy. */
  private static Product weightGradient(int m, int k, int n) {
    return new Product(T, N, k, m, n);
  }

  /** Each once. */
  static List<Product> all() {
    return USES.values().stream().flatMap(List::stream).distinct().toList();
  }

  /** What computes this product, separated by semicolons; nothing if it is none of the list. */
  static String uses(Product product) {
    return USES.entrySet().stream()
        .filter(use -> use.getValue().contains(product))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining("; "));
  }
}
