/**
 * Final blocks to browsers and programs over a WebSocket, one JSON text each. A convenience: what
 * must not be missed is read from {@code /api/blocks} or the JMS topics.
 */
package org.caduceus.console.feed;
