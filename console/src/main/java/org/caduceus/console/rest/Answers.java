package org.caduceus.console.rest;

import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.util.Optional;
import java.util.function.Supplier;

/** How answers are framed: entity tags for what never changes, links for what goes on. */
final class Answers {
  private Answers() {}

  /**
   * Something immutable: answered with 304 when the client has it. It is kept by the one client
   * only and asked for again each time, so that a revoked account sees nothing from a cache.
   */
  static Response immutable(Request request, String tag, Supplier<Object> entity) {
    EntityTag etag = new EntityTag(tag);
    Response.ResponseBuilder unchanged = request.evaluatePreconditions(etag);
    Response.ResponseBuilder answer =
        unchanged == null ? Response.ok(entity.get()).tag(etag) : unchanged;
    CacheControl cache = new CacheControl();
    cache.setPrivate(true);
    cache.setNoCache(true);
    return answer.cacheControl(cache).build();
  }

  /** A page of a list with the address of the next one. */
  static Response page(Object listing, Optional<String> next) {
    Response.ResponseBuilder answer = Response.ok(listing);
    next.ifPresent(address -> answer.header("Link", "<" + address + ">; rel=\"next\""));
    return answer.build();
  }

  /** The address of a list's next page; parameters that are empty are left out. */
  static String next(String path, long before, int limit, String... namesAndValues) {
    UriBuilder address =
        UriBuilder.fromPath(path).queryParam("before", before).queryParam("limit", limit);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (!namesAndValues[i + 1].isEmpty()) {
        address.queryParam(namesAndValues[i], "{" + namesAndValues[i] + "}");
        address.resolveTemplate(namesAndValues[i], namesAndValues[i + 1]);
      }
    }
    return address.build().toString();
  }
}
