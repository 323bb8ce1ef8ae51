/**
 * {@code deploy/faults}: real nodes under load while their processes are killed or paused and their
 * links cut, and whether anything acknowledged was lost. Simulated consortia, which try a thousand
 * times more, are in ledger-core; this package finds what a simulation leaves out: servers,
 * databases, brokers, enclave processes.
 */
package org.caduceus.deploy.faults;
