package nnc.cli;

import picocli.CommandLine.Option;

/** How many texts are generated for each that is given. */
final class TextCount {
  @Option(
      names = "-n",
      paramLabel = "COUNT",
      defaultValue = "1",
      description = "How many texts for each: samples, or the best of a beam. Default: 1.")
  private int count;

  int count() {
    return count;
  }
}
