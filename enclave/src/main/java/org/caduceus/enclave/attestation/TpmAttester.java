package org.caduceus.enclave.attestation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.PlatformVerifier;

/**
 * Quotes of a TPM 2.0 through tpm2-tools. The launcher calls {@link #measureLaunch} before it
 * starts the enclave; each {@link #attest} then quotes PCR {@value #PCR} with H(claims). What was
 * measured is kept in the folder, since an enclave outlives the process that started it.
 *
 * <p>PCR {@value #PCR} is the debug register: root may reset and extend it. One member a TPM. The
 * attestation key is made once and kept in the TPM at handle {@value #KEY_HANDLE}, so that it can
 * be certified.
 */
public final class TpmAttester implements PlatformAttester {
  /** The register that a launch is measured into. */
  public static final int PCR = 16;

  private static final String KEY_HANDLE = "0x8101cad0";
  // TCG EK Credential Profile, 2.2.1.4: the certificate of the RSA 2048 endorsement key.
  private static final String EK_CERTIFICATE = "0x01c00002";
  private static final String BANK = "sha384:" + PCR;
  private static final String LAUNCHED = "launched";
  // tpm2-tools' file of a credential: magic, version, then what CredentialChallenge makes.
  private static final int FILE_MAGIC = 0xbadcc0de;
  private static final int FILE_VERSION = 1;

  private final TpmTools tools;
  private final List<Bytes> chain;

  /**
   * Makes or finds the keys.
   *
   * @param folder working directory, absolute, for this user alone
   * @param tcti which TPM, e.g. {@code device:/dev/tpmrm0}
   * @param issuers DER: the certificates above the one that the TPM holds of its endorsement key,
   *     in ascending order; may be empty
   */
  public TpmAttester(Path folder, String tcti, List<Bytes> issuers) {
    this.tools = new TpmTools(folder, tcti);
    tools.run("tpm2_createek", "-Q", "-c", "ek.ctx", "-G", "rsa", "-u", "ek.pem", "-f", "pem");
    flush();
    if (!tools.succeeds(
        "tpm2_readpublic", "-Q", "-c", KEY_HANDLE, "-o", "ak.pub", "-n", "ak.name")) {
      tools.run(
          "tpm2_createak",
          "-Q",
          "-C",
          "ek.ctx",
          "-c",
          "ak.ctx",
          "-G",
          "ecc",
          "-g",
          "sha256",
          "-s",
          "ecdsa",
          "-u",
          "ak.pub",
          "-n",
          "ak.name");
      flush();
      tools.run("tpm2_evictcontrol", "-Q", "-C", "o", "-c", "ak.ctx", KEY_HANDLE);
      flush();
    }
    this.chain = chain(issuers);
  }

  /** Starts the event log anew with the executable that is about to be started. */
  @Override
  public synchronized void measureLaunch(Path executable) {
    Bytes digest = sha384(executable);
    tools.delete(LAUNCHED);
    tools.run("tpm2_pcrreset", "-Q", Integer.toString(PCR));
    tools.run("tpm2_pcrextend", "-Q", PCR + ":sha384=" + digest.toHex());
    tools.write(LAUNCHED, digest);
  }

  /**
   * A quote that a peer takes.
   *
   * @throws AttestationUnavailable also if the register holds something else than the launch of
   *     this evidence's code, as after a restart of the machine: no quote is worth SIMULATED, a
   *     wrong one is refused
   */
  @Override
  public Bytes attest(Evidence evidence) {
    Bytes quote = quote(evidence);
    PlatformVerifier.Finding finding =
        new TpmQuoteVerifier(TrustedRoots.none(), ActivatedKeys.NONE)
            .verify(evidence.withPlatform(quote));
    if (finding instanceof PlatformVerifier.Refused refused) {
      throw new AttestationUnavailable(refused.reason());
    }
    return quote;
  }

  /** A quote of whatever the register holds. */
  synchronized Bytes quote(Evidence evidence) {
    if (!tools.has(LAUNCHED)) {
      throw new AttestationUnavailable("Expected a measured launch, but none was measured");
    }
    tools.run(
        "tpm2_quote",
        "-Q",
        "-c",
        KEY_HANDLE,
        "-l",
        BANK,
        "-g",
        "sha256",
        "-q",
        evidence.claimsHash().toHex(),
        "-m",
        "quote.attest",
        "-s",
        "quote.signature");
    flush();
    return new TpmQuote(
            tools.read("quote.attest"),
            tools.read("quote.signature"),
            attestationKey(),
            chain,
            List.of(new TpmQuote.Event(PCR, tools.read(LAUNCHED), TpmQuoteVerifier.EVENT)))
        .encode();
  }

  /** Name of the attestation key, for a {@link CredentialChallenge}. */
  public Bytes keyName() {
    return tools.read("ak.name");
  }

  /** Answers a challenge: the secret that only the TPM of the endorsement key can read. */
  @Override
  public synchronized Bytes activate(Bytes challenge) {
    tools.write(
        "challenge",
        Bytes.wrap(
            new Writer().u32(FILE_MAGIC).u32(FILE_VERSION).bytes(twoSized(challenge)).toArray()));
    tools.run("tpm2_startauthsession", "-Q", "--policy-session", "-S", "session.ctx");
    try {
      tools.run("tpm2_policysecret", "-Q", "-S", "session.ctx", "-c", "endorsement");
      tools.run(
          "tpm2_activatecredential",
          "-Q",
          "-c",
          KEY_HANDLE,
          "-C",
          "ek.ctx",
          "-i",
          "challenge",
          "-o",
          "secret",
          "-P",
          "session:session.ctx");
    } finally {
      tools.run("tpm2_flushcontext", "session.ctx");
      flush();
    }
    Bytes secret = tools.read("secret");
    tools.delete("secret");
    return secret;
  }

  /** The challenge, if it is two TPM2B structures: the tools get nothing else to read. */
  private static Bytes twoSized(Bytes challenge) {
    try {
      Reader in = new Reader(challenge.unsafeArray(), "credential challenge");
      in.bytes(in.u16());
      in.bytes(in.u16());
      in.end();
      return challenge;
    } catch (MalformedException e) {
      throw new AttestationUnavailable(e.getMessage());
    }
  }

  /** TPMT_PUBLIC: the tools write it after its size. */
  private Bytes attestationKey() {
    Reader in = new Reader(tools.read("ak.pub").unsafeArray(), "TPM2B_PUBLIC");
    Bytes key = Bytes.wrap(in.bytes(in.u16()));
    in.end();
    return key;
  }

  private List<Bytes> chain(List<Bytes> issuers) {
    List<Bytes> chain = new ArrayList<>();
    endorsementCertificate().ifPresent(chain::add);
    chain.addAll(issuers);
    return List.copyOf(chain);
  }

  private Optional<Bytes> endorsementCertificate() {
    return tools.succeeds("tpm2_nvread", "-Q", "-C", "o", EK_CERTIFICATE, "-o", "ek.der")
        ? Optional.of(tools.read("ek.der"))
        : Optional.empty();
  }

  /** Without a resource manager, objects that a command loaded stay in the TPM's few slots. */
  private void flush() {
    tools.run("tpm2_flushcontext", "-t");
  }

  private static Bytes sha384(Path executable) {
    try (InputStream file = Files.newInputStream(executable);
        DigestInputStream in = new DigestInputStream(file, MessageDigest.getInstance("SHA-384"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return Bytes.wrap(in.getMessageDigest().digest());
    } catch (IOException | GeneralSecurityException e) {
      throw new AttestationUnavailable("Expected to measure " + executable + ", but failed", e);
    }
  }
}
