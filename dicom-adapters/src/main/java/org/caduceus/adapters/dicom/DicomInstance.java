package org.caduceus.adapters.dicom;

import java.util.Optional;
import org.caduceus.ledger.record.Canonicalisation;

/**
 * One instance as the adapter understood it, with what a response must repeat even of an instance
 * that was refused.
 *
 * @param sopClassUid SOP Class UID, when there is a valid one
 * @param sopInstanceUid SOP Instance UID, when there is a valid one
 * @param studyInstanceUid Study Instance UID, when there is a valid one
 * @param canonicalisation the record, or why there is none
 */
public record DicomInstance(
    Optional<String> sopClassUid,
    Optional<String> sopInstanceUid,
    Optional<String> studyInstanceUid,
    Canonicalisation canonicalisation) {}
