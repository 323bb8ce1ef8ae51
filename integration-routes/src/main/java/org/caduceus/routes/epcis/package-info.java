/**
 * The EPCIS inlet: capture documents and single events (EPCIS 2.0 section 12) to canonical records
 * and back to answers, and the state of capture jobs. Knows no HTTP server and no container; the
 * doors are {@link org.caduceus.routes.epcis.CaptureRequest} and {@link
 * org.caduceus.routes.epcis.JobRequest}. Read on in {@link
 * org.caduceus.routes.epcis.EpcisCaptureRoute}.
 */
package org.caduceus.routes.epcis;
