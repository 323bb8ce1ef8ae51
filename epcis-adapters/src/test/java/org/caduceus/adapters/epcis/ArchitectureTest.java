package org.caduceus.adapters.epcis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "org.caduceus.adapters.epcis",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule THE_ADAPTER_KNOWS_ONLY_THE_CORE_AND_JSON =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.xml.stream..",
              "org.caduceus.adapters.epcis..",
              "org.caduceus.ledger",
              "org.caduceus.ledger.record",
              "com.fasterxml.jackson..",
              "com.networknt.schema..")
          .because("an adapter is plain Java before the core's record package");

  @ArchTest
  static final ArchRule IDENTIFICATION_KEYS_STAND_ALONE =
      classes()
          .that()
          .resideInAPackage("..gs1..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "..gs1..")
          .because("keys mean the same outside of EPCIS");

  @ArchTest
  static final ArchRule AN_ADAPTER_TOUCHES_NEITHER_NETWORK_NOR_FILES_NOR_CLOCK =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio.file..", "java.sql..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .because("contexts are never fetched and the same event always gives the same record");

  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CYCLE =
      slices().matching("org.caduceus.adapters.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .because("the house gives no such names");
}
