package org.caduceus.console.rest;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caduceus.console.Problem;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.peers.PeerDirectory;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Where this node finds its peers; changed while it runs. */
@Path("peers")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@Tag(name = "Node")
public class PeersResource {
  private static final int MAX_BODY = 1024;

  @EJB PeerDirectory directory;

  /** All of them. */
  @Schema(name = "Peers")
  public record Items(@Schema(description = "In order of id") List<Item> items) {}

  /** A peer, or an institution that may become one. */
  @Schema(name = "Peer")
  public record Item(
      String id,
      @Schema(description = "host:port of its broker; absent if nobody said it")
          Optional<String> address,
      @Schema(description = "Who said it: SETTINGS, OPERATOR or NOBODY") String source,
      @Schema(
              description =
                  "SHA-256 of the key of its links that an operator vouches for, hexadecimal; counts"
                      + " only while this node has no seat")
          Optional<String> linkKey,
      @Schema(description = "Whether messages are taken from it and sent to it") boolean admitted,
      @Schema(description = "Whether the link to it is up") boolean connected) {}

  /** Where a peer is. */
  @Schema(
      name = "PeerAddress",
      requiredProperties = {"address"})
  public record Where(
      @Schema(description = "host:port of its broker", example = "10.1.2.3:5445") String address,
      @Schema(
              description =
                  "SHA-256 of the key of its links, 64 hexadecimal digits, if the operator vouches for"
                      + " one; counts only while this node has no seat")
          Optional<String> linkKey) {}

  /** What is known. */
  @GET
  @Operation(operationId = "peers", summary = "Where this node finds its peers")
  @APIResponse(
      responseCode = "200",
      description = "Every peer, and every other institution of which an address is known",
      content = @Content(schema = @Schema(implementation = Items.class)))
  public Items peers(@Context UriInfo uri) {
    Query.of(uri.getQueryParameters());
    return new Items(directory.peers().stream().map(PeersResource::item).toList());
  }

  private static Item item(PeerDirectory.Peer peer) {
    return new Item(
        peer.id(),
        peer.address(),
        peer.source().name(),
        peer.linkKey().map(Hash::toHex),
        peer.admitted(),
        peer.connected());
  }

  /** Says where a peer is. */
  @PUT
  @Path("{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "setPeer",
      summary = "Set a peer's address",
      description =
          "Stands above the setting caduceus.peers from now on; the link follows within seconds. Who"
              + " is a peer is decided by the members, not here.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Where.class)))
  @APIResponse(responseCode = "204", description = "It is kept")
  @APIResponse(responseCode = "413", description = "The body is larger than any address")
  public Response set(
      @Parameter(description = "Institution") @PathParam("id") String id,
      InputStream body,
      @Context HttpServletRequest request)
      throws IOException {
    JsonObject json =
        TextFields.read(
            body,
            MAX_BODY,
            Set.of("address"),
            Set.of("linkKey"),
            "Expected a JSON object with the text address, and with linkKey if one is vouched for.");
    Optional<Hash> linkKey =
        Optional.ofNullable(json.getString("linkKey", null)).map(PeersResource::hash);
    try {
      directory.set(id, json.getString("address"), linkKey, request.getUserPrincipal().getName());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.of(
              400,
              "Expected the id of another institution and host:port, but got something else."
                  + " Nothing was changed."));
    }
    return Response.noContent().build();
  }

  private static Hash hash(String text) {
    try {
      return Hash.fromHex(text);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.badParameter("linkKey", "Expected linkKey to be 64 hexadecimal digits."));
    }
  }

  /** Takes back what an operator said. */
  @DELETE
  @Path("{id}")
  @Operation(
      operationId = "removePeer",
      summary = "Forget the address that was set for a peer",
      description = "What the setting caduceus.peers says holds again.")
  @APIResponse(responseCode = "204", description = "It is forgotten")
  @APIResponse(responseCode = "404", description = "None was set")
  public Response remove(
      @Parameter(description = "Institution") @PathParam("id") String id,
      @Context HttpServletRequest request) {
    if (!directory.remove(id, request.getUserPrincipal().getName())) {
      throw new ProblemException(Problem.of(404, "No address was set for this institution here."));
    }
    return Response.noContent().build();
  }
}
