package nnc.compiler;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Dependencies point one way: a stage of the compiler sees the stages before it, and third parties stay in their place. */
final class ArchitectureTest {
  private static final String COMPILER = "nnc.compiler";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("nnc");

  /**
   * The packages of the compiler and what each may see. A new package is a new line here. Java lets an enum constant
   * mention only the constants above it, so no line can make a circle.
   */
  private enum Stage {
    SOURCE,
    SYNTAX(SOURCE),
    IR(SOURCE),
    GRAD(SOURCE, IR),
    MODEL(SOURCE, SYNTAX, IR, GRAD),
    PASS(SOURCE, IR, GRAD),
    PLAN(SOURCE, IR),
    EXPLAIN(SOURCE, IR, MODEL, PLAN),
    EMIT(SOURCE, IR, MODEL, PLAN, EXPLAIN),
    ARTIFACT(SOURCE, EMIT),
    INSPECT(SOURCE, IR, MODEL, PLAN);

    private final List<Stage> seen;

    Stage(Stage... seen) {
      this.seen = List.of(seen);
    }

    String packages() {
      return COMPILER + "." + name().toLowerCase(Locale.ROOT) + "..";
    }

    /** Packages of this stage and of those it may see. */
    String[] visible() {
      return Stream.concat(Stream.of(this), seen.stream())
          .map(Stage::packages)
          .toArray(String[]::new);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStageSeesOnlyEarlierStages(Stage stage) {
    classes()
        .that()
        .resideInAPackage(stage.packages())
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(stage.visible()).or(resideOutsideOfPackage(COMPILER + "..")))
        .check(CLASSES);
  }

  @Test
  void everyPackageIsAStage() {
    String[] known =
        Stream.concat(Stream.of(COMPILER), Arrays.stream(Stage.values()).map(Stage::packages))
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(COMPILER + "..")
        .should()
        .resideInAnyPackage(known)
        .check(CLASSES);
  }

  @ParameterizedTest(name = "{0} only in {1}")
  @CsvSource({
    "org.antlr..,              nnc.compiler.syntax..",
    "nnc.grammar..,            nnc.compiler.syntax..",
    "com.palantir.javapoet..,  nnc.compiler.emit..",
    "javax.tools..,            nnc.compiler.artifact..",
  })
  void aThirdPartyStaysInItsPlace(String thirdParty, String place) {
    noClasses()
        .that()
        .resideInAPackage(COMPILER + "..")
        .and()
        .resideOutsideOfPackage(place)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(thirdParty)
        .check(CLASSES);
  }

  @Test
  void theRuntimeNeedsNothingButTheJdk() {
    classes()
        .that()
        .resideInAPackage("nnc.runtime..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("nnc.runtime..", "java..", "jdk.incubator.vector..")
        .check(CLASSES);
  }

  @Test
  void theRulesLookAtRealClasses() {
    assertThat(CLASSES)
        .anySatisfy(each -> assertThat(each.getPackageName()).isEqualTo(COMPILER + ".ir"));
    assertThat(CLASSES)
        .anySatisfy(each -> assertThat(each.getPackageName()).isEqualTo("nnc.runtime"));
  }
}
