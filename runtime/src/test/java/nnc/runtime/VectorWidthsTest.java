package nnc.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts JVMs that are told to use narrower vectors than the machine has. */
class VectorWidthsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"-XX:MaxVectorSize=16", "-XX:MaxVectorSize=32", "-XX:UseAVX=2", "-XX:UseAVX=1"})
  void everyVectorWidthGivesTheSameBits(String flag) throws Exception {
    assertThat(digest(flag, "--add-modules=jdk.incubator.vector"))
        .isEqualTo(ProductsDigest.of(Provider.scalar().products()));
  }

  @Test
  void withoutTheVectorModuleResultsAreTheSame() throws Exception {
    assertThat(digest()).isEqualTo(ProductsDigest.of(Provider.best().products()));
  }

  private static long digest(String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // For flags that another kind of processor does not have.
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.addAll(List.of(flags));
    command.add("-cp");
    command.add(place(Products.class) + File.pathSeparator + place(ProductsDigest.class));
    command.add(ProductsDigest.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String printed = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    assertThat(process.waitFor()).as("%s", command).isZero();
    return Long.parseLong(printed.lines().reduce("", (first, last) -> last));
  }

  private static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
