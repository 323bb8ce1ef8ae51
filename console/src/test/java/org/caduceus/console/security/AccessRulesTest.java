package org.caduceus.console.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.caduceus.ledger.account.Role;
import org.junit.jupiter.api.Test;

/** The table "Paths of the web module" of docs/reference/configuration.md. */
class AccessRulesTest {
  @Test
  void anybodyMayAskForATokenGenesisHealthAndTheDescription() {
    for (String path :
        List.of(
            "/api/tokens",
            "/api/genesis",
            "/health/ready",
            "/health/live",
            "/openapi",
            "/sign-in")) {
      assertTrue(mayPass(path, Set.of()), path);
    }
  }

  @Test
  void everythingElseNeedsAnAccountEvenWhatDoesNotExist() {
    for (String path :
        List.of(
            "/",
            "/api/status",
            "/api/entries",
            "/api/blocks/1",
            "/api/institutions",
            "/institutions",
            "/feed/blocks",
            "/api/nothing",
            "/metrics",
            "/block/1",
            "/api/tokensx")) {
      assertFalse(mayPass(path, Set.of()), path);
      assertTrue(mayPass(path, Set.of(Role.CLINICIAN)), path);
    }
  }

  @Test
  void rolesGuardMessagesAndInlets() {
    assertRoles("/api/messages", Role.ADMINISTRATOR, Role.AUDITOR, Role.INTEGRATION);
    assertRoles(
        "/api/governance",
        Role.SUPER_ADMINISTRATOR,
        Role.ADMINISTRATOR,
        Role.COMPLIANCE,
        Role.AUDITOR);
    for (String path : List.of("/api/governance/ballots", "/api/governance/approvals")) {
      assertRoles(path, Role.SUPER_ADMINISTRATOR, Role.ADMINISTRATOR, Role.COMPLIANCE);
    }
    for (String path : List.of("/api/peers", "/api/peers/insurer-d")) {
      assertRoles(path, Role.SUPER_ADMINISTRATOR, Role.ADMINISTRATOR);
    }
    assertRoles("/messages", Role.ADMINISTRATOR, Role.AUDITOR, Role.INTEGRATION);
    assertRoles("/dicomweb/studies/1.2.3", Role.ADMINISTRATOR, Role.INTEGRATION);
    assertRoles("/epcis/capture", Role.ADMINISTRATOR, Role.INTEGRATION, Role.PHARMACIST);
  }

  @Test
  void pathsThatReadersMayUnderstandDifferentlyAreRefused() {
    for (String path :
        List.of(
            "/api/messages;x=1",
            "/api//messages",
            "/a/../api/messages",
            "/api/%2e%2e/x",
            "/api%2fmessages",
            "/api/messages%00",
            "/api/%3Bx",
            "/api\\messages",
            "/./api",
            "/api/..",
            "/api/%252e")) {
      assertFalse(AccessRules.unambiguous(path), path);
    }
    for (String path : List.of("/", "/api/entries/00ff", "/static/console.css", "/block/42")) {
      assertTrue(AccessRules.unambiguous(path), path);
    }
  }

  @Test
  void machinesAndPeopleAreRefusedInTheirOwnWay() {
    assertEquals(AccessRules.Door.MACHINE, AccessRules.door("/api/nothing"));
    assertEquals(AccessRules.Door.MACHINE, AccessRules.door("/epcis/events"));
    assertEquals(AccessRules.Door.FEED, AccessRules.door("/feed/blocks"));
    assertEquals(AccessRules.Door.PAGE, AccessRules.door("/apiary"));
  }

  @Test
  void aSignInNeverLeadsToAnotherSite() {
    for (String to :
        List.of(
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:x",
            "/a\r\nX: y")) {
      assertEquals("/", SignInServlet.localAddress(to), to);
    }
    assertEquals("/messages?inlet=dicom", SignInServlet.localAddress("/messages?inlet=dicom"));
  }

  @Test
  void onlyOurOwnOriginCountsAsOurs() {
    assertTrue(SameOrigin.isOwn("http://node:8080", "node:8080"));
    assertTrue(SameOrigin.isOwn("https://node", "node:443"));
    assertFalse(SameOrigin.isOwn("http://node:8081", "node:8080"));
    assertFalse(SameOrigin.isOwn("http://node:8080.evil.example", "node:8080"));
    assertFalse(SameOrigin.isOwn("null", "node:8080"));
  }

  private static void assertRoles(String path, Role... allowed) {
    Set<Role> expected = Set.of(allowed);
    for (Role role : Role.values()) {
      assertEquals(expected.contains(role), mayPass(path, Set.of(role)), path + " " + role);
    }
  }

  private static boolean mayPass(String path, Set<Role> roles) {
    return AccessRules.allows(AccessRules.access(path), roles);
  }
}
