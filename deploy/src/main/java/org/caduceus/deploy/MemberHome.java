package org.caduceus.deploy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * One member's folder and what stands in it.
 *
 * @param id member id
 * @param folder mode 0700
 * @param ports its TCP ports
 */
public record MemberHome(String id, Path folder, Ports ports) {

  /** The node's configuration, docs/reference/configuration.md. */
  public Path nodeProperties() {
    return folder.resolve("node.properties");
  }

  /** Passwords that only this tool and the server need. */
  public Path secrets() {
    return folder.resolve("secrets.properties");
  }

  /** The genesis configuration, CDC1CONF. */
  public Path genesis() {
    return folder.resolve("genesis.bin");
  }

  /** PKCS12: the member's TLS key and certificate. */
  public Path keyStore() {
    return folder.resolve("tls.p12");
  }

  /** PKCS12: the consortium's certificate authority. */
  public Path trustStore() {
    return folder.resolve("trust.p12");
  }

  /** PKCS 8, PEM: the officers' key, which signs membership changes. */
  public Path governanceKey() {
    return folder.resolve("governance-key.pem");
  }

  /** The key of the voter of BFT-2P, sealed by the enclave. */
  public Path voterKey() {
    return folder.resolve("voter.key");
  }

  /** While that key has signed nothing: its public half. */
  public Path unusedVoterKey() {
    return folder.resolve("voter.key.new");
  }

  /** The enclave's folder. */
  public Path enclave() {
    return folder.resolve("enclave");
  }

  /** The platform attester's folder. */
  public Path attester() {
    return folder.resolve("attester");
  }

  /** H2's file, without its suffix. */
  public Path database() {
    return folder.resolve("db").resolve("ledger");
  }

  /** The server's domain. */
  public Path domain() {
    return folder.resolve("domain");
  }

  /** The server's log. */
  public Path log() {
    return domain().resolve("logs").resolve("server.log");
  }

  /** What the server's JVM writes to its standard streams. */
  public Path output() {
    return folder.resolve("node.out");
  }

  /** The record of the running server. */
  public Path pidFile() {
    return folder.resolve("node.pid");
  }

  /** The running server, if it runs. */
  public Optional<RecordedProcess> node() {
    return RecordedProcess.read(pidFile(), marker());
  }

  /** What runs under this pid, if it is this member's server. */
  Optional<RecordedProcess> observe(long pid) {
    return RecordedProcess.observe(pid, marker());
  }

  private String marker() {
    return "-Dcaduceus.home=" + folder;
  }

  /** The running enclave, if it runs. */
  public Optional<RecordedProcess> enclaveProcess() {
    return EnclaveFolder.process(enclave());
  }

  /** Base of the console and of the web interfaces, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + ports.http();
  }

  /** A value of the node's configuration. */
  public String setting(String key) {
    return PrivateFiles.properties(nodeProperties()).getProperty(key);
  }

  /** The passwords only this tool and the server need. */
  public Properties secretValues() {
    return PrivateFiles.properties(secrets());
  }
}
