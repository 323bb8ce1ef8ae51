package org.caduceus.console.rest;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.caduceus.console.Consortium;
import org.caduceus.ledger.membership.EpochConfig;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Whom to check receipts against. */
@Path("genesis")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Node")
public class GenesisResource {
  @Inject Consortium consortium;

  /** The genesis configuration. */
  @GET
  @Operation(operationId = "genesis", summary = "The configuration to check receipts against")
  @APIResponse(
      responseCode = "200",
      description = "The genesis configuration; never changes",
      content = @Content(schema = @Schema(implementation = GenesisJson.class)))
  @APIResponse(responseCode = "304", description = "The client has it (If-None-Match)")
  public Response genesis(@Context UriInfo uri, @Context Request request) {
    Query.of(uri.getQueryParameters());
    EpochConfig config = consortium.genesis();
    return Answers.immutable(request, config.hash().toHex(), () -> GenesisJson.of(config));
  }
}
