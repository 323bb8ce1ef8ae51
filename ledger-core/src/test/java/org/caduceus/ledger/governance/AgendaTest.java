package org.caduceus.ledger.governance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.consensus.OpenMatters;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.ResumeStatement;
import org.junit.jupiter.api.Test;

/** Three members; this is member-a's agenda. */
final class AgendaTest {
  private static final Bytes EVIDENCE = Bytes.wrap(new byte[] {7});
  private static final Hash VOTED = Hash.sha256(new byte[] {1});

  private final EpochConfig config = new SampleConsortium(SampleSigner.Scheme.ES256, 3, 4).config();
  private boolean blocksAreSafe = true;

  private Agenda agenda(OpenMatters open, Optional<MembershipChange.ReplaceKey> request) {
    return Agenda.of(
        "member-a",
        false,
        open,
        request.stream().<MembershipChange>map(it -> it).toList(),
        new Agenda.Desk() {
          @Override
          public Matter.Shown shown(Bytes evidence, String member, Bytes votingKey) {
            assertEquals(EVIDENCE, evidence);
            return new Matter.Shown(
                votingKey,
                Optional.empty(),
                Optional.of(AssuranceTier.SIMULATED),
                Optional.of(2L),
                Optional.empty());
          }

          @Override
          public boolean mayApprove(ColdStartPlan plan) {
            return blocksAreSafe;
          }
        });
  }

  private static Bytes key(int number) {
    return SampleSigner.Scheme.ES256.signer("successor " + number).publicKey();
  }

  private ResumeStatement stated(int member) {
    return new ResumeStatement(
        config.hash(),
        1,
        member,
        config.members().get(member).votingKey(),
        5,
        4,
        VOTED,
        false,
        key(member),
        Bytes.wrap(new byte[64]));
  }

  private OpenMatters ballots(
      Map<MembershipChange, List<String>> done, Map<MembershipChange, List<String>> waiting) {
    return new OpenMatters(
        Constitution.of(config),
        done,
        waiting,
        List.of(),
        Optional.empty(),
        Set.of(),
        Optional.empty());
  }

  @Test
  void nothingWaitsWhereNobodyAsked() {
    Agenda agenda = agenda(OpenMatters.none(Constitution.of(config)), Optional.empty());
    assertEquals(List.of(), agenda.matters());
    assertEquals(0, agenda.wanted());
  }

  @Test
  void anOwnRequestIsSignedByThisMemberAlone() {
    MembershipChange.ReplaceKey request =
        new MembershipChange.ReplaceKey("member-a", key(0), EVIDENCE);
    Matter matter =
        agenda(OpenMatters.none(Constitution.of(config)), Optional.of(request))
            .matters()
            .getFirst();
    assertEquals(Matter.Kind.REPLACE_KEY, matter.kind());
    assertEquals(1, matter.needed());
    assertEquals(List.of(new Matter.Signer("member-a", Matter.State.MISSING)), matter.signers());
    assertEquals(Matter.Own.WANTED, matter.own());
    Bytes toSign = Ballot.signedBytes(config.hash(), request);
    assertEquals(Optional.of(toSign), matter.toSign());
    assertEquals(Hash.sha256(toSign.toArray()), matter.id());
    assertEquals(Optional.of(2L), matter.evidence().orElseThrow().age());
  }

  @Test
  void aRequestThatWasSignedIsOneMatterAndNotAskedForAgain() {
    MembershipChange.ReplaceKey request =
        new MembershipChange.ReplaceKey("member-a", key(0), EVIDENCE);
    Agenda agenda =
        agenda(ballots(Map.of(), Map.of(request, List.of("member-a"))), Optional.of(request));
    assertEquals(1, agenda.matters().size());
    Matter matter = agenda.matters().getFirst();
    assertEquals(Matter.Own.GIVEN, matter.own());
    assertEquals(Matter.State.WAITING, matter.signers().getFirst().state());
    assertEquals(1, matter.signatures());
  }

  @Test
  void whoAnnouncedNoKeyForAnotherModeIsNamed() {
    EpochConfig four = new SampleConsortium(SampleSigner.Scheme.ES256, 4, 4).config();
    MembershipChange wanted = new MembershipChange.SetMode(EpochConfig.Mode.BFT_2P);
    OpenMatters open =
        new OpenMatters(
            Constitution.of(four),
            Map.of(
                wanted,
                List.of("member-b"),
                keyOf("member-b"),
                List.of("member-b"),
                keyOf("member-d"),
                List.of("member-d")),
            Map.of(keyOf("member-a"), List.of("member-a")),
            List.of(),
            Optional.empty(),
            Set.of(),
            Optional.empty());
    Matter matter =
        agenda(open, Optional.empty()).matters().stream()
            .filter(it -> it.kind() == Matter.Kind.SET_MODE)
            .findFirst()
            .orElseThrow();
    assertEquals(3, matter.needed());
    Matter.Keys keys = matter.keys().orElseThrow();
    assertEquals(3, keys.needed());
    assertEquals(List.of("member-b", "member-d"), keys.announced());
    assertEquals(List.of("member-a", "member-c"), keys.missing());
    assertEquals(Set.of(EpochConfig.Mode.BFT_2P), open.wantedModes());
    assertTrue(open.isAnnounced(keyOf("member-a")));
    assertFalse(open.isAnnounced(keyOf("member-c")));
  }

  private static MembershipChange.AnnounceKey keyOf(String member) {
    return new MembershipChange.AnnounceKey(
        member,
        EpochConfig.Mode.BFT_2P,
        SampleSigner.Scheme.ES256.signer("process of " + member).publicKey(),
        Bytes.EMPTY);
  }

  @Test
  void anothersRequestIsShownAndNotForThisMemberToSign() {
    Agenda agenda =
        agenda(
            new OpenMatters(
                Constitution.of(config),
                Map.of(),
                Map.of(),
                List.of(new PeerMessage.Resume(stated(1), EVIDENCE, true)),
                Optional.empty(),
                Set.of(),
                Optional.empty()),
            Optional.empty());
    Matter matter = agenda.matters().getFirst();
    assertEquals("member-b", matter.subject());
    assertEquals(Matter.Own.NOT_ASKED, matter.own());
    assertEquals(Optional.empty(), matter.toSign());
    assertEquals(key(1), matter.evidence().orElseThrow().votingKey());
    assertEquals(0, agenda.wanted());
  }

  @Test
  void aProposalShowsWhoVotedAndWhoseBallotWaits() {
    MembershipChange change = new MembershipChange.RemoveMember("member-c");
    Agenda agenda =
        agenda(
            ballots(Map.of(change, List.of("member-b")), Map.of(change, List.of("member-c"))),
            Optional.empty());
    Matter matter = agenda.matters().getFirst();
    assertEquals(
        List.of(
            new Matter.Signer("member-a", Matter.State.MISSING),
            new Matter.Signer("member-b", Matter.State.SIGNED),
            new Matter.Signer("member-c", Matter.State.WAITING)),
        matter.signers());
    assertEquals(2, matter.needed());
    assertEquals(Matter.Own.WANTED, matter.own());
    assertEquals(1, agenda.wanted());
  }

  @Test
  void whatThisMemberHasToSignComesFirst() {
    MembershipChange done = new MembershipChange.RemoveMember("member-b");
    MembershipChange open = new MembershipChange.RemoveMember("member-c");
    Agenda agenda =
        agenda(
            new OpenMatters(
                Constitution.of(config),
                Map.of(done, List.of("member-a"), open, List.of("member-b")),
                Map.of(),
                List.of(),
                Optional.empty(),
                Set.of(),
                Optional.empty()),
            Optional.empty());
    assertEquals("member-c", agenda.matters().getFirst().subject());
  }

  @Test
  void aColdStartWaitsForTheBlocksThatItGoesOnFrom() {
    ColdStartPlan plan =
        new ColdStartPlan(
            List.of(),
            Optional.empty(),
            List.of(stated(0), stated(1), stated(2)),
            config.with(2, config.members()));
    OpenMatters open =
        new OpenMatters(
            Constitution.of(config),
            Map.of(),
            Map.of(),
            List.of(new PeerMessage.Resume(stated(1), EVIDENCE, true)),
            Optional.of(plan),
            Set.of(1),
            Optional.empty());
    Agenda agenda =
        agenda(open, Optional.of(new MembershipChange.ReplaceKey("member-a", key(0), EVIDENCE)));
    assertEquals(1, agenda.matters().size());
    Matter matter = agenda.matters().getFirst();
    assertEquals(plan.hash(), matter.id());
    assertEquals(3, matter.needed());
    assertEquals(1, matter.signatures());
    assertEquals(Matter.Own.WANTED, matter.own());
    assertEquals(Optional.of(plan.approvalBytes()), matter.toSign());

    blocksAreSafe = false;
    assertEquals(Matter.Own.NOT_YET, agenda(open, Optional.empty()).matters().getFirst().own());
    assertTrue(plan.isOf(config));
  }
}
