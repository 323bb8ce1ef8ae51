/**
 * The Camel context and the door from the web module into it. Holds the container's side only:
 * injection, configuration, start and stop. What happens to a message stands in the package of its
 * inlet: {@link org.caduceus.routes.mllp}, {@link org.caduceus.routes.dicom}, {@link
 * org.caduceus.routes.epcis}; those packages know no container and do not look back here. Read on
 * in {@link org.caduceus.routes.CamelStartup}.
 */
package org.caduceus.routes;
