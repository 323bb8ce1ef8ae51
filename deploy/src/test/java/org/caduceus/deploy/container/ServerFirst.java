package org.caduceus.deploy.container;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts the server before Arquillian looks for it; stands before Arquillian's extension. Inside
 * the server, where the test runs a second time, the server is there already.
 */
final class ServerFirst implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    if (!isInsideTheServer()) {
      OneMember.running();
    }
  }

  static boolean isInsideTheServer() {
    return System.getProperty("com.sun.aas.instanceRoot") != null;
  }
}
