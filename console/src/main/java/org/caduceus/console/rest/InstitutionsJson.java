package org.caduceus.console.rest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.GovernanceKey;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.Outlook;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.query.Participation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** {@link Participation} on the wire. */
@Schema(name = "Institutions", description = "Who takes part, as the running epoch's register says")
public record InstitutionsJson(
    @Schema(description = "This institution", example = "hospital-a") String member,
    long epoch,
    @Schema(
            description = "How blocks become final",
            enumeration = {"TEE_1P", "BFT_2P"})
        String mode,
    @Schema(description = "Institutions with a seat") int seats,
    @Schema(description = "Votes that make a block final") int quorum,
    @Schema(description = "Root of the register, which every header of the epoch holds")
        String stateRoot,
    @Schema(description = "Absent where ballots alone decide who has a seat")
        Optional<Elections> elections,
    @Schema(description = "In order of id") List<Item> items) {

  /** How a committee is elected. */
  @Schema(name = "Elections")
  public record Elections(
      @Schema(description = "Seats") int committee,
      @Schema(description = "Blocks after which an epoch ends with an election") int epochBlocks,
      @Schema(
              description =
                  "The first block with entries at this height or above ends the epoch, if no"
                      + " decision ends it before")
          long dueHeight,
      @Schema(
              description =
                  "Who would have a seat if the epoch ended now; counts delegations and candidacies"
                      + " that enter the register only then")
          List<String> elected) {}

  /** One institution. */
  @Schema(name = "Institution")
  public record Item(
      String id,
      @Schema(enumeration = {"REGULATOR", "HOSPITAL", "PHARMACY", "INSURER", "SUPPLIER", "OTHER"})
          String category,
      @Schema(
              description = "MEMBER has a seat and votes; LEARNER follows and sends entries",
              enumeration = {"MEMBER", "LEARNER"})
          String part,
      @Schema(description = "Whether the ledger takes nothing from it at present")
          boolean suspended,
      @Schema(description = "Its ballots count if this is above 0") int weight,
      @Schema(
              description =
                  "What of the weight counts in an election: no more than a tenth of all; 0 while"
                      + " suspended")
          long countedWeight,
      @Schema(description = "Whom its weight elects; absent for itself") Optional<String> delegate,
      @Schema(description = "Whether a voter of it is registered that could take a seat")
          boolean candidate,
      @Schema(
              description =
                  "Weight that would elect it if the epoch ended now; absent without elections")
          Optional<Long> electedWith,
      @Schema(description = "SHA-256 of the SubjectPublicKeyInfo of its links") String linkKey,
      @Schema(description = "SHA-256 of the SubjectPublicKeyInfo of its officers' key")
          String governanceKey) {}

  static InstitutionsJson of(Participation participation) {
    Constitution constitution = participation.constitution();
    Register register = constitution.register();
    Map<String, Long> counted = register.countedWeights();
    return new InstitutionsJson(
        participation.member(),
        constitution.config().epoch(),
        constitution.config().mode().name(),
        constitution.config().n(),
        constitution.config().quorum(),
        register.root().toHex(),
        participation.outlook().map(outlook -> elections(register.elections(), outlook)),
        register.institutions().stream()
            .map(
                each ->
                    item(
                        each,
                        constitution,
                        counted.getOrDefault(each.id(), 0L),
                        participation.outlook()))
            .toList());
  }

  private static Elections elections(Register.Elections elections, Outlook outlook) {
    return new Elections(
        elections.committee(), elections.epochBlocks(), outlook.dueHeight(), outlook.committee());
  }

  private static Item item(
      Institution it, Constitution constitution, long counted, Optional<Outlook> outlook) {
    Suite suite = constitution.config().suite();
    return new Item(
        it.id(),
        it.category().name(),
        constitution.seat(it.id()).isPresent() ? "MEMBER" : "LEARNER",
        it.suspended(),
        it.weight(),
        counted,
        it.delegate(),
        it.candidacy().isPresent(),
        outlook.map(now -> now.votes().getOrDefault(it.id(), 0L)),
        it.linkKey().toHex(),
        GovernanceKey.fingerprint(suite, it.governanceKey()).toHex());
  }
}
