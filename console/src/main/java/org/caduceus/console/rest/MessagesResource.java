package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.record.Inlet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Messages in with their outcome. */
@Path("messages")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Messages")
public class MessagesResource {
  @EJB MessageJournal journal;

  /** Messages, newest first. */
  @GET
  @Operation(
      operationId = "messages",
      summary = "Messages in and what became of them, newest first")
  @Parameter(name = "before", in = ParameterIn.QUERY, description = "Only sequences below this")
  @Parameter(name = "limit", in = ParameterIn.QUERY)
  @Parameter(name = "inlet", in = ParameterIn.QUERY)
  @Parameter(name = "outcome", in = ParameterIn.QUERY)
  @Parameter(name = "externalId", in = ParameterIn.QUERY)
  @APIResponse(
      responseCode = "200",
      description = "The messages, possibly none",
      content = @Content(schema = @Schema(implementation = MessageJson.Listing.class)))
  public Response list(@Context UriInfo uri) {
    Query query =
        Query.of(uri.getQueryParameters(), "before", "limit", "inlet", "outcome", "externalId");
    int limit = query.limit();
    Optional<Inlet> inlet = query.oneOf("inlet", Inlet.class);
    Optional<MessageJournal.Outcome> outcome = query.oneOf("outcome", MessageJournal.Outcome.class);
    Optional<String> externalId = query.externalId();
    List<MessageJournal.Message> found =
        journal.list(query.before(), limit, inlet, outcome, externalId);
    Optional<String> next =
        found.size() < limit
            ? Optional.empty()
            : Optional.of(
                Answers.next(
                    "/api/messages",
                    found.getLast().sequence(),
                    limit,
                    "inlet",
                    inlet.map(Inlet::family).orElse(""),
                    "outcome",
                    outcome.map(value -> value.name().toLowerCase(Locale.ROOT)).orElse(""),
                    "externalId",
                    externalId.orElse("")));
    return Answers.page(
        new MessageJson.Listing(found.stream().map(MessageJson::of).toList(), next), next);
  }
}
