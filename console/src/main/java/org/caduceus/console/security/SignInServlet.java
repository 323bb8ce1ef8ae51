package org.caduceus.console.security;

import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.caduceus.ledger.account.Account;
import org.caduceus.ledger.account.Accounts;

/** Takes the sign-in form. A session begins here and nowhere else, always under a new id. */
@WebServlet("/sign-in/session")
public final class SignInServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** A working day; the idle timeout of the session is shorter. */
  private static final int SESSION_SECONDS = 8 * 3600;

  private static final int MAX_FIELD = 256;

  @EJB transient Accounts accounts;
  @Inject transient AccountIdentityStore store;
  @Inject transient SignInThrottle throttle;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String to = localAddress(request.getParameter("to"));
    if (!SameOrigin.mayChange(request)) {
      response.sendRedirect(again("foreign", to));
      return;
    }
    String name = bounded(request.getParameter("name"));
    String password = bounded(request.getParameter("password"));
    if (!throttle.mayTry(name, request.getRemoteAddr())) {
      response.sendRedirect(again("throttled", to));
      return;
    }
    Optional<Account> account = store.account(new UsernamePasswordCredential(name, password));
    throttle.record(name, request.getRemoteAddr(), account.isPresent());
    if (account.isEmpty()) {
      response.sendRedirect(again("wrong", to));
      return;
    }
    HttpSession before = request.getSession(false);
    if (before != null) {
      before.invalidate();
    }
    String token = accounts.issueToken(account.get().name(), SESSION_SECONDS).value();
    request.getSession(true).setAttribute(SignInMechanism.SESSION_TOKEN, token);
    response.sendRedirect(to);
  }

  private static String again(String why, String to) {
    String address = "/sign-in?failed=" + why;
    return to.equals("/")
        ? address
        : address + "&to=" + URLEncoder.encode(to, StandardCharsets.UTF_8);
  }

  /** The address if it is one of this server, else the first page: never a way to another site. */
  public static String localAddress(String to) {
    boolean local =
        to != null
            && to.startsWith("/")
            && !to.startsWith("//")
            && to.chars().noneMatch(c -> c == '\\' || c < 0x20 || c == 0x7f);
    return local ? to : "/";
  }

  private static String bounded(String value) {
    return value == null || value.length() > MAX_FIELD ? "" : value;
  }
}
