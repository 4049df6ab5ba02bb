package nnc.cli;

/** What the process says when it ends. */
final class ExitCode {
  static final int DONE = 0;

  /** The user's input is wrong: the errors have been printed. */
  static final int WRONG_INPUT = 1;

  static final int WRONG_USAGE = 2;

  /** Of diff, where that is asked for: there is a difference. */
  static final int DIFFERENT = 3;

  /** A defect of nnc itself (EX_SOFTWARE of sysexits.h). */
  static final int DEFECT = 70;

  private ExitCode() {}
}
