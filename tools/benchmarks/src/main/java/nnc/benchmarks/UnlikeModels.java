package nnc.benchmarks;

import java.util.Locale;

/** A peer trains another number of parameters: its times say nothing about ours. */
final class UnlikeModels extends RuntimeException {
  private static final long serialVersionUID = 1;

  private UnlikeModels(String message) {
    super(message);
  }

  /** Biases that only add to another bias do not count: PyTorch's recurrent layers have two where one does. */
  static void check(Task task, Peer.Hello own, Peer.Hello peer) {
    if (peer.parameters() - peer.secondBiases() != own.parameters()) {
      throw new UnlikeModels(
          String.format(
              Locale.ROOT,
              "%s has %,d parameters in nnc, and in %s %,d, of which %,d are second biases: not the same model",
              task,
              own.parameters(),
              peer.name(),
              peer.parameters(),
              peer.secondBiases()));
    }
  }
}
