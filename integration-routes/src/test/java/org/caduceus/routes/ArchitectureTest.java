package org.caduceus.routes;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.enterprise.concurrent.ManagedThreadFactoryDefinition;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(
    packages = "org.caduceus.routes",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ROUTES_REACH_THE_LEDGER_THROUGH_ITS_PORTS_ONLY =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.caduceus.ledger.ejb..", "org.caduceus.enclave..", "org.caduceus.console..")
          .because("nobody imports the shells; they are reached by @EJB on a core port");

  @ArchTest
  static final ArchRule ONLY_THE_TOP_PACKAGE_KNOWS_THE_CONTAINER =
      noClasses()
          .that()
          .resideInAPackage("org.caduceus.routes.*..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta..", "org.eclipse.microprofile..")
          .because("an inlet must run in a plain test with a fake intake");

  @ArchTest
  static final ArchRule INLETS_DO_NOT_KNOW_EACH_OTHER =
      slices().matching("org.caduceus.routes.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule INLETS_DO_NOT_LOOK_BACK =
      noClasses()
          .that()
          .resideInAPackage("org.caduceus.routes.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.caduceus.routes")
          .because("the top package starts them, and arrows have one direction");

  @ArchTest
  static final ArchRule THE_LISTENER_KNOWS_NEITHER_CAMEL_NOR_HL7 =
      noClasses()
          .that()
          .haveSimpleNameStartingWith("MllpListener")
          .or()
          .haveSimpleNameStartingWith("MllpConnection")
          .or()
          .haveSimpleNameStartingWith("FrameReader")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.camel..", "org.caduceus.adapters..")
          .because("framing is bytes");

  @ArchTest
  static final ArchRule NOTHING_RUNS_ON_VIRTUAL_THREADS =
      noClasses()
          .should()
          .callMethod(Thread.class, "ofVirtual")
          .orShould()
          .callMethod(Thread.class, "startVirtualThread", Runnable.class)
          .orShould()
          .callMethod(Executors.class, "newVirtualThreadPerTaskExecutor")
          .because("the server's class loaders deadlock with them (docs/adr/0008)");

  @Test
  void theManagedThreadsArePlatformThreads() {
    ManagedThreadFactoryDefinition threads =
        CamelStartup.class.getAnnotation(ManagedThreadFactoryDefinition.class);
    assertFalse(threads.virtual(), "the server's class loaders deadlock with them (docs/adr/0008)");
  }

  @ArchTest
  static final ArchRule ROUTES_TOUCH_NO_STORE_AND_NO_QUEUE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.persistence..", "jakarta.jms..", "java.sql..")
          .because("what is durable is the intake's business");

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Manager|Helper|Util)")
          .because("the house gives no such names");
}
