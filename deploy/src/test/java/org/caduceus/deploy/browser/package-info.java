/**
 * What people meet at the console, asked through a real browser: {@code pages} knows where things
 * stand on a page, {@code specs} asks a person's questions. All share the consortium of {@link
 * org.caduceus.deploy.cluster.SharedConsortium} and change nothing that a later test relies on.
 */
package org.caduceus.deploy.browser;
