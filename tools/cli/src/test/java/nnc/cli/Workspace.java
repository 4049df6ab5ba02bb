package nnc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** A directory with a small model and its data, and the command line to try on it. */
public final class Workspace {
  /** Dropout, so that random numbers of a step matter; 43 rows in batches of 4, so that the last is smaller. */
  public static final String TINY =
      """
      model Tiny {
        dim B = 4
        input x: f32[B, 3]
        input y: i32[B]
        hidden = x |> Dense(5, tanh) |> Dropout(0.2)
        logits = hidden |> Dense(2)
        output guess = argmax(logits)
        output p = softmax(logits)
        loss = mean(cross_entropy(logits, y))
        metric accuracy = mean(guess == y)
      }
      train Tiny {
        data csv("rows.csv") { x = columns(0..2) / 2; y = column("label"); hold out 25% }
        optimizer Adam(lr = 1e-2)
        epochs 3
      }
      """;

  public static final int ROWS = 43;

  private final Path directory;

  /** What a command line came to. */
  public record Result(int code, String out, String err) {
    public String[] lines() {
      return out.lines().toArray(String[]::new);
    }
  }

  public Workspace(Path directory) {
    this.directory = directory;
    write("tiny.nn", TINY);
    write("rows.csv", rows(ROWS));
  }

  /** Rows whose label is whether the first column is larger than the second. */
  public static String rows(int count) {
    StringBuilder rows = new StringBuilder("a,b,c,label\n");
    for (int i = 0; i < count; i++) {
      double a = Math.sin(i * 1.7);
      double b = Math.cos(i * 2.3);
      rows.append(
          String.format(
              Locale.ROOT, "%.4f,%.4f,%.4f,%d%n", a, b, Math.sin(i * 0.9), a > b ? 1 : 0));
    }
    return rows.toString();
  }

  public Path path(String name) {
    return directory.resolve(name);
  }

  public Path write(String name, String text) {
    try {
      Files.createDirectories(path(name).getParent());
      return Files.writeString(path(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String read(String name) {
    try {
      return Files.readString(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] bytes(String name) {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names in a directory. */
  public String[] list(String name) {
    try (Stream<Path> files = Files.list(path(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toArray(String[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tiny model with a part of its text replaced, in a file of its own. */
  public String variant(String name, String part, String other) {
    if (!TINY.contains(part)) {
      throw new IllegalArgumentException("the tiny model does not contain " + part);
    }
    write(name, TINY.replace(part, other));
    return name;
  }

  /** Runs nnc; arguments that begin with @ are files of this directory. */
  public Result nnc(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] resolved =
        Arrays.stream(arguments)
            .map(argument ->
                argument.startsWith("@") ? path(argument.substring(1)).toString() : argument)
            .toArray(String[]::new);
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), resolved);
    return new Result(code, out.toString(), err.toString());
  }
}
