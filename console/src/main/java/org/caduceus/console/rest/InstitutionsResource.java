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

/** Who takes part? */
@Path("institutions")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Ledger")
public class InstitutionsResource {
  @EJB StatusQuery status;

  /** Every institution of the running epoch. */
  @GET
  @Operation(operationId = "institutions", summary = "Who takes part in the running epoch")
  @APIResponse(
      responseCode = "200",
      description = "Every registered institution, with a seat or without, and how seats are given",
      content = @Content(schema = @Schema(implementation = InstitutionsJson.class)))
  public InstitutionsJson institutions(@Context UriInfo uri) {
    Query.of(uri.getQueryParameters());
    return InstitutionsJson.of(status.participation());
  }
}
