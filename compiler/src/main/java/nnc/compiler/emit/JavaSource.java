package nnc.compiler.emit;

/** A generated class: its simple name and the whole text of its file. */
public record JavaSource(String packageName, String name, String text) {
  /** The path of its file below a source folder. */
  public String path() {
    return packageName.replace('.', '/') + "/" + name + ".java";
  }
}
