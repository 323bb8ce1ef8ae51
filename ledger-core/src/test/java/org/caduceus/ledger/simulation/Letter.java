package org.caduceus.ledger.simulation;

import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.consensus.PeerMessage;

/**
 * A message on its way from one member to another.
 *
 * @param from index of the sender
 * @param to index of the receiver
 */
record Letter(int from, int to, PeerMessage message) {

  /** What a message is about, as scenarios and diagrams call it. */
  enum Kind {
    /** Entries that wait. */
    GOSSIP,
    /** A block for a view. */
    PROPOSE,
    /** A vote for it. */
    VOTE,
    /** A certificate of the first of two phases. */
    PREPARED,
    /** A certificate that makes a block final. */
    DECIDE,
    /** A report of a new view. */
    NEWVIEW,
    /** A question for final blocks, or for one that is not final. */
    ASK,
    /** Final blocks, or one that is not final. */
    BLOCKS,
    /** Height and view. */
    STATUS,
    /** Where an enclave stood that lost its key. */
    RESUME,
    /** How to go on after a quorum lost its keys. */
    PLAN,
    /** An institution agrees to that. */
    APPROVE,
    /** Why an epoch began. */
    EPOCH,
    /** Proof that a voter is broken. */
    FAULT,
    /** What an enclave is. */
    OTHER
  }

  Kind kind() {
    return switch (message) {
      case PeerMessage.EntryGossip gossip -> Kind.GOSSIP;
      case PeerMessage.Propose propose -> Kind.PROPOSE;
      case PeerMessage.VoteMessage vote -> Kind.VOTE;
      case PeerMessage.Prepared prepared -> Kind.PREPARED;
      case PeerMessage.Decide decide -> Kind.DECIDE;
      case PeerMessage.NewViewMessage report -> Kind.NEWVIEW;
      case PeerMessage.SyncRequest request -> Kind.ASK;
      case PeerMessage.CandidateRequest request -> Kind.ASK;
      case PeerMessage.SyncBlocks blocks -> Kind.BLOCKS;
      case PeerMessage.CandidateReply reply -> Kind.BLOCKS;
      case PeerMessage.StatusAnnouncement status -> Kind.STATUS;
      case PeerMessage.Resume resume -> Kind.RESUME;
      case PeerMessage.PlanColdStart plan -> Kind.PLAN;
      case PeerMessage.ApproveColdStart approval -> Kind.APPROVE;
      case PeerMessage.SnapshotRequest request -> Kind.ASK;
      case PeerMessage.SnapshotReply reply -> Kind.EPOCH;
      case PeerMessage.Attestation attestation -> Kind.OTHER;
      case PeerMessage.CredentialChallenge challenge -> Kind.OTHER;
      case PeerMessage.CredentialAnswer answer -> Kind.OTHER;
      case PeerMessage.Fault fault -> Kind.FAULT;
    };
  }

  /** One line for people. */
  String summary() {
    return switch (message) {
      case PeerMessage.EntryGossip gossip -> "GOSSIP " + gossip.entries().size() + " entries";
      case PeerMessage.Propose propose -> {
        BlockHeader header = propose.candidate().block().header();
        yield "PROPOSE view "
            + header.view()
            + " height "
            + header.height()
            + " block "
            + brief(propose.candidate().block().hash().toString())
            + " upon "
            + switch (propose.justification()) {
              case org.caduceus.ledger.consensus.Justification.Anchor anchor -> "the anchor";
              case org.caduceus.ledger.consensus.Justification.Certified certified ->
                  "a certificate";
              case org.caduceus.ledger.consensus.Justification.NewViews reports -> "reports";
              case org.caduceus.ledger.consensus.Justification.Reported reports ->
                  "reports and a certificate";
            };
      }
      case PeerMessage.VoteMessage(var vote) ->
          "VOTE "
              + vote.phase()
              + " view "
              + vote.view()
              + " block "
              + brief(vote.blockHash().toString());
      case PeerMessage.Prepared(var certificate) ->
          "PREPARED view " + certificate.view() + " height " + certificate.height();
      case PeerMessage.Decide(var certificate) ->
          "DECIDE view " + certificate.view() + " height " + certificate.height();
      case PeerMessage.NewViewMessage report ->
          "NEWVIEW of epoch "
              + report.epoch()
              + " of "
              + report.report().member()
              + " to "
              + report.report().newView()
              + " voted in "
              + report.report().votedView();
      case PeerMessage.SyncRequest(long fromHeight) -> "ASK for blocks from " + fromHeight;
      case PeerMessage.SyncBlocks(var blocks) -> "BLOCKS " + blocks.size() + " final";
      case PeerMessage.CandidateRequest(var hash) -> "ASK for block " + brief(hash.toString());
      case PeerMessage.CandidateReply(var candidate) ->
          "BLOCKS block " + brief(candidate.block().hash().toString());
      case PeerMessage.StatusAnnouncement(long epoch, long height, long view, boolean voting) ->
          "STATUS epoch " + epoch + " height " + height + " view " + view;
      case PeerMessage.Resume(var statement, var evidence, boolean current) ->
          "RESUME of epoch " + statement.epoch();
      case PeerMessage.PlanColdStart plan -> "PLAN";
      case PeerMessage.ApproveColdStart approval -> "APPROVE";
      case PeerMessage.SnapshotRequest(long epoch) -> "ASK for epoch " + epoch;
      case PeerMessage.SnapshotReply(var snapshot) ->
          snapshot.epochs().isEmpty()
              ? "EPOCH none"
              : "EPOCH " + snapshot.epochs().getLast().proof().config().epoch();
      case PeerMessage.Attestation attestation -> "OTHER attestation";
      case PeerMessage.CredentialChallenge challenge -> "OTHER challenge";
      case PeerMessage.CredentialAnswer answer -> "OTHER answer";
      case PeerMessage.Fault(var fault) -> "FAULT in epoch " + fault.epoch();
    };
  }

  private static String brief(String hash) {
    return hash.substring(0, 6);
  }
}
