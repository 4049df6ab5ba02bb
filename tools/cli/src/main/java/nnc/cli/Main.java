package nnc.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line {@code nnc}. */
@Command(
    name = "nnc",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description =
        "Compiles neural networks from .nn files to readable, vectorised Java, and trains them.",
    subcommands = {
      CheckCommand.class,
      InspectCommand.class,
      DiffCommand.class,
      ExplainCommand.class,
      ViewCommand.class,
      CompileCommand.class,
      TrainCommand.class,
      RunCommand.class,
      PredictCommand.class,
      EvalCommand.class,
      GenerateCommand.class,
      TranslateCommand.class,
      NearestCommand.class,
      AnalogyCommand.class,
      GradcheckCommand.class,
      GradflowCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  nnc check models/digits.nn",
      "  nnc train models/digits.nn --out run",
      "  nnc predict run < rows.csv",
      "",
      "nnc bench --help tells how speed is measured, beside PyTorch and JAX.",
      "",
      "Exit codes: 0 done, 1 the input is wrong, 2 wrong usage, 3 the models differ (diff --exit-code), 70 a defect of nnc, 130 stopped by Ctrl-C.",
      "NNC_JAVA_OPTIONS holds options for Java, for instance -Xmx8g."
    })
public final class Main implements Runnable {
  /** Deeply nested input recurses deeply; untouched stack costs nothing. */
  private static final long STACK_BYTES = 512L << 20;

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) throws InterruptedException {
    StandardOutput standardOutput = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    PrintWriter out =
        new PrintWriter(new OutputStreamWriter(standardOutput, StandardCharsets.UTF_8));
    PrintWriter err =
        new PrintWriter(
            new OutputStreamWriter(
                new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8),
            true);
    int[] code = {ExitCode.DEFECT};
    Thread thread = new Thread(null, () -> code[0] = run(out, err, arguments), "nnc", STACK_BYTES);
    thread.start();
    thread.join();
    out.flush();
    System.exit(code[0] == ExitCode.DONE ? standardOutput.exitCode(err) : code[0]);
  }

  /**
   * Runs a command line and returns its exit code: all that {@link #main} does, but in the caller's thread, and without
   * ending the process.
   */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    Failures failures = new Failures(err, arguments);
    CommandLine line =
        new CommandLine(new Main())
            .setOut(out)
            .setErr(err)
            .setUsageHelpAutoWidth(true)
            .registerConverter(Integer.class, new WholeNumber<>(Integer::valueOf))
            .registerConverter(int.class, new WholeNumber<>(Integer::valueOf))
            .registerConverter(Long.class, new WholeNumber<>(Long::valueOf))
            .registerConverter(long.class, new WholeNumber<>(Long::valueOf))
            .setParameterExceptionHandler((wrong, ignored) -> usage(wrong))
            .setExecutionExceptionHandler((thrown, command, parsed) -> failures.report(thrown));
    try {
      return line.execute(arguments);
    } catch (Throwable thrown) { // errors pass by picocli's handlers
      return failures.report(thrown);
    } finally {
      out.flush();
      err.flush();
    }
  }

  /** The problem, and where to read more: the whole of --help would push it off the screen. */
  private static int usage(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    command.getErr().println("nnc: " + wrong.getMessage());
    UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
    command.getErr().println("try '" + command.getCommandSpec().qualifiedName() + " --help'");
    return ExitCode.WRONG_USAGE;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: a command is missing");
  }

  /** The version of the jar, and of the Java that runs it. */
  static final class Version implements IVersionProvider {
    static String text() {
      String own = Main.class.getPackage().getImplementationVersion();
      return "nnc " + (own == null ? "(development)" : own) + " on Java " + Runtime.version();
    }

    @Override
    public String[] getVersion() {
      return new String[] {text()};
    }
  }
}
