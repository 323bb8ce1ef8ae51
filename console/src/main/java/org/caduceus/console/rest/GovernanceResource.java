package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.caduceus.console.Problem;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.governance.GovernanceDesk;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Where officers see what waits for them and hand in what they signed elsewhere: no governance key
 * ever comes here.
 */
@Path("governance")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Governance")
public class GovernanceResource {
  /** A ballot's change may hold evidence; twice its bound in Base64 and names is enough. */
  private static final int MAX_BODY = 4 * MembershipChange.MAX_EVIDENCE;

  private static final int SIGNATURE_LENGTH = 64;

  @EJB GovernanceDesk desk;

  /** A ballot. */
  @Schema(
      name = "BallotToCast",
      requiredProperties = {"configHash", "change", "signature"})
  public record Cast(
      @Schema(description = "H of the running configuration, 64 hexadecimal digits")
          String configHash,
      @Schema(description = "CDC1CHNG, Base64") String change,
      @Schema(description = "Raw r || s over the CDC1BALL bytes, 64 bytes in Base64")
          String signature) {}

  /** An approval. */
  @Schema(
      name = "ApprovalToGive",
      requiredProperties = {"plan", "signature"})
  public record Given(
      @Schema(description = "Id of the matter, 64 hexadecimal digits") String plan,
      @Schema(description = "Raw r || s over the CDC1CACC bytes, 64 bytes in Base64")
          String signature) {}

  /** An institution that asks for a seat. */
  @Schema(name = "Candidate")
  public record Candidate(
      String id,
      @Schema(description = "SEC 1 point, hexadecimal") String votingKey,
      @Schema(description = "SEC 1 point, hexadecimal") String signingKey,
      @Schema(description = "SEC 1 point, hexadecimal") String governanceKey,
      @Schema(description = "SHA-256 of the public key of its peer links") String linkKey,
      @Schema(description = "Of its enclave, Base64") String evidence) {}

  /** What became of it. */
  @Schema(name = "SignatureTaken")
  public record Taken(
      @Schema(description = "The entry that carries the ballot; absent for an approval")
          Optional<String> entryId) {}

  /** What waits. */
  @GET
  @Operation(operationId = "governance", summary = "What waits for the officers' signatures")
  @APIResponse(
      responseCode = "200",
      description = "Everything that waits, as this node knows it",
      content = @Content(schema = @Schema(implementation = GovernanceJson.class)))
  public GovernanceJson governance(@Context UriInfo uri) {
    Query.of(uri.getQueryParameters());
    return GovernanceJson.of(desk.agenda(), desk.faults());
  }

  /** What this institution shows to get a seat. */
  @GET
  @Path("candidate")
  @Operation(
      operationId = "candidate",
      summary = "What this institution shows to get a seat",
      description = "With fresh evidence of its enclave.")
  @APIResponse(
      responseCode = "200",
      description = "Its keys and the evidence",
      content = @Content(schema = @Schema(implementation = Candidate.class)))
  @APIResponse(responseCode = "503", description = "The enclave does not answer")
  public Candidate candidate(@Context UriInfo uri) {
    Query.of(uri.getQueryParameters());
    GovernanceDesk.Candidate candidate = desk.candidate();
    Member member = candidate.member();
    return new Candidate(
        member.id(),
        member.votingKey().toHex(),
        member.signingKey().toHex(),
        member.governanceKey().toHex(),
        member.linkKey().toHex(),
        Base64.getEncoder().encodeToString(candidate.evidence().toArray()));
  }

  /** A ballot for a change of the running epoch. */
  @POST
  @Path("ballots")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "castBallot",
      summary = "Cast this institution's ballot",
      description =
          "Signed elsewhere with its governance key. It counts once its entry is final in the epoch"
              + " that it names.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Cast.class)))
  @APIResponse(
      responseCode = "200",
      description = "The ballot is durable here and on its way into a block",
      content = @Content(schema = @Schema(implementation = Taken.class)))
  @APIResponse(
      responseCode = "409",
      description = "It is of another epoch, the second one, or would change nothing")
  @APIResponse(responseCode = "413", description = "The body is larger than any ballot")
  @APIResponse(responseCode = "503", description = "The enclave does not answer")
  public Taken cast(InputStream body, @Context HttpServletRequest request) throws IOException {
    JsonObject json =
        TextFields.read(
            body,
            MAX_BODY,
            Set.of("configHash", "change", "signature"),
            "Expected a JSON object with the texts configHash, change and signature.");
    Ballot ballot =
        new Ballot(
            field(json, "configHash", "64 hexadecimal digits", Hash::fromHex),
            field(json, "change", "a membership change (CDC1CHNG) in Base64", text -> change(text)),
            signature(json));
    return taken(desk.cast(ballot, request.getUserPrincipal().getName()));
  }

  /** Approval of a cold start. */
  @POST
  @Path("approvals")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "approveColdStart",
      summary = "Approve going on after a lost quorum",
      description = "Signed elsewhere with the institution's governance key; once in an epoch.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Given.class)))
  @APIResponse(
      responseCode = "200",
      description = "The approval is durable here and told to the members",
      content = @Content(schema = @Schema(implementation = Taken.class)))
  @APIResponse(
      responseCode = "409",
      description = "No such plan waits here, or the institution has approved one in this epoch")
  @APIResponse(responseCode = "413", description = "The body is larger than any approval")
  public Taken approve(InputStream body) throws IOException {
    JsonObject json =
        TextFields.read(
            body,
            MAX_BODY,
            Set.of("plan", "signature"),
            "Expected a JSON object with the texts plan and signature.");
    return taken(
        desk.approve(field(json, "plan", "64 hexadecimal digits", Hash::fromHex), signature(json)));
  }

  private static Taken taken(GovernanceDesk.HandedIn outcome) {
    return switch (outcome) {
      case GovernanceDesk.HandedIn.Taken(Optional<Hash> entry) -> new Taken(entry.map(Hash::toHex));
      case GovernanceDesk.HandedIn.Unsigned(String reason) ->
          throw new ProblemException(
              Problem.badParameter("signature", reason + ". Nothing was changed."));
      case GovernanceDesk.HandedIn.Untimely(String reason) ->
          throw new ProblemException(Problem.of(409, reason + ". Nothing was changed."));
    };
  }

  private static Bytes signature(JsonObject json) {
    return field(
        json,
        "signature",
        SIGNATURE_LENGTH + " bytes in Base64",
        text -> {
          byte[] bytes = Base64.getDecoder().decode(text);
          if (bytes.length != SIGNATURE_LENGTH) {
            throw new IllegalArgumentException();
          }
          return Bytes.wrap(bytes);
        });
  }

  private static MembershipChange change(String text) {
    return MembershipChange.decode(Base64.getDecoder().decode(text));
  }

  private static <T> T field(
      JsonObject json, String name, String expected, Function<String, T> reader) {
    try {
      return reader.apply(json.getString(name));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.badParameter(name, "Expected " + name + " to be " + expected + "."));
    }
  }
}
