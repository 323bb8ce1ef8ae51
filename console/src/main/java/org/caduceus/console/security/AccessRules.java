package org.caduceus.console.security;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.caduceus.ledger.account.Role;

/**
 * Who may do what, by path and method: the table "Paths of the web module" of {@code
 * docs/reference/configuration.md}. What the table does not name needs an account.
 */
public final class AccessRules {

  /** How a path wants its refusals. */
  public enum Door {
    /** Machine interfaces: problem+json and a Bearer challenge. */
    MACHINE,
    /** The WebSocket: as machines, and a token may stand in the address. */
    FEED,
    /** Pages: the sign-in page. */
    PAGE
  }

  /** Who may pass. */
  public sealed interface Access {
    /** Anybody. */
    record Open() implements Access {}

    /** Accounts with one of these roles. */
    record OneOf(Set<Role> roles) implements Access {
      /** Freezes the set. */
      public OneOf {
        roles = Set.copyOf(roles);
      }
    }
  }

  private static final Access OPEN = new Access.Open();
  private static final Access ANY_ACCOUNT = new Access.OneOf(EnumSet.allOf(Role.class));
  private static final Access MESSAGES =
      new Access.OneOf(EnumSet.of(Role.ADMINISTRATOR, Role.AUDITOR, Role.INTEGRATION));
  private static final Access GOVERNANCE =
      new Access.OneOf(
          EnumSet.of(Role.SUPER_ADMINISTRATOR, Role.ADMINISTRATOR, Role.COMPLIANCE, Role.AUDITOR));
  private static final Access OFFICERS =
      new Access.OneOf(EnumSet.of(Role.SUPER_ADMINISTRATOR, Role.ADMINISTRATOR, Role.COMPLIANCE));
  private static final Access ADMINISTRATORS =
      new Access.OneOf(EnumSet.of(Role.SUPER_ADMINISTRATOR, Role.ADMINISTRATOR));
  private static final Access DICOM =
      new Access.OneOf(EnumSet.of(Role.ADMINISTRATOR, Role.INTEGRATION));
  private static final Access EPCIS =
      new Access.OneOf(EnumSet.of(Role.ADMINISTRATOR, Role.INTEGRATION, Role.PHARMACIST));

  private static final Pattern AMBIGUOUS =
      Pattern.compile(
          "[;\\\\\\p{Cntrl}]|//|(^|/)\\.{1,2}(/|$)|%(2e|2f|3b|5c|25|7f|[01][0-9a-f])",
          Pattern.CASE_INSENSITIVE);

  /** A path and everything below it. First match wins. */
  private record Rule(String prefix, Access access) {
    boolean covers(String path) {
      return path.equals(prefix) || path.startsWith(prefix + "/");
    }
  }

  private static final List<Rule> RULES =
      List.of(
          new Rule("/api/tokens", OPEN),
          new Rule("/api/genesis", OPEN),
          new Rule("/api/messages", MESSAGES),
          new Rule("/api/governance/ballots", OFFICERS),
          new Rule("/api/governance/approvals", OFFICERS),
          new Rule("/api/governance", GOVERNANCE),
          new Rule("/api/peers", ADMINISTRATORS),
          new Rule("/dicomweb", DICOM),
          new Rule("/epcis", EPCIS),
          new Rule("/sign-in", OPEN),
          new Rule("/static", OPEN),
          new Rule("/jakarta.faces.resource", OPEN),
          new Rule("/error", OPEN),
          new Rule("/favicon.ico", OPEN),
          new Rule("/health", OPEN),
          new Rule("/openapi", OPEN),
          new Rule("/messages", MESSAGES),
          new Rule("/governance", GOVERNANCE));

  private AccessRules() {}

  /**
   * Whether a raw request path means the same to everybody who reads it: no path parameters, empty
   * or dotted segments, encoded separators or control characters, with which a rule could be walked
   * around.
   *
   * @param rawPath as the client sent it, without the query
   */
  public static boolean unambiguous(String rawPath) {
    return !AMBIGUOUS.matcher(rawPath).find();
  }

  /** The kind of refusal for a path of this web module, beginning with a slash. */
  public static Door door(String path) {
    if (path.equals("/feed") || path.startsWith("/feed/")) {
      return Door.FEED;
    }
    for (String machine : List.of("/api", "/dicomweb", "/epcis")) {
      if (path.equals(machine) || path.startsWith(machine + "/")) {
        return Door.MACHINE;
      }
    }
    return Door.PAGE;
  }

  /**
   * Who may send a request to this path.
   *
   * @param path normalised, beginning with a slash, as the server mapped it
   */
  public static Access access(String path) {
    for (Rule rule : RULES) {
      if (rule.covers(path)) {
        return rule.access();
      }
    }
    return ANY_ACCOUNT;
  }

  /** Whether an account with these roles may pass. */
  public static boolean allows(Access access, Set<Role> roles) {
    return switch (access) {
      case Access.Open open -> true;
      case Access.OneOf(Set<Role> wanted) -> roles.stream().anyMatch(wanted::contains);
    };
  }
}
