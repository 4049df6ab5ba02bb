package nnc.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers why writing failed: a {@link PrintWriter} only remembers that it did. */
final class StandardOutput extends FilterOutputStream {
  private @Nullable IOException failure;

  StandardOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /** Whoever closes a pipe early ({@code | head}) has seen enough; a full disk is an error. */
  int exitCode(PrintWriter err) {
    boolean pipeClosed =
        failure != null && String.valueOf(failure.getMessage()).contains("Broken pipe");
    if (failure == null || pipeClosed) {
      return ExitCode.DONE;
    }
    err.println("nnc: standard output cannot be written: " + failure.getMessage());
    return ExitCode.WRONG_INPUT;
  }
}
