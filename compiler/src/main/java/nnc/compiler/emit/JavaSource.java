package nnc.compiler.emit;

import nnc.runtime.SourceMap;

/**
 * A generated class: its simple name and the whole text of its file.
 *
 * @param reading the text for a reader: of equations the kernels, each with its loops over numbers, and nothing around them
 * @param map which lines of the model the lines of the text come from
 */
public record JavaSource(
    String packageName, String name, String text, String reading, SourceMap map) {
  /** A class that comes from no line of a model. */
  public JavaSource(String packageName, String name, String text, String reading) {
    this(packageName, name, text, reading, SourceMap.NONE);
  }

  /** The full name of its class. */
  public String className() {
    return packageName.isEmpty() ? name : packageName + "." + name;
  }

  /** The path of its file below a source folder. */
  public String path() {
    return packageName.replace('.', '/') + "/" + name + ".java";
  }
}
