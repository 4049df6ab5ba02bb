package nnc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.DiagnosticPrinter;
import nnc.data.DataException;
import nnc.runtime.MemoryException;
import nnc.runtime.ScoresException;
import nnc.runtime.TensorFileException;
import nnc.runtime.UnknownRowException;
import nnc.runtime.WeightException;

/** Turns what was thrown into words and an exit code: errors of the user's input are told from defects of ours. */
final class Failures {
  private static final int LONGEST_CAUSE = 300;

  private final PrintWriter err;
  private final String[] arguments;

  Failures(PrintWriter err, String[] arguments) {
    this.err = err;
    this.arguments = arguments.clone();
  }

  int report(Throwable thrown) {
    return switch (thrown) {
      case CompletionException wrapped when wrapped.getCause() != null ->
          report(wrapped.getCause());
      case CompileException wrong -> tell(wrong.diagnostics());
      case DataException wrong -> {
        String place =
            wrong.source() + (wrong.line().isPresent() ? ":" + wrong.line().getAsLong() : "");
        yield tell(
            List.of(Diagnostic.of("data", place + ": " + wrong.problem()).help(wrong.help())));
      }
      case TensorFileException wrong ->
          tell(List.of(Diagnostic.of("tensors", wrong.problem()).help(wrong.help())));
      case WeightException wrong ->
          tell(List.of(Diagnostic.of("weights", String.valueOf(wrong.getMessage()))));
      case UnknownRowException wrong ->
          tell(
              List.of(
                  Diagnostic.of("index", String.valueOf(wrong.getMessage())).help(wrong.help())));
      case ScoresException wrong ->
          tell(
              List.of(
                  Diagnostic.of("generate", String.valueOf(wrong.getMessage()))
                      .help(wrong.help())));
      case MemoryException wrong ->
          tell(
              List.of(
                  Diagnostic.of("memory", wrong.problem())
                      .note(wrong.note())
                      .help(wrong.need().help("NNC_JAVA_OPTIONS="))));
      case StackOverflowError ignored ->
          tell(
              List.of(
                  Diagnostic.of("nesting", "the input is nested too deeply to be compiled")
                      .help("give parts of it names of their own")));
      case OutOfMemoryError ignored ->
          tell(
              List.of(
                  Diagnostic.of(
                          "memory",
                          "this needs more memory than Java was given: "
                              + (Runtime.getRuntime().maxMemory() >> 20)
                              + " MB")
                      .help(
                          "give it more, NNC_JAVA_OPTIONS=-Xmx8g for instance, or make the batch or the model smaller")));
      default -> defect(thrown);
    };
  }

  private int tell(List<Diagnostic> diagnostics) {
    err.print(new DiagnosticPrinter(Colour.wanted()).print(diagnostics));
    err.flush();
    return ExitCode.WRONG_INPUT;
  }

  private int defect(Throwable thrown) {
    String cause = thrown.toString().lines().findFirst().orElse("");
    err.println(
        "nnc: internal error: "
            + cause.substring(0, Math.min(cause.length(), LONGEST_CAUSE))
            + inModel(thrown));
    err.println(
        "nnc: this is a defect of nnc, not of your input; please report it" + trace(thrown));
    err.flush();
    return ExitCode.DEFECT;
  }

  /** The kernel that threw it, and its line of the model, if one did. */
  private static String inModel(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
        .flatMap(each -> Arrays.stream(each.getStackTrace()))
        .filter(frame -> String.valueOf(frame.getFileName()).endsWith(".nn"))
        .findFirst()
        .map(frame ->
            ", in the kernel '"
                + frame.getMethodName()
                + "' ("
                + frame.getFileName()
                + ":"
                + frame.getLineNumber()
                + ")")
        .orElse("");
  }

  private String trace(Throwable thrown) {
    try {
      Path file = Files.createTempFile("nnc-error-", ".txt");
      try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file))) {
        writer.println(
            Main.Version.text()
                + ", "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch"));
        writer.println("nnc " + String.join(" ", arguments));
        thrown.printStackTrace(writer);
      }
      return ", with the file " + file;
    } catch (IOException | RuntimeException e) {
      return "; the details could not be written into a file (" + e.getMessage() + ")";
    }
  }
}
