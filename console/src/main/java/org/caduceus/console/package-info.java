/**
 * What people and programs meet: REST under {@code /api}, the HTTP inlets, a WebSocket of final
 * blocks, and pages. Holds no rule of the ledger and no storage: it asks the ports of ledger-core
 * and puts their answers into JSON or words. Read on in {@code security}, then {@code rest}.
 */
package org.caduceus.console;
