package org.caduceus.console.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.caduceus.console.Problem;
import org.caduceus.console.security.AccessRules.Access;
import org.caduceus.console.security.AccessRules.Door;
import org.caduceus.ledger.account.Role;

/**
 * Finds out who sends a request, before anything else sees it: a bearer token for programs, a
 * session for people. A session keeps a token too, so that an account that is disabled loses its
 * pages at its next click.
 */
@ApplicationScoped
public class SignInMechanism implements HttpAuthenticationMechanism {
  /** Session attribute that holds the session's token. */
  static final String SESSION_TOKEN = "org.caduceus.console.token";

  private static final String ROLES = "org.caduceus.console.roles";
  private static final String SCHEME = "bearer ";

  @Inject AccountIdentityStore store;

  @Override
  public AuthenticationStatus validateRequest(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
      throws AuthenticationException {
    SecurityHeaders.apply(request, response);
    try {
      return decide(request, response, context);
    } catch (IOException e) {
      throw new AuthenticationException("Expected to answer the client, but it is gone", e);
    }
  }

  /**
   * Roles of the account that sent a request, none for anybody else. The server's own role mapping
   * is not asked: it depends on descriptors of the assembly, and this answer must not.
   */
  public static Set<Role> callerRoles(HttpServletRequest request) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    if (request.getAttribute(ROLES) instanceof Set<?> known) {
      known.forEach(role -> roles.add((Role) role));
    }
    return roles;
  }

  private AuthenticationStatus decide(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
      throws IOException {
    if (!AccessRules.unambiguous(request.getRequestURI())) {
      return refuse(response, Problem.of(400, "Expected a plain path in the address."));
    }
    String path = path(request);
    Access access = AccessRules.access(path);
    Door door = AccessRules.door(path);
    Optional<String> presented = presentedToken(request, door);
    boolean bySession = presented.isEmpty();
    Optional<String> token = bySession ? sessionToken(request) : presented;
    CredentialValidationResult caller =
        token
            .map(value -> store.validate(new BearerCredential(value)))
            .orElse(CredentialValidationResult.NOT_VALIDATED_RESULT);
    if (caller.getStatus() != CredentialValidationResult.Status.VALID) {
      return access instanceof Access.Open
          ? context.doNothing()
          : challenge(request, response, door);
    }
    if (bySession && !SameOrigin.mayChange(request)) {
      return refuse(
          response,
          Problem.of(
              403, "Expected a request from a page of this console, but another site sent it."));
    }
    if (door == Door.FEED && !SameOrigin.mayListen(request)) {
      return refuse(
          response,
          Problem.of(
              403,
              "Expected a connection from a page of this console, but another site opened it."));
    }
    if (!AccessRules.allows(access, roles(caller))) {
      return forbid(response, door);
    }
    request.setAttribute(ROLES, roles(caller));
    return context.notifyContainerAboutLogin(caller);
  }

  private static AuthenticationStatus challenge(
      HttpServletRequest request, HttpServletResponse response, Door door) throws IOException {
    if (door != Door.PAGE) {
      response.setHeader(
          "WWW-Authenticate",
          "Bearer realm=\"caduceus\", error=\"invalid_token\","
              + " error_description=\"The token is missing, unknown or expired\"");
      return refuse(
          response,
          Problem.of(
              401,
              "The token is missing, unknown or expired. Nothing was changed. Ask for a new one"
                  + " with POST /api/tokens."));
    }
    if (fromAnotherSite(request)) {
      // The Strict cookie is withheld on the first step from another site (a link in a mail). A
      // page of ours that asks again for itself gets it.
      response.setStatus(200);
      response.setContentType("text/html;charset=UTF-8");
      response.setHeader("Refresh", "0");
      response.getWriter().write("<!DOCTYPE html><title>Caduceus</title>");
      return AuthenticationStatus.SEND_CONTINUE;
    }
    response.sendRedirect(request.getContextPath() + "/sign-in" + returnTo(request));
    return AuthenticationStatus.SEND_CONTINUE;
  }

  private static boolean fromAnotherSite(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return request.getMethod().equals("GET")
        && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
        && ("cross-site".equals(site) || "same-site".equals(site));
  }

  private static String returnTo(HttpServletRequest request) {
    if (!request.getMethod().equals("GET") || path(request).equals("/")) {
      return "";
    }
    String query = request.getQueryString();
    String address = request.getRequestURI() + (query == null ? "" : "?" + query);
    return "?to=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
  }

  private static AuthenticationStatus forbid(HttpServletResponse response, Door door)
      throws IOException {
    if (door == Door.PAGE) {
      response.sendError(HttpServletResponse.SC_FORBIDDEN);
      return AuthenticationStatus.SEND_FAILURE;
    }
    return refuse(
        response,
        Problem.of(403, "This account has none of the roles this needs. Nothing was changed."));
  }

  private static AuthenticationStatus refuse(HttpServletResponse response, Problem problem)
      throws IOException {
    problem.sendTo(response);
    return AuthenticationStatus.SEND_FAILURE;
  }

  /** The token of the request itself; an empty text, which fits no account, for other schemes. */
  private static Optional<String> presentedToken(HttpServletRequest request, Door door) {
    String header = request.getHeader("Authorization");
    if (header != null) {
      boolean bearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
      return Optional.of(bearer ? header.substring(SCHEME.length()).strip() : "");
    }
    if (door == Door.FEED && request.getQueryString() != null) {
      return Optional.ofNullable(request.getParameter("token"));
    }
    return Optional.empty();
  }

  private static Optional<String> sessionToken(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session == null
        ? Optional.empty()
        : Optional.ofNullable((String) session.getAttribute(SESSION_TOKEN));
  }

  private static String path(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  private static Set<Role> roles(CredentialValidationResult caller) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    caller.getCallerGroups().forEach(name -> roles.add(Role.valueOf(name)));
    return roles;
  }
}
