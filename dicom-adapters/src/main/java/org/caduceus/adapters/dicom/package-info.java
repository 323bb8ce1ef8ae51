/**
 * DICOM instances to canonical records: Part 10 files (PS3.10) as a stream that is never held in
 * memory, and DICOM JSON metadata (PS3.18 Annex F). Deliberately no image toolkit: pixels are
 * digested, never decoded, and nothing here knows HTTP. Start at {@link
 * org.caduceus.adapters.dicom.DicomAdapter}; the route that calls it is {@code routes.dicom}.
 */
package org.caduceus.adapters.dicom;
