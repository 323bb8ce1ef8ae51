package org.caduceus.ledger.query;

import java.util.Optional;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.Outlook;

/**
 * Who takes part, as the running epoch has it.
 *
 * @param member this institution
 * @param constitution of the running epoch
 * @param outlook what an election would come to now; empty where none is held
 */
public record Participation(String member, Constitution constitution, Optional<Outlook> outlook) {}
