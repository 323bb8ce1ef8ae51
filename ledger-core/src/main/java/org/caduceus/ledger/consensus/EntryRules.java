package org.caduceus.ledger.consensus;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignedEntry;

/** What an entry must be, whoever brings it. Remembers the signatures it found good. */
final class EntryRules {
  private static final int REMEMBERED = 65_536;

  private final Electorate electorate;
  private final Set<Hash> verified = new LinkedHashSet<>();

  EntryRules(Electorate electorate) {
    this.electorate = electorate;
  }

  /** Why the entry may not stand on this ledger; empty if it may. */
  Optional<String> violation(SignedEntry entry) {
    return violation(entry, true);
  }

  /** The same of an entry whose signature was made in this process a moment ago. */
  Optional<String> violationOfJustSigned(SignedEntry entry) {
    return violation(entry, false);
  }

  private Optional<String> violation(SignedEntry entry, boolean checkSignature) {
    if (verified.contains(entry.leafHash())) {
      return Optional.empty();
    }
    int limit = Math.min(SignedEntry.MAX_BYTES, electorate.config().maxBlockBytes());
    if (entry.cose().length() > limit) {
      return Optional.of(
          "Expected an entry of at most " + limit + " bytes, but got " + entry.cose().length());
    }
    if (!entry.entry().chainId().equals(electorate.config().chainId())) {
      return Optional.of("Expected an entry of this chain, but it names another");
    }
    Optional<Integer> member = electorate.indexOf(entry.entry().member());
    if (member.isEmpty()) {
      return Optional.of("Expected an entry of a member, but its institution is none");
    }
    if (!entry.namesKey(electorate.config().members().get(member.get()).signingKey())
        || (checkSignature
            && !electorate.signedByInstitution(
                member.get(), entry.signedBytes(), entry.signature()))) {
      return Optional.of(
          "Expected the signature of " + entry.entry().member() + ", but it does not verify");
    }
    remember(entry.leafHash());
    return Optional.empty();
  }

  private void remember(Hash leaf) {
    verified.add(leaf);
    if (verified.size() > REMEMBERED) {
      Iterator<Hash> eldest = verified.iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
