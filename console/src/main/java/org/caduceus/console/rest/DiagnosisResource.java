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

/** Why is it not moving? */
@Path("diagnosis")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Node")
public class DiagnosisResource {
  @EJB StatusQuery status;

  /** The facts and what they come to. */
  @GET
  @Operation(operationId = "diagnosis", summary = "Why consensus moves, rests or is stuck")
  @APIResponse(
      responseCode = "200",
      description = "Facts, and a sentence for each in English and Chinese",
      content = @Content(schema = @Schema(implementation = DiagnosisJson.class)))
  public DiagnosisJson diagnosis(@Context UriInfo uri) {
    Query.of(uri.getQueryParameters());
    return DiagnosisJson.of(status.standing(), status.status().members());
  }
}
