package nnc.runtime;

/**
 * The implementations that suit this JVM, chosen once.
 *
 * @param products the matrix products
 * @param rows reductions along rows, and random numbers
 * @param vector whether code written with {@code jdk.incubator.vector} can run; generated code then loads its vector
 *     loops, otherwise its scalar ones
 * @param note what was chosen and, if it is the slower choice, what would give the faster one
 */
public record Provider(Products products, Rows rows, boolean vector, String note) {
  private static final String MODULE = "jdk.incubator.vector";

  /** The fastest provider this JVM can run. */
  public static Provider best() {
    return Best.PROVIDER;
  }

  /** Plain Java: the same results, more slowly, without any module or flag. */
  public static Provider scalar() {
    return new Provider(new ScalarProducts(), new ScalarRows(), false, "plain Java");
  }

  /**
   * Begins to run the products' innermost loops in the background, so that they are compiled when they are needed. Worth
   * calling first thing in a program that has something else to do before its first step.
   */
  public static void warmUp() {
    Thread.ofPlatform().daemon().name("nnc-warm-up").start(() -> best().products().warmUp());
  }

  private static Provider choose() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return new Provider(
          new ScalarProducts(),
          new ScalarRows(),
          false,
          "plain Java, which is many times slower: start java with --add-modules="
              + MODULE
              + " for vector code");
    }
    try {
      // By name, so that nothing that mentions the module is loaded or verified where it is
      // missing.
      Products products =
          (Products)
              Class.forName("nnc.runtime.VectorProducts").getDeclaredConstructor().newInstance();
      Rows rows =
          (Rows) Class.forName("nnc.runtime.VectorRows").getDeclaredConstructor().newInstance();
      return new Provider(products, rows, true, products.toString());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(
          "the vector provider is part of this jar and must load where " + MODULE + " is present",
          e);
    }
  }

  /** Chosen at the first call, which may be the one in the background. */
  private static final class Best {
    static final Provider PROVIDER = choose();
  }
}
