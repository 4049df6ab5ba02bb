package nnc.cli.train;

import java.util.Optional;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.runtime.Session;
import nnc.runtime.Signature;

/** Explains a loss that is not finite: the step, and the kernel where it began. */
public final class NonFiniteLoss {
  private NonFiniteLoss() {}

  /** The error for the batch that is in the session's memory. */
  public static CompileException in(Session session) {
    Diagnostic told =
        Diagnostic.of(
            "loss",
            "the loss is "
                + session.loss()
                + " at step "
                + session.k()
                + " (epoch "
                + session.epoch()
                + ")");
    Optional<String> broken = brokenParameter(session);
    Optional<Signature.Kernel> kernel = session.firstNonFinite();
    if (broken.isPresent()) {
      told =
          told.note(
              "the parameter "
                  + broken.get()
                  + " holds numbers that are not finite: the step before went too far");
    }
    if (kernel.isPresent()) {
      told =
          told.note(
              "the first kernel to write a number that is not finite is '"
                  + kernel.get().name()
                  + "' ("
                  + kernel.get().place()
                  + ")\n"
                  + kernel.get().formula());
    }
    return new CompileException(
        told.help(
            "lower the learning rate, clip the gradient (clip norm 5), or look at what the kernel divides by"));
  }

  private static Optional<String> brokenParameter(Session session) {
    for (Signature.Parameter parameter : session.model().signature().parameters()) {
      for (float value : session.model().parameter(parameter.path())) {
        if (!Float.isFinite(value)) {
          return Optional.of(parameter.path());
        }
      }
    }
    return Optional.empty();
  }
}
