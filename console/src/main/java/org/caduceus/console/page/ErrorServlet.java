package org.caduceus.console.page;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.caduceus.console.ConsoleLog;
import org.caduceus.console.Problem;
import org.caduceus.console.security.AccessRules;

/**
 * What the server shows when a request failed outside of REST: problem details to machines, a page
 * in plain words to people. Uses nothing that could itself have failed.
 */
@WebServlet("/error")
public final class ErrorServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? code
            : HttpServletResponse.SC_NOT_FOUND;
    String incident = "";
    if (status >= 500) {
      String number = UUID.randomUUID().toString();
      Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
      Throwable cause = failure instanceof Throwable thrown ? thrown : null;
      ConsoleLog.REQUEST_FAILED.log(cause, number);
      incident = number;
    }
    String path =
        request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri ? uri : "/";
    if (AccessRules.door(path) == AccessRules.Door.PAGE) {
      page(response, new Words(Words.locale(request)), status, incident);
    } else {
      Problem.of(
              status,
              incident.isEmpty()
                  ? "The request was refused. Nothing was changed."
                  : "The request failed for a reason on our side. Give the operator this number: "
                      + incident
                      + ".")
          .sendTo(response);
    }
  }

  private static void page(HttpServletResponse response, Words words, int status, String incident)
      throws IOException {
    String kind =
        switch (status) {
          case 403 -> "forbidden";
          case 404 -> "missing";
          default -> status < 500 ? "refused" : "broken";
        };
    response.setStatus(status);
    response.setContentType("text/html;charset=UTF-8");
    response
        .getWriter()
        .write(
            """
            <!DOCTYPE html>
            <html lang="%s"><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width">
            <title>%s · Caduceus</title><link rel="icon" href="/static/caduceus.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/static/console.css"></head>
            <body class="bare"><main class="card lone"><p class="code">%d</p><h1>%s</h1><p>%s</p>%s
            <p><a class="button" href="/">%s</a></p></main></body></html>
            """
                .formatted(
                    words.locale().toLanguageTag(),
                    words.of("error." + kind + ".title"),
                    status,
                    words.of("error." + kind + ".title"),
                    words.of("error." + kind + ".text"),
                    incident.isEmpty()
                        ? ""
                        : "<p>" + words.of("error.incident") + " <code>" + incident + "</code></p>",
                    words.of("error.home")));
  }
}
