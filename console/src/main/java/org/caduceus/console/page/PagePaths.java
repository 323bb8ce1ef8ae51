package org.caduceus.console.page;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses of pages: {@code /block/42} shows {@code block.xhtml}. A table and no convention,
 * because access is decided by address: no page may be reachable under a second one.
 */
@WebFilter("/*")
public final class PagePaths extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private static final String VIEW = ".xhtml";

  /** Pages of one address. */
  private static final Map<String, String> WHOLE =
      Map.of(
          "/", "/index.xhtml",
          "/sign-in", "/sign-in.xhtml",
          "/messages", "/messages.xhtml",
          "/blocks", "/blocks.xhtml",
          "/entries", "/entries.xhtml",
          "/search", "/search.xhtml",
          "/diagnosis", "/diagnosis.xhtml",
          "/institutions", "/institutions.xhtml",
          "/governance", "/governance.xhtml",
          "/trust", "/trust.xhtml");

  /** Pages of one thing each, which the last segment names. */
  private static final Set<String> ONE_EACH = Set.of("/block", "/entry");

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = request.getRequestURI();
    Optional<String> view = view(path);
    if (view.isPresent()) {
      request.getRequestDispatcher(view.get()).forward(request, response);
    } else if (path.endsWith(VIEW) && !path.startsWith("/jakarta.faces.resource/")) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** The view behind an address, if it is a page's. */
  static Optional<String> view(String path) {
    String whole = WHOLE.get(path);
    if (whole != null) {
      return Optional.of(whole);
    }
    int slash = path.lastIndexOf('/');
    boolean one =
        slash > 0 && slash < path.length() - 1 && ONE_EACH.contains(path.substring(0, slash));
    return one ? Optional.of(path.substring(0, slash) + VIEW) : Optional.empty();
  }
}
