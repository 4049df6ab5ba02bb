package nnc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import nnc.runtime.CompiledModel;
import nnc.runtime.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompileCommandTest {
  @TempDir Path directory;

  @Test
  void sourcesGoIntoTheFoldersOfTheirPackage() {
    Workspace workspace = new Workspace(directory);
    Workspace.Result result =
        workspace.nnc("compile", "@tiny.nn", "-o", "@out", "--package", "org.example");
    assertThat(result.code()).isZero();
    assertThat(result.lines()).contains(workspace.path("out/org/example/Tiny.java").toString());
    assertThat(workspace.read("out/org/example/Tiny.java")).startsWith("package org.example;");
    assertThat(workspace.list("out/org/example"))
        .contains("Tiny.java", "TinyForward.java", "TinyGradient.java", "TinyUpdate.java")
        .allMatch(name -> name.endsWith(".java"));
  }

  @Test
  void aJarHoldsClassesAndTrainedParametersAndHasTheSameBytesEachTime() throws Exception {
    Workspace workspace = new Workspace(directory);
    workspace.nnc("train", "@tiny.nn", "--epochs", "1", "--out", "@run");
    assertThat(
            workspace.nnc("compile", "@tiny.nn", "--jar", "@a.jar", "--parameters", "@run").code())
        .isZero();
    assertThat(
            workspace
                .nnc(
                    "compile",
                    "@tiny.nn",
                    "--jar",
                    "@b.jar",
                    "--parameters",
                    "@run/checkpoint.safetensors")
                .code())
        .isZero();
    assertThat(workspace.bytes("a.jar")).isEqualTo(workspace.bytes("b.jar"));
    try (JarFile jar = new JarFile(workspace.path("a.jar").toFile())) {
      assertThat(jar.getManifest()).isNotNull();
      byte[] parameters = jar.getInputStream(new ZipEntry("nn/Tiny.safetensors")).readAllBytes();
      assertThat(Safetensors.read(parameters, "jar").names())
          .containsExactly("dense1.W", "dense1.b", "dense2.W", "dense2.b");
    }
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {workspace.path("a.jar").toUri().toURL()},
            CompiledModel.class.getClassLoader())) {
      CompiledModel model =
          (CompiledModel) loader.loadClass("nn.Tiny").getMethod("trained").invoke(null);
      assertThat(model.parameter("dense1.W"))
          .isEqualTo(
              Safetensors.read(workspace.path("run/checkpoint.safetensors")).floats("dense1.W"));
    }
  }

  @Test
  void theSizesOfTheTrainingGoWithItsParameters() {
    Workspace workspace = new Workspace(directory);
    workspace.write(
        "tiny.nn",
        Workspace.TINY
            .replace("dim B = 4", "dim B = 4\n  dim H = 5")
            .replace("Dense(5", "Dense(H"));
    workspace.nnc("train", "@tiny.nn", "--epochs", "1", "--set", "H=7", "--out", "@run");
    String[] compile = {"compile", "@tiny.nn", "--jar", "@a.jar", "--parameters", "@run"};
    assertThat(workspace.nnc(compile).err()).isEmpty();
    assertThat(
            workspace
                .nnc(
                    "compile",
                    "@tiny.nn",
                    "--jar",
                    "@a.jar",
                    "--parameters",
                    "@run",
                    "--set",
                    "H=6")
                .err())
        .contains("expected shape [3, 6], found shape [3, 7]");
  }

  @Test
  void whereAFileCannotBeWrittenNoneIs() throws Exception {
    Workspace workspace = new Workspace(directory);
    Files.createDirectories(
        workspace.path("out/nn/TinyUpdate.java")); // a directory in the way of the last source
    Workspace.Result result = workspace.nnc("compile", "@tiny.nn", "-o", "@out");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("TinyUpdate.java")
        .contains("a directory of this name is in the way");
    assertThat(workspace.list("out/nn")).containsExactly("TinyUpdate.java");
  }

  @Test
  void anOutputThatIsAFileIsTold() {
    Workspace workspace = new Workspace(directory);
    Workspace.Result result = workspace.nnc("compile", "@tiny.nn", "-o", "@rows.csv");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("cannot be written").contains("help");
  }
}
