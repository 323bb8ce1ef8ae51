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
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.query.BlockSummary;
import org.caduceus.ledger.query.LedgerQuery;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Final blocks. */
@Path("blocks")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Ledger")
public class BlocksResource {
  @EJB LedgerQuery ledger;

  /** Blocks, newest first. */
  @GET
  @Operation(operationId = "blocks", summary = "Final blocks, newest first")
  @Parameter(name = "before", in = ParameterIn.QUERY, description = "Only below this height")
  @Parameter(name = "limit", in = ParameterIn.QUERY)
  @APIResponse(
      responseCode = "200",
      description = "The blocks, possibly none",
      content = @Content(schema = @Schema(implementation = BlockJson.Listing.class)))
  public Response list(@Context UriInfo uri) {
    Query query = Query.of(uri.getQueryParameters(), "before", "limit");
    int limit = query.limit();
    List<BlockSummary> found = ledger.blocks(query.before(), limit);
    boolean more = found.size() == limit && found.getLast().header().height() > 1;
    Optional<String> next =
        more
            ? Optional.of(Answers.next("/api/blocks", found.getLast().header().height(), limit))
            : Optional.empty();
    return Answers.page(
        new BlockJson.Listing(
            found.stream().map(block -> BlockJson.of(block, Optional.empty())).toList(), next),
        next);
  }

  /** One block. */
  @GET
  @Path("{heightOrHash}")
  @Operation(operationId = "block", summary = "One final block with the ids of its entries")
  @APIResponse(
      responseCode = "200",
      description = "The block",
      content = @Content(schema = @Schema(implementation = BlockJson.class)))
  @APIResponse(responseCode = "304", description = "The client has it (If-None-Match)")
  @APIResponse(
      responseCode = "404",
      description = "No final block of this height or hash is known here")
  public Response block(
      @Parameter(description = "A height from 1, or 64 hexadecimal digits")
          @PathParam("heightOrHash")
          String heightOrHash,
      @Context UriInfo uri,
      @Context Request request) {
    Query.of(uri.getQueryParameters());
    Optional<CommittedBlock> found =
        Query.isHash(heightOrHash)
            ? ledger.block(Hash.fromHex(heightOrHash))
            : ledger.block(Query.number("heightOrHash", heightOrHash, 1, Long.MAX_VALUE));
    CommittedBlock block =
        found.orElseThrow(
            () ->
                new ProblemException(
                    Problem.of(404, "This node knows no final block of this height or hash.")));
    long height = block.block().header().height();
    BlockSummary summary = ledger.blocks(height + 1, 1).getFirst();
    List<String> entries =
        block.block().entries().stream().map(SignedEntry::id).map(Hash::toHex).toList();
    return Answers.immutable(
        request, "b-" + summary.hash().toHex(), () -> BlockJson.of(summary, Optional.of(entries)));
  }
}
