package nnc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The ways in which the peers compute. */
enum Framework {
  EAGER("torch", "pytorch.py"),
  COMPILE("torch", "pytorch.py"),
  SCRIPT("torch", "pytorch.py"),
  JIT("jax", "jax_peer.py");

  private final String module;
  private final String script;

  Framework(String module, String script) {
    this.module = module;
    this.script = script;
  }

  String module() {
    return module;
  }

  /** Only a cell that is written by hand is worth being scripted; W10 has a peer of its own. */
  boolean knows(Task task) {
    return task != Task.W10 && (this != SCRIPT || task == Task.W9);
  }

  boolean isInstalled(String python) {
    try {
      return new ProcessBuilder(
                  python,
                  "-c",
                  "import importlib.util as u, sys; sys.exit(u.find_spec('"
                      + module
                      + "') is None)")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  List<String> command(String python, Path scripts, Task task, int threads) {
    return List.of(
        python,
        scripts.resolve(script).toString(),
        task.name(),
        "--threads",
        String.valueOf(threads),
        "--mode",
        toString());
  }

  /** What the option {@code --mode} of the peers calls it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
