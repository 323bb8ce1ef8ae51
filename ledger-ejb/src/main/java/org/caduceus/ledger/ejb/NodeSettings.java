package org.caduceus.ledger.ejb;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caduceus.enclave.attestation.AttesterSettings;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.membership.Member;
import org.eclipse.microprofile.config.Config;

/**
 * The part of {@code docs/reference/configuration.md} that this module reads.
 *
 * @param member this institution's id
 * @param genesis file with the genesis configuration
 * @param lookupKey 32 secret bytes, shared by the members
 * @param enclave where the enclave lives
 * @param attester whose attestation goes with the enclave's evidence
 * @param roots whose platforms are believed
 * @param broker this node's broker
 * @param peers address of every other member's broker, by member id
 * @param tls key and trust of the peer links
 * @param governanceKey of this institution's officers, if this node is to act for them by itself
 * @param governancePublicKey SEC 1 point of that key, where the genesis does not have it
 * @param firstAdministrator created when there is no account yet
 * @param maxWaiting accepted entries that may wait for finality
 * @param maxNotTaken refused messages remembered
 */
public record NodeSettings(
    String member,
    Path genesis,
    Bytes lookupKey,
    EnclavePaths enclave,
    AttesterSettings attester,
    Roots roots,
    Broker broker,
    Map<String, Address> peers,
    Tls tls,
    Optional<Path> governanceKey,
    Optional<Bytes> governancePublicKey,
    Administrator firstAdministrator,
    int maxWaiting,
    int maxNotTaken) {

  private static final Pattern HOST_PORT = Pattern.compile("(.+):([0-9]{1,5})");

  /** Freezes the peers. */
  public NodeSettings {
    peers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(peers));
    if (lookupKey.length() != 32) {
      throw new IllegalArgumentException(
          "Expected caduceus.lookup.key of 64 hexadecimal digits, but the length differs");
    }
  }

  /**
   * Files of the enclave process.
   *
   * @param directory socket, lock, sealed state
   * @param executable {@code caduceus-teed}
   * @param library {@code libteeclient.so}
   * @param user whom a process that this node starts as root becomes
   */
  public record EnclavePaths(
      Path directory, Path executable, Path library, Optional<String> user) {}

  /**
   * Root certificates, PEM, for the attestations of peers' platforms; without a file nobody's.
   *
   * @param tpm of TPM vendors, or of whoever certifies attestation keys
   * @param amd the ARKs of SEV-SNP
   * @param intel the root of SGX and TDX
   */
  public record Roots(Optional<Path> tpm, Optional<Path> amd, Optional<Path> intel) {
    /** Nobody's: every peer is worth SIMULATED. */
    public static final Roots NONE =
        new Roots(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * A TCP address.
   *
   * @param host name or address
   * @param port 1 to 65535
   */
  public record Address(String host, int port) {
    /**
     * The address that {@code host:port} denotes.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static Address parse(String text) {
      var matcher = HOST_PORT.matcher(text.strip());
      if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 0xffff) {
        throw new IllegalArgumentException("Expected host:port, but got something else");
      }
      return new Address(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }
  }

  /**
   * This node's broker.
   *
   * @param listen where it accepts peers and local systems
   * @param data folder of its journal
   */
  public record Broker(Address listen, Path data) {}

  /**
   * PKCS12 files and their passwords.
   *
   * @param keystore this member's key and certificate
   * @param keystorePassword its password
   * @param truststore the consortium's certificate authority
   * @param truststorePassword its password
   */
  public record Tls(
      Path keystore, String keystorePassword, Path truststore, String truststorePassword) {
    /** Never the passwords. */
    @Override
    public String toString() {
      return "Tls[" + keystore + ", " + truststore + "]";
    }
  }

  /**
   * The first account.
   *
   * @param name login name
   * @param password to be changed
   */
  public record Administrator(String name, String password) {
    /** Never the password. */
    @Override
    public String toString() {
      return "Administrator[" + name + "]";
    }
  }

  /**
   * Reads and checks the settings.
   *
   * @throws java.util.NoSuchElementException if a required key is missing
   * @throws IllegalArgumentException if a value is not of its kind
   */
  public static NodeSettings read(Config config) {
    Path home = Path.of(config.getValue(NodeProperties.HOME, String.class));
    return new NodeSettings(
        text(config, "caduceus.member"),
        path(config, "caduceus.genesis"),
        Bytes.fromHex(text(config, "caduceus.lookup.key")),
        new EnclavePaths(
            path(config, "caduceus.enclave.dir"),
            path(config, "caduceus.enclave.executable"),
            path(config, "caduceus.enclave.library"),
            config.getOptionalValue("caduceus.enclave.user", String.class)),
        attester(config, home),
        new Roots(
            file(config, "caduceus.attestation.roots.tpm"),
            file(config, "caduceus.attestation.roots.amd"),
            file(config, "caduceus.attestation.roots.intel")),
        new Broker(
            new Address(
                config.getOptionalValue("caduceus.broker.host", String.class).orElse("127.0.0.1"),
                config.getValue("caduceus.broker.port", Integer.class)),
            config
                .getOptionalValue("caduceus.broker.data", String.class)
                .map(Path::of)
                .orElse(home.resolve("broker"))),
        peers(config.getOptionalValue("caduceus.peers", String.class).orElse("")),
        new Tls(
            path(config, "caduceus.tls.keystore"),
            text(config, "caduceus.tls.keystore.password"),
            path(config, "caduceus.tls.truststore"),
            text(config, "caduceus.tls.truststore.password")),
        file(config, "caduceus.governance.key"),
        config
            .getOptionalValue("caduceus.governance.public.key", String.class)
            .map(NodeSettings::point),
        new Administrator(
            config.getOptionalValue("caduceus.admin.name", String.class).orElse("admin"),
            text(config, "caduceus.admin.password")),
        config.getOptionalValue("caduceus.pool.max.waiting", Integer.class).orElse(20_000),
        config.getOptionalValue("caduceus.journal.max.refused", Integer.class).orElse(10_000));
  }

  private static AttesterSettings attester(Config config, Path home) {
    return new AttesterSettings(
        AttesterSettings.Kind.of(
            config.getOptionalValue("caduceus.attester", String.class).orElse("none")),
        file(config, "caduceus.attester.dir").orElse(home.resolve("attester")),
        config
            .getOptionalValue("caduceus.attester.tpm.tcti", String.class)
            .orElse(AttesterSettings.DEFAULT_TCTI),
        file(config, "caduceus.attester.tpm.issuers"),
        "caduceus-" + text(config, "caduceus.member"));
  }

  static Map<String, Address> peers(String text) {
    Map<String, Address> peers = new LinkedHashMap<>();
    for (String item : text.split(",", -1)) {
      if (item.isBlank()) {
        continue;
      }
      int equals = item.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "Expected caduceus.peers as id=host:port, but an item has no id");
      }
      peers.put(item.substring(0, equals).strip(), Address.parse(item.substring(equals + 1)));
    }
    return peers;
  }

  private static String text(Config config, String key) {
    return config.getValue(key, String.class);
  }

  private static Bytes point(String hexadecimal) {
    Bytes point = Bytes.fromHex(hexadecimal);
    if (point.length() != Member.KEY_LENGTH || point.at(0) != 4) {
      throw new IllegalArgumentException(
          "Expected caduceus.governance.public.key as an uncompressed point of 65 bytes, but it is"
              + " none");
    }
    return point;
  }

  private static Optional<Path> file(Config config, String key) {
    return config.getOptionalValue(key, String.class).map(Path::of);
  }

  private static Path path(Config config, String key) {
    return Path.of(text(config, key));
  }
}
