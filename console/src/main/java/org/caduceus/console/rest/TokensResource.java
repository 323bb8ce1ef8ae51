package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.caduceus.console.Problem;
import org.caduceus.console.security.AccountIdentityStore;
import org.caduceus.console.security.SignInThrottle;
import org.caduceus.ledger.account.Account;
import org.caduceus.ledger.account.Accounts;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Short-lived tokens for programs. */
@Path("tokens")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Tokens")
public class TokensResource {
  /** An hour: long enough for a job, short enough to lose. */
  static final int LIFETIME_SECONDS = 3600;

  /** Far above a name and a password; small enough that no JSON can hurt. */
  private static final int MAX_BODY = 4096;

  private static final String EXPECTED =
      "Expected a JSON object with the texts name (1 to 64 characters) and password.";

  @EJB Accounts accounts;
  @Inject AccountIdentityStore store;
  @Inject SignInThrottle throttle;

  /** What the client sends. */
  @Schema(
      name = "TokenRequest",
      requiredProperties = {"name", "password"})
  public record Wanted(
      @Schema(example = "admin") String name, @Schema(format = "password") String password) {}

  /** What it gets. */
  @Schema(name = "Token")
  public record Issued(
      @Schema(description = "Opaque, shown once") String token,
      @Schema(description = "End of its life, ISO 8601") String expiresAt) {}

  /** A new token for an account. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(operationId = "issueToken", summary = "A token for an account, good for an hour")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Wanted.class)))
  @APIResponse(
      responseCode = "200",
      description = "The token",
      content = @Content(schema = @Schema(implementation = Issued.class)))
  @APIResponse(responseCode = "400", description = "The body is not {\"name\",\"password\"}")
  @APIResponse(responseCode = "401", description = "Name and password do not fit")
  @APIResponse(responseCode = "413", description = "The body is larger than any name and password")
  @APIResponse(responseCode = "429", description = "Too many failures; wait ten minutes")
  public Response issue(InputStream body, @Context HttpServletRequest request) throws IOException {
    Wanted wanted = read(body);
    String remote = request.getRemoteAddr();
    if (!throttle.mayTry(wanted.name(), remote)) {
      throw new ProblemException(
          Problem.of(429, "Too many attempts failed. Nothing was changed. Try in ten minutes."));
    }
    Optional<Account> account =
        store.account(new UsernamePasswordCredential(wanted.name(), wanted.password()));
    throttle.record(wanted.name(), remote, account.isPresent());
    if (account.isEmpty()) {
      return Response.status(401)
          .type(Problem.MEDIA_TYPE)
          .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"caduceus\"")
          .entity(Problem.of(401, "Name and password do not fit.").toJson().toString())
          .build();
    }
    Accounts.Token token = accounts.issueToken(account.get().name(), LIFETIME_SECONDS);
    return Response.ok(
            new Issued(token.value(), Instant.ofEpochMilli(token.expiresAtMs()).toString()))
        .build();
  }

  /** Ends the life of the token that the request carries. */
  @DELETE
  @SecurityRequirement(name = "bearerAuth")
  @Operation(operationId = "revokeToken", summary = "End the token of this request at once")
  @APIResponse(responseCode = "204", description = "It is worth nothing any more")
  public Response revoke(@Context HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      accounts.revokeToken(header.substring(7).strip());
    }
    return Response.noContent().build();
  }

  static Wanted read(InputStream body) throws IOException {
    JsonObject object = TextFields.read(body, MAX_BODY, Set.of("name", "password"), EXPECTED);
    String name = object.getString("name");
    if (name.isEmpty() || name.length() > 64) {
      throw new ProblemException(Problem.of(400, EXPECTED));
    }
    return new Wanted(name, object.getString("password"));
  }
}
