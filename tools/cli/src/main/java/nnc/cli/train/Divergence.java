package nnc.cli.train;

import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.NonFinite;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/** A step met a number that is not finite: which step, where, and the kernel where it began. */
public final class Divergence extends CompileException {
  private static final long serialVersionUID = 1L;

  private Divergence(Diagnostic diagnostic) {
    super(diagnostic);
  }

  /** The error for the step that has just failed. */
  public static Divergence in(Session session) {
    NonFinite found =
        session
            .nonFinite()
            .orElseThrow(() ->
                new IllegalStateException("a step that fails has a number that is not finite"));
    Diagnostic told =
        Diagnostic.of(
            kind(found),
            subject(found)
                + found.number()
                + " at step "
                + session.k()
                + " (epoch "
                + session.epoch()
                + ")");
    if (found.kernel().isPresent()) {
      Signature.Kernel kernel = found.kernel().get();
      told =
          told.note(
              "the first kernel to write a number that is not finite is '"
                  + kernel.name()
                  + "' ("
                  + kernel.place()
                  + ")\n"
                  + kernel.formula());
    }
    return new Divergence(
        told.help(
            "lower the learning rate, clip the gradient (clip norm 5), or look at what the kernel divides by or takes a root or logarithm of"));
  }

  private static String kind(NonFinite found) {
    return found.parameter().isEmpty() ? "loss" : found.inGradient() ? "gradient" : "parameter";
  }

  private static String subject(NonFinite found) {
    return found
        .parameter()
        .map(path ->
            found.inGradient()
                ? "the gradient of '" + path + "' holds "
                : "the update of '" + path + "' makes it ")
        .orElse("the loss is ");
  }
}
