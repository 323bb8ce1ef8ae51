package org.caduceus.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;

/** What a node says of itself to get a seat: {@code GET /api/governance/candidate}. */
public final class CandidateJson {
  private CandidateJson() {}

  /**
   * The change that gives it the seat.
   *
   * @throws IllegalArgumentException if the object is no candidate
   */
  public static MembershipChange.AddMember change(JsonNode candidate) {
    Bytes evidence = Bytes.wrap(Base64.getDecoder().decode(candidate.path("evidence").asText()));
    return new MembershipChange.AddMember(
        new Member(
            candidate.path("id").asText(),
            Bytes.fromHex(candidate.path("votingKey").asText()),
            Bytes.fromHex(candidate.path("signingKey").asText()),
            Bytes.fromHex(candidate.path("governanceKey").asText()),
            Hash.fromHex(candidate.path("linkKey").asText()),
            Hash.sha256(evidence.toArray())),
        evidence);
  }
}
