package org.caduceus.adapters.dicom;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Random;

@AnalyzeClasses(
    packages = "org.caduceus.adapters.dicom",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule THE_ADAPTER_KNOWS_ONLY_THE_CORE_AND_JSON =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.caduceus.adapters.dicom..",
              "org.caduceus.ledger",
              "org.caduceus.ledger.record",
              "com.fasterxml.jackson.core..")
          .because("an adapter is plain Java before the core's record package");

  @ArchTest
  static final ArchRule AN_ADAPTER_TOUCHES_NEITHER_NETWORK_NOR_FILES_NOR_CLOCK =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio.file..", "java.sql..", "java.awt..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Random.class)
          .because("the same instance always gives the same record, and pixels are never decoded");

  @ArchTest
  static final ArchRule NO_TREE_OF_A_DATA_SET_IS_BUILT =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.fasterxml.jackson.databind..")
          .because("metadata is written as it is read, so that memory is bounded");

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Manager|Helper|Util)")
          .because("the house gives no such names");
}
