package org.caduceus.ledger;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of the ledger stay plain Java: what can be simulated can be trusted. */
@AnalyzeClasses(
    packages = "org.caduceus.ledger",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule noPlatform =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "jakarta..", "org.apache.camel..", "java.util.logging..", "org.slf4j..", "java.sql..")
          .because("shells around the core own the platform");

  @ArchTest
  static final ArchRule noThreadsAndNoRandom =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Thread.class, java.util.Random.class, java.security.SecureRandom.class)
          .because("a seed must be able to replay everything");

  @ArchTest
  static final ArchRule noClock =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .because("time arrives as an input");

  @ArchTest
  static final ArchRule honestNames =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils)")
          .because("a name says what a class is for");
}
