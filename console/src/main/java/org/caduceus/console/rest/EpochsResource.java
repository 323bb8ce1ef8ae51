package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.caduceus.ledger.query.LedgerQuery;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How to get from the genesis to whom a receipt is checked against. */
@Path("epochs")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Ledger")
public class EpochsResource {
  @EJB LedgerQuery ledger;

  /** Every epoch, the first one first. */
  @GET
  @Operation(operationId = "epochs", summary = "Why each epoch began, with its proof")
  @APIResponse(
      responseCode = "200",
      description = "The epochs, genesis first",
      content = @Content(schema = @Schema(implementation = EpochsJson.class)))
  public EpochsJson epochs(@Context UriInfo uri) {
    Query.of(uri.getQueryParameters());
    return EpochsJson.of(ledger.epochs());
  }
}
