/**
 * The DICOM inlet: STOW-RS bodies (PS3.18 section 10.5) to canonical records and back to answers.
 * Knows no HTTP server and no container; the door is {@link
 * org.caduceus.routes.dicom.StoreRequest}. Read on in {@link
 * org.caduceus.routes.dicom.DicomStorageRoute}.
 */
package org.caduceus.routes.dicom;
