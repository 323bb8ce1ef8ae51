package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.membership.SeatEvidence;

/** What an entry must be, whoever brings it. Remembers the signatures it found good. */
final class EntryRules {
  private static final int REMEMBERED = 65_536;

  private final Electorate electorate;
  private final Register register;
  private final SeatEvidence evidence;
  private final Set<Hash> verified = new LinkedHashSet<>();
  private final Set<Hash> seated = new LinkedHashSet<>();

  EntryRules(Electorate electorate, Register register, SeatEvidence evidence) {
    this.electorate = electorate;
    this.register = register;
    this.evidence = evidence;
  }

  /**
   * Why a ballot among these asks for a seat for a key that may not have it. Judged before voting
   * only: what a quorum made final is final, whatever this node's own roots and clock say.
   */
  Optional<String> seatViolation(Collection<SignedEntry> entries) {
    for (SignedEntry entry : entries) {
      if (entry.entry().kind().equals(Ballot.KIND) && !seated.contains(entry.id())) {
        Optional<String> violation = Ballot.in(entry.entry()).flatMap(this::seatViolation);
        if (violation.isPresent()) {
          return violation;
        }
        remember(seated, entry.id());
      }
    }
    return Optional.empty();
  }

  private Optional<String> seatViolation(Ballot ballot) {
    if (!ballot.configHash().equals(electorate.configHash())) {
      return Optional.empty(); // of another epoch: it counts for nothing
    }
    return evidence.violation(ballot.change(), electorate.config());
  }

  /** Why the first entry that may not stand on this ledger may not; empty if all may. */
  Optional<String> violation(Collection<SignedEntry> entries) {
    List<SignedEntry> unknown = new ArrayList<>();
    List<SignatureVerifier.Claim> claims = new ArrayList<>();
    for (SignedEntry entry : entries) {
      if (verified.contains(entry.leafHash())) {
        continue;
      }
      Optional<String> violation = formViolation(entry, electorate, register);
      if (violation.isPresent()) {
        return violation;
      }
      unknown.add(entry);
      claims.add(claim(entry, register));
    }
    boolean[] good = electorate.signedByInstitutions(claims);
    Optional<String> violation = Optional.empty();
    for (int i = 0; i < good.length; i++) {
      if (good[i]) {
        remember(verified, unknown.get(i).leafHash());
      } else if (violation.isEmpty()) {
        violation = Optional.of(wrongSignature(unknown.get(i)));
      }
    }
    return violation;
  }

  /**
   * Why this entry may not stand on the ledger of an epoch; remembers nothing.
   *
   * @param register of the epoch
   */
  static Optional<String> violation(SignedEntry entry, Electorate electorate, Register register) {
    return formViolation(entry, electorate, register)
        .or(
            () ->
                electorate.signedByInstitutions(List.of(claim(entry, register)))[0]
                    ? Optional.empty()
                    : Optional.of(wrongSignature(entry)));
  }

  /** The same of an entry whose signature was made in this process a moment ago. */
  Optional<String> violationOfJustSigned(SignedEntry entry) {
    Optional<String> violation = formViolation(entry, electorate, register);
    if (violation.isEmpty()) {
      remember(verified, entry.leafHash());
    }
    return violation;
  }

  /** Everything but whether the signature verifies. */
  private static Optional<String> formViolation(
      SignedEntry entry, Electorate electorate, Register register) {
    int limit = Math.min(SignedEntry.MAX_BYTES, electorate.config().maxBlockBytes());
    if (entry.cose().length() > limit) {
      return Optional.of(
          "Expected an entry of at most " + limit + " bytes, but got " + entry.cose().length());
    }
    if (!entry.entry().chainId().equals(electorate.config().chainId())) {
      return Optional.of("Expected an entry of this chain, but it names another");
    }
    Optional<Institution> institution = register.institution(entry.entry().member());
    if (institution.isEmpty()) {
      return Optional.of("Expected an entry of a member, but its institution is none");
    }
    if (institution.get().suspended()) {
      return Optional.of(
          "Expected an entry of an institution in good standing, but it is suspended");
    }
    return entry.namesKey(electorate.config().suite(), institution.get().signingKey())
        ? Optional.empty()
        : Optional.of(wrongSignature(entry));
  }

  /** Of the institution that the entry names, which is registered. */
  private static SignatureVerifier.Claim claim(SignedEntry entry, Register register) {
    Bytes key = register.institution(entry.entry().member()).orElseThrow().signingKey();
    return new SignatureVerifier.Claim(key, entry.signedBytes(), entry.signature());
  }

  private static String wrongSignature(SignedEntry entry) {
    return "Expected the signature of " + entry.entry().member() + ", but it does not verify";
  }

  private static void remember(Set<Hash> known, Hash hash) {
    known.add(hash);
    if (known.size() > REMEMBERED) {
      Iterator<Hash> eldest = known.iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
