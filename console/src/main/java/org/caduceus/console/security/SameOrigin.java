package org.caduceus.console.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a browser says that a request comes from a page of this server. Sessions travel in a
 * cookie that the browser adds by itself; what changes something must therefore show that a page of
 * ours asked for it. SameSite=Strict on the cookie is the first wall, this is the second.
 */
final class SameOrigin {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private SameOrigin() {}

  /** Whether a request with a session cookie may do what its method says. */
  static boolean mayChange(HttpServletRequest request) {
    if (READING.contains(request.getMethod())) {
      return true;
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = request.getHeader("Origin");
    return origin != null && isOwn(origin, request.getHeader("Host"));
  }

  /** Whether a WebSocket may open: no origin (not a browser), or our own. */
  static boolean mayListen(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    return origin == null || isOwn(origin, request.getHeader("Host"));
  }

  /**
   * Whether an Origin header names the host that the request was sent to. The scheme is left out: a
   * proxy in front may speak TLS for us.
   */
  static boolean isOwn(String origin, String host) {
    if (host == null) {
      return false;
    }
    try {
      URI uri = new URI(origin);
      if (uri.getHost() == null || uri.getScheme() == null) {
        return false;
      }
      int port = uri.getPort();
      String plain = uri.getHost().toLowerCase(Locale.ROOT);
      String wanted = host.toLowerCase(Locale.ROOT);
      if (port >= 0) {
        return wanted.equals(plain + ":" + port);
      }
      int usual = uri.getScheme().equals("https") ? 443 : 80;
      return wanted.equals(plain) || wanted.equals(plain + ":" + usual);
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
