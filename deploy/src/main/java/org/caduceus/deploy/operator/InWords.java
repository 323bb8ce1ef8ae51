package org.caduceus.deploy.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.membership.ResumeStatement;

/** What is about to be signed, line by line, for the officer who signs it. */
final class InWords {
  private final EpochConfig config;
  private final List<String> lines = new ArrayList<>();

  private InWords(EpochConfig config) {
    this.config = config;
  }

  /**
   * The lines.
   *
   * @param config of the running epoch
   */
  static List<String> of(Desk.Signable signable, EpochConfig config) {
    InWords words = new InWords(config);
    words.fact("consortium", config.chainId().toHex());
    words.fact("epoch", config.epoch() + " (" + config.hash().toHex() + ")");
    switch (signable) {
      case Desk.Signable.ForChange ballot -> words.change(ballot.change());
      case Desk.Signable.ForPlan approval -> words.plan(approval.plan());
    }
    words.fact("signed bytes", signable.bytes().length() + " bytes, SHA-256:");
    words.fact("", Hash.sha256(signable.bytes().toArray()).toHex());
    return words.lines;
  }

  private void fact(String name, String value) {
    lines.add(String.format("  %-14s %s", name, value));
  }

  private void change(MembershipChange change) {
    switch (change) {
      case MembershipChange.ReplaceKey(String member, Bytes key, Bytes evidence) -> {
        fact("change", "the seat of " + member + " goes to another instance of its enclave");
        fact("new key", key.toHex());
        evidence(evidence);
      }
      case MembershipChange.AddMember(Member member, Bytes evidence) -> {
        fact("change", member.id() + " gets a seat");
        fact("voting key", member.votingKey().toHex());
        fact("signing key", member.signingKey().toHex());
        fact("governance", member.governanceKey().toHex());
        fact("link key", member.linkKey().toHex());
        evidence(evidence);
      }
      case MembershipChange.RemoveMember(String member) ->
          fact("change", member + " loses its seat");
      case MembershipChange.AnnounceKey(
              String member,
              EpochConfig.Mode mode,
              Bytes key,
              Bytes evidence) -> {
        fact("change", member + " would vote in " + mode + " with another key");
        fact("voting key", key.toHex());
        evidence(evidence);
      }
      case MembershipChange.SetMode(EpochConfig.Mode mode) ->
          fact("change", "blocks become final by " + mode + " instead of " + config.mode());
      case MembershipChange.RegisterInstitution it -> {
        fact("change", it.member() + " is registered");
        fact("category", it.category().name().toLowerCase(Locale.ROOT));
        fact("weight", Integer.toString(it.weight()));
        fact("signing key", it.signingKey().toHex());
        fact("governance", it.governanceKey().toHex());
        fact("link key", it.linkKey().toHex());
      }
      case MembershipChange.SetSuspended(String member, boolean suspended) ->
          fact("change", member + (suspended ? " is suspended" : " is not suspended any more"));
      case MembershipChange.Delegate(String member, String to) ->
          fact("change", "the weight of " + member + " elects " + (to.isEmpty() ? member : to));
      case MembershipChange.SetElections(Register.Elections elections) ->
          fact(
              "change",
              elections.held()
                  ? "a committee of "
                      + elections.committee()
                      + " is elected every "
                      + elections.epochBlocks()
                      + " blocks"
                  : "no committee is elected; ballots decide who has a seat");
      case MembershipChange.ReplaceLinkKey(String member, Hash key) -> {
        fact("change", "the links of " + member + " get another key");
        fact("link key", key.toHex());
      }
      case MembershipChange.SetRules rules -> {
        fact("change", "other rules for the same members");
        differs("slot-k", config.slotK(), rules.slotK());
        differs("timeout-ms", config.timeoutMs(), rules.timeoutMs());
        differs("max-timeout-ms", config.maxTimeoutMs(), rules.maxTimeoutMs());
        differs("block-entries", config.maxBlockEntries(), rules.maxBlockEntries());
        differs("block-bytes", config.maxBlockBytes(), rules.maxBlockBytes());
        differs("minimum-tier", config.minimumTier(), rules.minimumTier());
        differs("evidence-age", config.maxEvidenceAge(), rules.maxEvidenceAge());
        measurements("allows no more", config.measurements(), rules.measurements());
        measurements("allows", rules.measurements(), config.measurements());
      }
    }
  }

  private void differs(String name, Object now, Object then) {
    if (!now.equals(then)) {
      fact(name, now + " -> " + then);
    }
  }

  private void measurements(String what, List<Bytes> here, List<Bytes> there) {
    here.stream().filter(each -> !there.contains(each)).forEach(each -> fact(what, each.toHex()));
  }

  private void evidence(Bytes bytes) {
    if (bytes.length() == 0) {
      fact("evidence", "none: an ordinary process, not an enclave");
      return;
    }
    Evidence evidence = Evidence.decode(bytes);
    fact("evidence", "claims tier " + evidence.tier() + (evidence.debug() ? ", DEBUG BUILD" : ""));
    fact("measurement", evidence.measurement().toHex());
  }

  private void plan(ColdStartPlan plan) {
    ResumeStatement best = plan.best();
    fact("approval", "the quorum lost its keys: go on at height " + best.votedHeight());
    fact("", "An institution approves once in an epoch, for good.");
    fact("block", best.votedHash().toHex());
    for (ResumeStatement it : plan.statements()) {
      fact(
          config.members().get(it.member()).id(),
          "stood at view "
              + it.votedView()
              + ", height "
              + it.votedHeight()
              + ", block "
              + it.votedHash().toHex().substring(0, 16)
              + (it.votedLast() ? ", which ends the epoch" : ""));
    }
    fact("next", "epoch " + plan.next().epoch() + " (" + plan.next().hash().toHex() + ")");
  }
}
