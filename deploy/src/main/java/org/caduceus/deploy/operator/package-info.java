/**
 * {@code deploy/caduceus}: what operators and governance officers of one node do, over its web
 * interface alone. Officers' keys are read here and never leave this process: only signatures do.
 * Start reading at {@link org.caduceus.deploy.operator.Operator}.
 */
package org.caduceus.deploy.operator;
