package nnc.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.lang.model.SourceVersion;
import nnc.cli.output.WholeFiles;
import nnc.cli.train.Checkpoint;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.artifact.Classes;
import nnc.compiler.artifact.InMemoryCompiler;
import nnc.compiler.artifact.JarWriter;
import nnc.compiler.emit.JavaSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nnc compile}. */
@Command(
    name = "compile",
    mixinStandardHelpOptions = true,
    description =
        "Writes the Java of a model: its sources, a jar of its classes, or both. They need the runtime jar and nothing else.",
    footer = {
      "",
      "Examples:",
      "  nnc compile models/digits.nn -o generated --package org.example",
      "  nnc compile models/digits.nn --jar digits.jar --parameters run"
    })
final class CompileCommand implements Callable<Integer> {
  @Mixin private ModelFile model = new ModelFile();

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Spec private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Where the sources go, in folders as Java wants them.")
  private @Nullable Path output;

  @Option(
      names = "--jar",
      paramLabel = "FILE.jar",
      description = "Where a jar of the compiled classes goes.")
  private @Nullable Path jar;

  @Option(
      names = "--parameters",
      paramLabel = "CHECKPOINT",
      description =
          "Trained parameters that the jar is to hold: a checkpoint, or the --out of a training. Dims have the sizes of this training, where --set does not say otherwise.")
  private @Nullable Path parameters;

  @Option(
      names = "--package",
      paramLabel = "NAME",
      defaultValue = "nn",
      description = "The package of the classes. Default: ${DEFAULT-VALUE}.")
  private String packageName;

  @Override
  public Integer call() {
    requireUsage(
        output != null || jar != null,
        "say what to write: sources with -o DIR, classes with --jar FILE.jar");
    requireUsage(
        parameters == null || jar != null, "--parameters go into a jar: --jar FILE.jar is missing");
    requireUsage(
        SourceVersion.isName(packageName, SourceVersion.RELEASE_25),
        "'" + packageName + "' is not the name of a Java package");
    Map<String, Integer> settings =
        new LinkedHashMap<>(parameters == null ? Map.of() : Checkpoint.settings(parameters));
    settings.putAll(model.settings());
    Compilation compilation =
        model.compile(
            new Compiler.Options(settings, true, packageName, switchedOff.optimizations()));
    Map<Path, byte[]> files = new LinkedHashMap<>();
    if (output != null) {
      for (JavaSource source : compilation.java()) {
        files.put(output.resolve(source.path()), source.text().getBytes(StandardCharsets.UTF_8));
      }
    }
    if (jar != null) {
      files.put(jar, jar(compilation));
    }
    WholeFiles.write(files);
    PrintWriter out = spec.commandLine().getOut();
    files.keySet().forEach(out::println);
    return ExitCode.DONE;
  }

  private byte[] jar(Compilation compilation) {
    Classes classes = InMemoryCompiler.compile(compilation.java());
    Map<String, byte[]> resources = new LinkedHashMap<>();
    if (parameters != null) {
      String main = compilation.java().getFirst().path();
      resources.put(
          main.replaceAll("\\.java$", ".safetensors"),
          Checkpoint.parametersAlone(compilation.load(), parameters));
    }
    return JarWriter.jar(classes, resources);
  }

  private void requireUsage(boolean holds, String problem) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), problem);
    }
  }
}
