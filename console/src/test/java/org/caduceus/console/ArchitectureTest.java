package org.caduceus.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

@AnalyzeClasses(packages = "org.caduceus", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule the_console_knows_the_ledger_through_its_ports_only =
      noClasses()
          .that()
          .resideInAPackage("org.caduceus.console..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.caduceus.ledger.ejb..",
              "org.caduceus.routes..",
              "org.caduceus.enclave..",
              "org.caduceus.adapters..",
              "jakarta.persistence..",
              "jakarta.jms..")
          .because("beans are reached by @EJB on a port of ledger-core");

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      SlicesRuleDefinition.slices()
          .matching("org.caduceus.console.(*)..")
          .should()
          .beFreeOfCycles();

  @ArchTest
  static final ArchRule names_say_what_a_class_adds =
      noClasses()
          .that()
          .resideInAPackage("org.caduceus.console..")
          .should()
          .haveNameMatching(".*(Impl|Manager|Helper|Util)")
          .because("such names say nothing");
}
