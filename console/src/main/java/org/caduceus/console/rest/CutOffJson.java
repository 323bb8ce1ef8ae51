package org.caduceus.console.rest;

import org.caduceus.ledger.query.CutOff;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why this node takes nothing of a member, and until when. */
@Schema(name = "CutOff")
public record CutOffJson(
    @Schema(description = "When it may connect again") String until,
    @Schema(
            description = "What it did",
            enumeration = {"MANY_MESSAGES", "MANY_BYTES", "MALFORMED", "OVERSIZED", "REPLAYED"})
        String offence,
    @Schema(description = "How often; of bytes how many") long count,
    @Schema(description = "In English, to follow its name") String reason) {

  static CutOffJson of(CutOff cut) {
    return new CutOffJson(
        Times.iso(cut.untilMs()).orElseThrow(), cut.offence().name(), cut.count(), cut.reason());
  }
}
