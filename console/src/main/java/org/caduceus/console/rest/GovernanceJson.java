package org.caduceus.console.rest;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.governance.Agenda;
import org.caduceus.ledger.governance.GovernanceDesk;
import org.caduceus.ledger.governance.Matter;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.ResumeStatement;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What waits for governance keys, on the wire. */
@Schema(name = "Governance", description = "What waits for the officers' signatures")
public record GovernanceJson(
    @Schema(description = "This institution", example = "hospital-a") String member,
    @Schema(description = "Whether this node has the governance key and acts by itself")
        boolean automatic,
    long epoch,
    @Schema(description = "H of the running configuration, which ballots name") String configHash,
    @Schema(
            description = "Algorithms of all signatures",
            enumeration = {"ES256", "SM2_SM3"})
        String suite,
    @Schema(
            description =
                "SEC 1 point of this institution's governance key; absent if it is not registered")
        Optional<String> governanceKey,
    @Schema(
            description =
                "CDC1REGI, Base64: the institutions of the epoch, whose root all its headers hold")
        String register,
    @Schema(description = "What this institution has to sign comes first") List<Item> matters,
    @Schema(description = "Proofs that enclaves were broken, the newest first")
        List<Fault> faults) {

  /** Proof that a voter is broken. */
  @Schema(name = "VoterFault")
  public record Fault(
      @Schema(description = "SHA-256 of the proof") String id,
      @Schema(description = "Of the key that signed") long epoch,
      @Schema(description = "Whose voter; absent if it is one of several") Optional<String> member,
      @Schema(description = "What it proves") String reason,
      String keptAt,
      @Schema(description = "The entry that this node entered it with; absent until it did")
          Optional<String> entryId,
      @Schema(description = "CDC1FALT, Base64: anybody can check it") String proof) {}

  /** One matter. */
  @Schema(name = "Matter")
  public record Item(
      @Schema(description = "SHA-256 of what is to be signed") String id,
      @Schema(
              enumeration = {
                "REPLACE_KEY",
                "ADD_MEMBER",
                "REMOVE_MEMBER",
                "SET_RULES",
                "ANNOUNCE_KEY",
                "SET_MODE",
                "REGISTER_INSTITUTION",
                "SUSPEND",
                "REINSTATE",
                "DELEGATE",
                "SET_ELECTIONS",
                "REPLACE_LINK_KEY",
                "COLD_START"
              })
          String kind,
      @Schema(description = "The member that it is about; absent if it is about all")
          Optional<String> subject,
      @Schema(description = "Signatures that decide it") int needed,
      List<Signer> signers,
      @Schema(
              description = "What this institution's officers have to do",
              enumeration = {"WANTED", "GIVEN", "NOT_YET", "NOT_ASKED"})
          String own,
      @Schema(description = "The bytes to be signed, Base64; absent if not these officers' to sign")
          Optional<String> toSign,
      @Schema(description = "CDC1CHNG, Base64; absent for cold starts") Optional<String> change,
      Optional<Plan> coldStart,
      Optional<Shown> evidence,
      @Schema(description = "Of another mode, which waits for them; absent otherwise")
          Optional<Keys> keys) {}

  /** Keys that members announced for another mode. */
  @Schema(name = "AnnouncedKeys")
  public record Keys(
      @Schema(description = "Without so many the mode waits") int needed,
      @Schema(description = "Members that announced one") List<String> announced,
      @Schema(description = "Members that did not") List<String> missing) {}

  /** A member whose signature counts. */
  @Schema(name = "Signer")
  public record Signer(
      String member,
      @Schema(
              description = "WAITING: its ballot waits for a block",
              enumeration = {"MISSING", "WAITING", "SIGNED"})
          String state) {}

  /** How a lost quorum goes on. */
  @Schema(name = "ColdStartPlan")
  public record Plan(
      @Schema(description = "Height that the ledger goes on from") long height,
      @Schema(description = "Hash of that block") String blockHash,
      @Schema(description = "H of the next configuration") String nextConfigHash,
      List<Statement> statements,
      @Schema(description = "CDC1COLD with the next configuration, Base64") String plan) {}

  /** Where a member stood. */
  @Schema(name = "ResumeStatement")
  public record Statement(
      String member,
      long votedView,
      long votedHeight,
      String votedHash,
      boolean endsEpoch,
      @Schema(description = "SEC 1 point of the new voting key") String votingKey) {}

  /** Evidence of an enclave that is to get a seat. */
  @Schema(name = "SeatEvidence")
  public record Shown(
      String votingKey,
      Optional<String> measurement,
      @Schema(
              description = "What this node could verify",
              enumeration = {"SIMULATED", "MEASURED_TPM", "CONFIDENTIAL_VM", "ENCLAVE_SGX"})
          Optional<String> tier,
      @Schema(description = "Blocks since the one that it is bound to") Optional<Long> ageBlocks,
      @Schema(description = "Why it gives no seat here; absent if it does")
          Optional<String> refusal) {}

  static GovernanceJson of(Agenda agenda, List<GovernanceDesk.KeptFault> faults) {
    EpochConfig config = agenda.config();
    return new GovernanceJson(
        agenda.member(),
        agenda.automatic(),
        config.epoch(),
        config.hash().toHex(),
        config.suite().name(),
        agenda
            .constitution()
            .register()
            .institution(agenda.member())
            .map(own -> own.governanceKey().toHex()),
        base64(agenda.constitution().register().encode()),
        agenda.matters().stream().map(matter -> item(matter, config)).toList(),
        faults.stream().map(GovernanceJson::fault).toList());
  }

  private static Fault fault(GovernanceDesk.KeptFault kept) {
    return new Fault(
        kept.fault().id().toHex(),
        kept.fault().epoch(),
        kept.member(),
        kept.reason(),
        Times.iso(kept.keptAtMs()).orElse(""),
        kept.entry().map(Hash::toHex),
        base64(kept.fault().encode()));
  }

  private static Item item(Matter matter, EpochConfig config) {
    return new Item(
        matter.id().toHex(),
        matter.kind().name(),
        Optional.of(matter.subject()).filter(subject -> !subject.isEmpty()),
        matter.needed(),
        matter.signers().stream()
            .map(signer -> new Signer(signer.member(), signer.state().name()))
            .toList(),
        matter.own().name(),
        matter.toSign().map(GovernanceJson::base64),
        matter.change().map(change -> base64(change.encode())),
        matter.plan().map(plan -> plan(plan, config)),
        matter.evidence().map(GovernanceJson::shown),
        matter.keys().map(keys -> new Keys(keys.needed(), keys.announced(), keys.missing())));
  }

  private static Plan plan(ColdStartPlan plan, EpochConfig config) {
    ResumeStatement best = plan.best();
    return new Plan(
        best.votedHeight(),
        best.votedHash().toHex(),
        plan.next().hash().toHex(),
        plan.statements().stream()
            .map(
                it ->
                    new Statement(
                        config.members().get(it.member()).id(),
                        it.votedView(),
                        it.votedHeight(),
                        it.votedHash().toHex(),
                        it.votedLast(),
                        it.votingKey().toHex()))
            .toList(),
        base64(plan.encode()));
  }

  private static Shown shown(Matter.Shown evidence) {
    return new Shown(
        evidence.votingKey().toHex(),
        evidence.measurement().map(Bytes::toHex),
        evidence.tier().map(Enum::name),
        evidence.age(),
        evidence.refusal());
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}
