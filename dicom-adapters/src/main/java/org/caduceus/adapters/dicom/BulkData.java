package org.caduceus.adapters.dicom;

import org.caduceus.ledger.Hash;

/**
 * What is kept of bulk data that was sent beside DICOM JSON metadata.
 *
 * @param digest SHA-256 of its bytes
 * @param length number of its bytes
 */
public record BulkData(Hash digest, long length) {}
