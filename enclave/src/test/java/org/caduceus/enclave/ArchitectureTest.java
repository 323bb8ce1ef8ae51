package org.caduceus.enclave;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "org.caduceus.enclave",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule theBindingKnowsTheCoreAndJnaOnly =
      classes()
          .that()
          .resideInAPackage("org.caduceus.enclave")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.caduceus.enclave", "org.caduceus.ledger..", "com.sun.jna..", "java..")
          .because("shells are thin and named after what they add (docs/adr/0006)");

  @ArchTest
  static final ArchRule attestationKnowsTheCoreOnly =
      classes()
          .that()
          .resideInAPackage("org.caduceus.enclave.attestation")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.caduceus.enclave.attestation",
              "org.caduceus.ledger..",
              "java..",
              "javax.crypto..",
              "javax.security.auth.x500..")
          .because("verifying evidence needs no enclave of one's own (docs/adr/0006)");

  @ArchTest
  static final ArchRule onlyTheLibraryMappingIsNative =
      noClasses()
          .that()
          .doNotHaveSimpleName("TeeClientLibrary")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("com.sun.jna.Native")
          .because("one class can be read to see every native call (docs/adr/0003)");
}
