/**
 * The consortium tool: makes an installation (keys, certificates, genesis, server domains), starts
 * and stops its members on this machine, sends files through their inlets and measures them. It
 * knows a node only from outside, by its sockets and its web interface; nothing of it runs inside a
 * node. Start reading at {@link org.caduceus.deploy.Consortium}.
 */
package org.caduceus.deploy;
