package org.caduceus.deploy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.caduceus.enclave.attestation.AttesterSettings;
import org.caduceus.ledger.enclave.AssuranceTier;

/**
 * What the members' enclaves are to be worth, and what shows it.
 *
 * @param minimumTier what the genesis asks of every one
 * @param attester whose attestation goes with their evidence
 * @param tcti which TPM, with {@code {member}} where each member has one of its own
 * @param issuers PEM: what stands between the TPMs' certificates and a root
 * @param roots PEM: the roots of TPMs that every member trusts
 * @param user whom the enclaves become when root starts them
 */
public record Assurance(
    AssuranceTier minimumTier,
    AttesterSettings.Kind attester,
    String tcti,
    Optional<Path> issuers,
    Optional<Path> roots,
    Optional<String> user) {
  /** Processes like any other, and nothing that says more. */
  public static final Assurance SIMULATED =
      new Assurance(
          AssuranceTier.SIMULATED,
          AttesterSettings.Kind.NONE,
          AttesterSettings.DEFAULT_TCTI,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** The same without a user of the enclaves' own. */
  Assurance sharingTheUser() {
    return new Assurance(minimumTier, attester, tcti, issuers, roots, Optional.empty());
  }

  /** A member's attester, as its node will have it. */
  AttesterSettings attesterOf(MemberHome home) {
    return new AttesterSettings(
        attester, home.attester(), tctiOf(home), issuers, "caduceus-" + home.id());
  }

  /** The lines of a node's settings that say all this. */
  Map<String, String> settingsOf(MemberHome home) {
    Map<String, String> values = new TreeMap<>();
    values.put("caduceus.attester", attester.label());
    if (attester == AttesterSettings.Kind.TPM) {
      values.put("caduceus.attester.dir", home.attester().toString());
      values.put("caduceus.attester.tpm.tcti", tctiOf(home));
    }
    issuers.ifPresent(file -> values.put("caduceus.attester.tpm.issuers", file.toString()));
    roots.ifPresent(file -> values.put("caduceus.attestation.roots.tpm", file.toString()));
    user.ifPresent(name -> values.put("caduceus.enclave.user", name));
    return values;
  }

  private String tctiOf(MemberHome home) {
    return tcti.replace("{member}", home.id());
  }
}
