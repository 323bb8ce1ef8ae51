package org.caduceus.adapters.hl7v2;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "org.caduceus.adapters.hl7v2",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule THE_ADAPTER_KNOWS_ONLY_THE_CORE =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.caduceus.adapters.hl7v2..",
              "org.caduceus.ledger",
              "org.caduceus.ledger.record")
          .because("an adapter is plain Java before the core's record package");

  @ArchTest
  static final ArchRule AN_ADAPTER_TOUCHES_NEITHER_NETWORK_NOR_FILES_NOR_CLOCK =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio.file..", "java.sql..", "java.time..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .because("the same bytes always give the same record");

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Manager|Helper|Util)")
          .because("the house gives no such names");
}
