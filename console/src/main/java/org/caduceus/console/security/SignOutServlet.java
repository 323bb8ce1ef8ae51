package org.caduceus.console.security;

import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.caduceus.ledger.account.Accounts;

/** Ends a session and its token. */
@WebServlet("/sign-out")
public final class SignOutServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @EJB transient Accounts accounts;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession(false);
    if (session != null) {
      if (session.getAttribute(SignInMechanism.SESSION_TOKEN) instanceof String token) {
        accounts.revokeToken(token);
      }
      session.invalidate();
    }
    response.sendRedirect("/sign-in?out=1");
  }
}
