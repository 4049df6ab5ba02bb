package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import nnc.cli.Main;

/** The command line, as tests call it. */
final class Commands {
  private Commands() {}

  /** Runs a command that is expected to succeed; what it printed. */
  static String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    assertThat(code).as("nnc %s\n%s", String.join(" ", arguments), err).isZero();
    return out.toString();
  }
}
