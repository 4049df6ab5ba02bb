package nnc.compiler.source;

import java.util.Arrays;

/** A piece of .nn text with the name that diagnostics and generated code call it by. */
public final class Source {
  /** What the names of the standard library's texts begin with. */
  public static final String LIBRARY = "library/";

  private final String name;
  private final String text;
  private final int[] lineStarts;

  /** @param name the path as the user wrote it, relative to where the compiler was started */
  public Source(String name, String text) {
    this.name = name;
    this.text = text;
    int lines = 1 + (int) text.chars().filter(c -> c == '\n').count();
    lineStarts = new int[lines];
    int line = 1;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        lineStarts[line++] = i + 1;
      }
    }
  }

  public String name() {
    return name;
  }

  /** Whether this is a text of the standard library. */
  public boolean isLibrary() {
    return name.startsWith(LIBRARY);
  }

  /** The last part of the name: what a comment in generated code shows. */
  public String fileName() {
    return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  }

  public String text() {
    return text;
  }

  /** The line of an offset, counted from 1. */
  public int line(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The column of an offset in its line, in UTF-16 units, counted from 1. */
  public int column(int offset) {
    return offset - lineStarts[line(offset) - 1] + 1;
  }

  /** The offset at which a line begins. */
  public int lineStart(int line) {
    return lineStarts[line - 1];
  }

  /** The offset at which a line ends, its line end not included. */
  public int lineEnd(int line) {
    int end = line < lineStarts.length ? lineStarts[line] - 1 : text.length();
    return end > lineStarts[line - 1] && text.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  /** The text of a line without its line end. */
  public String lineText(int line) {
    return text.substring(lineStart(line), lineEnd(line));
  }

  @Override
  public String toString() {
    return name;
  }
}
