package org.caduceus.deploy.browser;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * axe-core, the accessibility checker. It comes into the page before the page's own scripts and not
 * as one of them, because the console's policy lets no foreign script in.
 */
public final class Axe {
  private static final String FILE = "/axe.min.js";
  private static final String RUN =
      """
      async () => {
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
        const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
        return found.violations.flatMap(rule => rule.nodes.map(node =>
          rule.id + " at " + node.target.join(" ") + ": " + node.failureSummary));
      }
      """;

  private Axe() {}

  /** The checker itself. */
  public static String script() {
    try (InputStream in = Axe.class.getResourceAsStream(FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected axe-core on the class path, but failed", e);
    }
  }

  /** What the page in the window breaks of WCAG 2.2 A and AA. */
  public static List<String> violations(Page page) {
    return ((List<?>) page.evaluate(RUN)).stream().map(String::valueOf).toList();
  }
}
