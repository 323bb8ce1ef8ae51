package org.caduceus.console.rest;

import java.util.Base64;
import java.util.List;
import org.caduceus.ledger.membership.EpochProof;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why each epoch began, on the wire. */
@Schema(name = "Epochs", description = "What a light client follows from the genesis")
public record EpochsJson(List<Item> items) {

  /** One epoch. */
  @Schema(name = "Epoch")
  public record Item(
      long epoch,
      @Schema(
              description =
                  "GENESIS, BALLOTS of the epoch before, or COLD_START after its quorum lost its"
                      + " keys",
              enumeration = {"GENESIS", "BALLOTS", "COLD_START"})
          String began,
      @Schema(description = "H of the configuration") String configHash,
      @Schema(description = "Configuration and proof, an item of ENTER_EPOCH, Base64")
          String proof) {}

  static EpochsJson of(List<EpochProof> epochs) {
    return new EpochsJson(epochs.stream().map(EpochsJson::item).toList());
  }

  private static Item item(EpochProof proof) {
    return new Item(
        proof.config().epoch(),
        switch (proof) {
          case EpochProof.Genesis genesis -> "GENESIS";
          case EpochProof.Ended ended -> "BALLOTS";
          case EpochProof.ColdStarted started -> "COLD_START";
        },
        proof.config().hash().toHex(),
        Base64.getEncoder().encodeToString(proof.encode().toArray()));
  }
}
