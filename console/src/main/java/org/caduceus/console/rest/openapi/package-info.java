/**
 * The OpenAPI document at {@code /openapi}, built from the annotations of the resources and the
 * shapes of the wire records. The server has a scan of its own, which takes no responses from a
 * class, describes records and {@code Optional} wrongly and reads no settings of a war inside an
 * EAR; a servlet at the same address takes its place. What all operations share is added here once,
 * by rule: who may call, what every failure looks like, paging and entity tags. Read on in {@link
 * org.caduceus.console.rest.openapi.ApiDocument}.
 */
package org.caduceus.console.rest.openapi;
