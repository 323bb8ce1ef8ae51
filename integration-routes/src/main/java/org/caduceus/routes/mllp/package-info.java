/**
 * The HL7 v2 inlet: MLLP frames (HL7 transport specification, MLLP Release 1) from sockets to the
 * intake, and acknowledgements back. {@link org.caduceus.routes.mllp.MllpListener} is byte framing
 * on plain sockets and knows neither Camel nor HL7; {@link org.caduceus.routes.mllp.MllpComponent}
 * makes a Camel consumer of it; {@link org.caduceus.routes.mllp.MllpRoute} is where a message's way
 * begins, so read on there. An own component because camel-mllp 4.22.0 answers one of several
 * frames that arrive in one TCP segment and drops the others (CAMEL-24668).
 */
package org.caduceus.routes.mllp;
