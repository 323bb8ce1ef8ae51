package org.caduceus.console.rest.openapi;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Shows the document, in JSON, which YAML readers take as well. */
@WebServlet("/openapi")
public class DocumentServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private transient byte[] document;

  @Override
  public void init() {
    document = new ApiDocument().build().toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("application/json");
    response.setContentLength(document.length);
    response.getOutputStream().write(document);
  }
}
