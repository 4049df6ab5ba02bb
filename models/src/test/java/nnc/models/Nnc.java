package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import nnc.cli.Main;

/**
 * The command line, in this process: what a command came to.
 *
 * @param code the exit code
 * @param out what it printed
 * @param err its errors
 */
record Nnc(int code, String out, String err) {

  static Nnc run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Nnc(code, out.toString(), err.toString());
  }

  /** Runs a command that has to succeed; the lines it printed. */
  static List<String> done(String... arguments) {
    Nnc command = run(arguments);
    assertThat(command.code()).as("nnc %s%n%s", Arrays.toString(arguments), command.err()).isZero();
    return command.out().lines().toList();
  }

  /** The same for a command that reads standard input. */
  static List<String> doneWith(String input, String... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      return done(arguments);
    } finally {
      System.setIn(before);
    }
  }
}
