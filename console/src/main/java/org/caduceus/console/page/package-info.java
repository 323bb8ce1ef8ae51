/**
 * Pages: one bean each, which asks the ports and puts answers into words of the reader's language.
 * A page is read by its address and keeps nothing on the server, so that every view can be sent to
 * a colleague. Layout is in {@code webapp}, texts in {@code messages*.properties}.
 */
package org.caduceus.console.page;
