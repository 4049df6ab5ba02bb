package nnc.runtime;

/**
 * A file of tensors cannot be read or written: says which file, which tensor, what was expected,
 * what was found and what to do about it.
 */
public final class TensorFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String file;
  private final String tensor;
  private final String expected;
  private final String found;
  private final String help;

  /**
   * @param file the file's name, as the user wrote it
   * @param tensor the tensor's name; empty if the error is not about one tensor
   * @param help what the user can do, one sentence without a full stop
   */
  public TensorFileException(
      String file, String tensor, String expected, String found, String help) {
    super(problem(file, tensor, expected, found) + "\n  = help: " + help);
    this.file = file;
    this.tensor = tensor;
    this.expected = expected;
    this.found = found;
    this.help = help;
  }

  private static String problem(String file, String tensor, String expected, String found) {
    String place = tensor.isEmpty() ? file : file + ": tensor " + Quoted.text(tensor);
    return place + ": expected " + expected + ", found " + found;
  }

  public String file() {
    return file;
  }

  /** The tensor's name; empty if the error is not about one tensor. */
  public String tensor() {
    return tensor;
  }

  public String expected() {
    return expected;
  }

  public String found() {
    return found;
  }

  /** The message's first line: place, what was expected, what was found. */
  public String problem() {
    return problem(file, tensor, expected, found);
  }

  public String help() {
    return help;
  }
}
