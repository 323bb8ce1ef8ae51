package org.caduceus.ledger.ejb;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.persistence.Entity;

/** The import arrows of this module. */
@AnalyzeClasses(
    packages = "org.caduceus.ledger.ejb",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule rowsStayInTheStore =
      classes()
          .that()
          .areAnnotatedWith(Entity.class)
          .should()
          .resideInAPackage("..ejb.store")
          .andShould()
          .notBePublic()
          .because("ports of the core go in and out of the store, not rows");

  @ArchTest
  static final ArchRule persistenceOnlyInTheStore =
      noClasses()
          .that()
          .resideOutsideOfPackage("..ejb.store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.persistence..", "org.hibernate..", "org.flywaydb..")
          .because("the database is one package's business");

  @ArchTest
  static final ArchRule messagingOnlyInPeerAndFanout =
      noClasses()
          .that()
          .resideOutsideOfPackages("..ejb.peer", "..ejb.fanout")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.jms..", "org.apache.activemq..")
          .because("the replica must not know how messages travel")
          // The feed's retry is the one place where fan-out's failures are seen.
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule beansSpeakInPublicTypes =
      methods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .areAnnotatedWith(Singleton.class)
          .should()
          .haveRawReturnType(
              describe("that is public", type -> type.getModifiers().contains(PUBLIC)))
          .because("the container's proxies stand in another package and cannot see others");

  @ArchTest
  static final ArchRule beansAreCalledByPublicMethods =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .areAnnotatedWith(LocalBean.class)
          .and()
          .areNotPublic()
          .should(
              new ArchCondition<>("be called by their own bean only") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                  method.getCallsOfSelf().stream()
                      .filter(call -> !call.getOriginOwner().equals(method.getOwner()))
                      .forEach(
                          call ->
                              events.add(
                                  SimpleConditionEvent.violated(call, call.getDescription())));
                }
              })
          .because("the container's view of a bean refuses every other call, at run time");

  @ArchTest
  static final ArchRule nobodyNamesClassesAfterNothing =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Manager|Helper|Util)")
          .because("a name says what a class adds");

  @ArchTest
  static final ArchRule noRoutesNoPages =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.camel..", "org.caduceus.adapters..", "org.caduceus.console..")
          .because("arrows point from the routes and the console to the core, never here");
}
