package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.caduceus.ledger.query.StatusQuery;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How the node is. */
@Path("status")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Node")
public class StatusResource {
  @EJB StatusQuery status;

  /** The state at this moment. */
  @GET
  @Operation(operationId = "status", summary = "The node's own view of the consortium")
  @APIResponse(
      responseCode = "200",
      description = "The state at this moment",
      content = @Content(schema = @Schema(implementation = StatusJson.class)))
  public StatusJson status(@Context UriInfo uri) {
    Query.of(uri.getQueryParameters());
    return StatusJson.of(status.status());
  }
}
