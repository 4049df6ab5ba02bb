package nnc.cli.diff;

/** Lines of a difference, coloured by the sign that they begin with, or not at all. */
record Paint(boolean colour) {
  private static final String BOLD = "1";
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String CYAN = "36";

  String heading(String text) {
    return in(BOLD, text);
  }

  /** A line whose first character that is no space says what became of it. */
  String line(String line) {
    String bare = line.strip();
    return bare.startsWith("@@")
        ? in(CYAN, line)
        : bare.startsWith("+")
            ? in(GREEN, line)
            : bare.startsWith("-") ? in(RED, line) : bare.startsWith("~") ? in(YELLOW, line) : line;
  }

  private String in(String code, String text) {
    return colour ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
  }
}
