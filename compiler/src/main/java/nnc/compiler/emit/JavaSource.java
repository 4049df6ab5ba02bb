package nnc.compiler.emit;

/**
 * A generated class: its simple name and the whole text of its file.
 *
 * @param reading the text for a reader: of equations the kernels, each with its loops over numbers, and nothing around them
 */
public record JavaSource(String packageName, String name, String text, String reading) {
  /** The path of its file below a source folder. */
  public String path() {
    return packageName.replace('.', '/') + "/" + name + ".java";
  }
}
