package org.caduceus.console.page;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.caduceus.console.security.SignInServlet;

/**
 * Remembers language and theme in a cookie and returns to the page: {@code
 * /sign-in/preference?lang=zh&back=/blocks}. Below {@code /sign-in} because it serves readers who
 * are not signed in yet.
 */
@WebServlet("/sign-in/preference")
public final class PreferenceServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    remember(request, response, "lang", Words.LANGUAGE_COOKIE, Set.of("en", "zh"));
    remember(request, response, "theme", Frame.THEME_COOKIE, Set.of("auto", "light", "dark"));
    response.sendRedirect(SignInServlet.localAddress(request.getParameter("back")));
  }

  private static void remember(
      HttpServletRequest request,
      HttpServletResponse response,
      String parameter,
      String cookieName,
      Set<String> choices) {
    String choice = request.getParameter(parameter);
    if (choice != null && choices.contains(choice)) {
      Cookie cookie = new Cookie(cookieName, choice);
      cookie.setPath("/");
      cookie.setHttpOnly(true);
      cookie.setSecure(request.isSecure());
      cookie.setMaxAge((int) Duration.ofDays(365).toSeconds());
      cookie.setAttribute("SameSite", "Lax");
      response.addCookie(cookie);
    }
  }
}
