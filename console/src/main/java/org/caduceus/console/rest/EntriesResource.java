package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.caduceus.console.Problem;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.query.EntryView;
import org.caduceus.ledger.query.LedgerQuery;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Entries and their receipts. */
@Path("entries")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Ledger")
public class EntriesResource {
  @EJB LedgerQuery ledger;

  /** Entries by external id, or the newest final ones. */
  @GET
  @Operation(
      operationId = "entries",
      summary = "Entries of a message, or the newest final entries",
      description =
          "With externalId: every entry made of it, waiting or final, newest first. Without:"
              + " final entries, newest first, whole blocks at a time.")
  @Parameter(name = "externalId", in = ParameterIn.QUERY)
  @Parameter(
      name = "before",
      in = ParameterIn.QUERY,
      description = "Only in blocks below this height")
  @Parameter(name = "limit", in = ParameterIn.QUERY)
  @APIResponse(
      responseCode = "200",
      description = "The entries, possibly none",
      content = @Content(schema = @Schema(implementation = EntryJson.Listing.class)))
  public Response list(@Context UriInfo uri) {
    Query query = Query.of(uri.getQueryParameters(), "externalId", "before", "limit");
    int limit = query.limit();
    Optional<String> externalId = query.externalId();
    if (externalId.isPresent()) {
      List<EntryView> found = ledger.entriesByExternalId(externalId.get(), limit);
      return Response.ok(
              new EntryJson.Listing(
                  externalId, found.stream().map(EntryJson::of).toList(), Optional.empty()))
          .build();
    }
    List<EntryView> found = ledger.entries(query.before(), limit);
    Optional<String> next =
        found.size() < limit
            ? Optional.empty()
            : found
                .getLast()
                .place()
                .map(EntryView.Place::height)
                .filter(height -> height > 1)
                .map(height -> Answers.next("/api/entries", height, limit));
    return Answers.page(
        new EntryJson.Listing(Optional.empty(), found.stream().map(EntryJson::of).toList(), next),
        next);
  }

  /** One entry. */
  @GET
  @Path("{id}")
  @Operation(operationId = "entry", summary = "One entry, waiting or final")
  @APIResponse(
      responseCode = "200",
      description = "The entry",
      content = @Content(schema = @Schema(implementation = EntryJson.class)))
  @APIResponse(
      responseCode = "304",
      description = "The client has it (If-None-Match); final entries only")
  @APIResponse(responseCode = "404", description = "This node knows no such entry")
  public Response entry(
      @Parameter(description = "64 hexadecimal digits") @PathParam("id") String id,
      @Context UriInfo uri,
      @Context Request request) {
    Query.of(uri.getQueryParameters());
    Hash hash = Query.hash("id", id);
    EntryView view =
        ledger
            .entry(hash)
            .orElseThrow(
                () -> new ProblemException(Problem.of(404, "This node knows no such entry.")));
    if (view.place().isEmpty()) {
      return Response.ok(EntryJson.of(view)).build();
    }
    return Answers.immutable(
        request, "e-" + hash.toHex() + "-" + view.place().get().height(), () -> EntryJson.of(view));
  }

  /** The receipt of a final entry. */
  @GET
  @Path("{id}/receipt")
  @Operation(
      operationId = "receipt",
      summary = "Proof that an entry is final, to be checked offline")
  @APIResponse(
      responseCode = "200",
      description = "The receipt",
      content = @Content(schema = @Schema(implementation = ReceiptJson.class)))
  @APIResponse(responseCode = "304", description = "The client has it (If-None-Match)")
  @APIResponse(
      responseCode = "404",
      description = "This node knows no such entry, or it is not final yet")
  public Response receipt(
      @Parameter(description = "64 hexadecimal digits") @PathParam("id") String id,
      @Context UriInfo uri,
      @Context Request request) {
    Query.of(uri.getQueryParameters());
    Hash hash = Query.hash("id", id);
    EntryReceipt receipt =
        ledger
            .receipt(hash)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.of(
                            404,
                            ledger.entry(hash).isPresent()
                                ? "The entry waits for its block: there is no receipt yet."
                                : "This node knows no such entry.")));
    return Answers.immutable(
        request,
        "r-" + hash.toHex(),
        () -> ReceiptJson.of(receipt, ledger.config(receipt.certificate().epoch())));
  }
}
