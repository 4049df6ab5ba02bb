package nnc.cli;

/** Whether what is printed is coloured: in a terminal, unless the user does not want it. */
final class Colour {
  private Colour() {}

  static boolean wanted() {
    return ProgressLine.onTerminal() && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
  }
}
