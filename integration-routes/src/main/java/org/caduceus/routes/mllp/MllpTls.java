package org.caduceus.routes.mllp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and trust of the secure listener. */
public final class MllpTls {
  private MllpTls() {}

  /**
   * A TLS context from two PKCS12 files.
   *
   * @param keystore this member's key and certificate
   * @param truststore the authorities whose client certificates are accepted
   * @throws IllegalStateException if a file cannot be read or opened with its password
   */
  public static SSLContext context(
      Path keystore, String keystorePassword, Path truststore, String truststorePassword) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(keystore, keystorePassword), keystorePassword.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(load(truststore, truststorePassword));
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(
          "Expected PKCS12 files at "
              + keystore
              + " and "
              + truststore
              + ", but: "
              + e.getMessage(),
          e);
    }
  }

  private static KeyStore load(Path file, String password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password.toCharArray());
    }
    return store;
  }
}
