package nnc.compiler.explain;

/** A derivation as a page of text, as Markdown with mathematics, or as a LaTeX document. */
public final class DerivationPrinter {
  private DerivationPrinter() {}

  public static String text(Derivation derivation) {
    return new TextPage().print(derivation);
  }

  /** A complete document that needs amsmath alone. */
  public static String latex(Derivation derivation, String title) {
    return MathPage.latex(derivation, title);
  }

  /** Formulas between {@code $$}, as GitHub and KaTeX read them. */
  public static String markdown(Derivation derivation, String title) {
    return MathPage.markdown(derivation, title);
  }
}
