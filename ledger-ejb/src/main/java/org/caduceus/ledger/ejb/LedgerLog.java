package org.caduceus.ledger.ejb;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.util.Locale;

/**
 * The numbered messages of this module, listed in {@code docs/reference/log-messages.md}. Arguments
 * are ids, heights and counts, never patient data or keys.
 */
public enum LedgerLog {
  /** The database fits and is at the newest schema. */
  STORE_READY(1, INFO, "Database is ready: schema {0}, height {1}"),
  /** The broker accepts connections. */
  BROKER_READY(2, INFO, "Broker accepts peers and local systems at {0}:{1,number,#}"),
  /** The broker stopped. */
  BROKER_STOPPED(3, INFO, "Broker stopped"),
  /** The replica runs. */
  REPLICA_STARTED(4, INFO, "Member {0} takes part from height {1,number,#}, waiting entries {2}"),
  /** The replica does nothing any more. */
  REPLICA_HALTED(5, ERROR, "Consensus halted on this node; people decide: {0}"),
  /** The enclave answers for the first time or again. */
  ENCLAVE_CONNECTED(6, INFO, "Enclave answers, connection {0}"),
  /** The enclave cannot be reached. */
  ENCLAVE_UNAVAILABLE(7, WARNING, "Enclave cannot be reached: {0}"),
  /** A peer sent bytes that are no message. */
  PEER_MESSAGE_MALFORMED(8, WARNING, "Peer {0} sent bytes that are no peer message: {1}"),
  /** Somebody without a seat wrote to the inbox. */
  PEER_UNKNOWN(9, WARNING, "A message came from {0}, who has no seat; dropped"),
  /** A connection was refused. */
  PEER_CERTIFICATE_REFUSED(10, WARNING, "Connection from {0} refused: {1}"),
  /** A message could not be handed to the broker. */
  PEER_SEND_FAILED(11, WARNING, "A message to {0} could not be handed to the broker: {1}"),
  /** Storing failed; the replica tries again. */
  STORE_FAILED(12, ERROR, "Storing {0} failed, trying again: {1}"),
  /** A group of records could not be stored. */
  INTAKE_STORE_FAILED(13, WARNING, "{0} submission(s) could not be stored: {1}"),
  /** A listener of final blocks threw. */
  FEED_LISTENER_DROPPED(14, WARNING, "A listener of final blocks failed and was dropped: {0}"),
  /** The topic of final blocks could not be written. */
  FEED_FAILED(15, WARNING, "Final block {0,number,#} could not be published, trying again: {1}"),
  /** The first account. */
  ADMINISTRATOR_CREATED(16, INFO, "First administrator {0} created"),
  /** Many wrong passwords. */
  SIGN_IN_THROTTLED(17, WARNING, "Sign-in is refused for a while after {0} failures of one name"),
  /** The message journal could not be written. */
  JOURNAL_FAILED(18, WARNING, "A message that was not taken could not be noted: {0}"),
  /** The replica threw. */
  REPLICA_FAILED(19, ERROR, "Consensus halted on this node; people decide"),
  /** The inbox is full. */
  INBOX_FULL(20, WARNING, "The consensus queue is full; a message from {0} was dropped"),
  /** Somebody else answers at a peer's address; the bridge tries again. */
  PEER_IMPOSTOR(21, WARNING, "Not the key pinned for {0} at {1}:{2,number,#}; nothing was sent"),
  /** A member has not been heard. */
  PEER_SILENT(22, WARNING, "Member {0} has been silent for {1,number,#} s"),
  /** A member is heard again. */
  PEER_HEARD(23, INFO, "Member {0} is heard again, after {1,number,#} s"),
  /** A member's evidence is not acceptable. */
  PEER_EVIDENCE_REFUSED(24, WARNING, "The evidence of member {0} is refused: {1}"),
  /** The enclave answers, and serves nothing any more. */
  ENCLAVE_BROKEN(25, ERROR, "The enclave cannot be relied on; people decide: {0}"),
  /** Another epoch began. */
  EPOCH_BEGAN(26, INFO, "Epoch {0,number,#} begins: {1}"),
  /** The instance's key has no seat, and this node asked for it. */
  SEAT_ASKED(27, INFO, "The enclave has a new voting key; asked the members for its seat back"),
  /** The instance's key has no seat, and nobody acts for the institution here. */
  SEAT_NEEDS_OFFICERS(
      28,
      WARNING,
      "The enclave has a new voting key without a seat; an officer has to ask for it, as this node"
          + " has no governance key"),
  /** More members lost their keys than a quorum bears, and this node approved going on. */
  COLD_START_APPROVED(
      29,
      WARNING,
      "The quorum of epoch {0,number,#} lost its keys; approved going on at height {1,number,#}"),
  /** The same, and nobody acts for the institution here. */
  COLD_START_NEEDS_OFFICERS(
      30,
      WARNING,
      "The quorum of epoch {0,number,#} lost its keys; an officer has to approve plan {1}, as this"
          + " node has no governance key"),
  /** The evidence goes without its platform's part. */
  ATTESTATION_UNAVAILABLE(31, WARNING, "The platform attests nothing of this enclave: {0}"),
  /** The platform's part is there again. */
  ATTESTATION_AVAILABLE(32, INFO, "The platform attests this enclave again"),
  /** A TPM opened a challenge to two of its keys. */
  PEER_KEYS_SHOWN(33, INFO, "The TPM of member {0} has both of the keys that its evidence names"),
  /** Officers handed in a ballot. */
  BALLOT_TAKEN(34, INFO, "Took this institution''s ballot for {0}, handed in by {1}"),
  /** A member signed what none may sign. */
  VOTER_BROKEN(35, ERROR, "Proof against a member of epoch {0,number,#} was kept: {1}"),
  /** The proof is on the ledger. */
  VOTER_FAULT_ENTERED(36, INFO, "Proof {0} against a member is entered on the ledger"),
  /** Operators have to see to the certificate. */
  CERTIFICATE_ENDS(
      37, WARNING, "The certificate of this node''s peer links ends on {0}, in {1,number,#} days"),
  /** Too late. */
  CERTIFICATE_OVER(
      38,
      ERROR,
      "The certificate of this node''s peer links ended on {0}: peers refuse every connection"),
  /** A peer sends more than this node takes. */
  PEER_FLOODS(
      39,
      WARNING,
      "Messages of {0} are dropped, {1,number,#} so far: more bytes of it wait than a peer may have"),
  /** The voter of BFT-2P does not sign under its old key any more. */
  VOTER_LOG_REFUSED(40, ERROR, "The voter''s log is not whole; it gets a new key: {0}"),
  /** The voter of BFT-2P goes on. */
  VOTER_OPENED(41, INFO, "The voter of BFT-2P goes on with the key whose log it has"),
  /** A peer's broker is tried. */
  LINK_MADE(42, INFO, "Link to {0} at {1}:{2,number,#}"),
  /** Nothing is sent to it any more. */
  LINK_ENDED(43, INFO, "No link to {0} at {1}:{2,number,#} any more"),
  /** It may not send any more. */
  PEER_LEFT(
      44,
      WARNING,
      "{0} is no peer any more, or under another key; {1,number,#} connection(s) of it ended"),
  /** Nobody said where a peer is. */
  PEER_NOWHERE(
      45, WARNING, "No address of {0} is known; an operator has to set it: deploy/caduceus peers"),
  /** The broker could not make or end a link; it is tried again. */
  LINKS_FAILED(46, ERROR, "The links could not be brought to what they should be: {0}"),
  /** An operator said where a peer is. */
  PEER_ADDRESS_SET(47, INFO, "{0} is at {1}:{2,number,#}, set by {3}"),
  /** An operator took it back. */
  PEER_ADDRESS_REMOVED(48, INFO, "The address of {0} that an operator set was removed by {1}"),
  /** The ledger takes nothing from this institution. */
  NOT_HEARD(
      49,
      WARNING,
      "{0} is not registered in epoch {1,number,#}, or suspended: this node follows, and nothing"
          + " that it takes in becomes final"),
  /** A peer does what no honest node does. */
  PEER_CUT_OFF(50, WARNING, "Peer {0} is cut off until {1}: {2}"),
  /** The pause is over. */
  PEER_MAY_RETURN(51, INFO, "Peer {0} may connect again"),
  /** The certificate was renewed while the node ran. */
  CERTIFICATE_RENEWED(52, INFO, "Links show the renewed certificate from now on; it ends on {0}"),
  /** A certificate in the key store that does not do. */
  CERTIFICATE_NOT_TAKEN(53, WARNING, "What is in the key store of the links now is not taken: {0}"),
  /** A ballot for another mode was seen, and this node announced its key for it. */
  KEY_ANNOUNCED(55, INFO, "Announced the key with which this member would vote in mode {0}"),
  /** The same where nobody acts for the institution here. */
  KEY_NEEDS_OFFICERS(
      56,
      WARNING,
      "A member voted for mode {0}; an officer has to announce this member''s key for it, as this"
          + " node has no governance key"),
  /** The seat went to nobody or to another instance; this one destroyed its key. */
  ENCLAVE_RETIRED(
      57, INFO, "The enclave''s voting key lost its seat and is destroyed; starting anew");

  private static final System.Logger LOGGER = System.getLogger("org.caduceus.ledger");

  private final int number;
  private final Level level;
  private final String pattern;

  LedgerLog(int number, Level level, String pattern) {
    this.number = number;
    this.level = level;
    this.pattern = pattern;
  }

  /** What an operator searches for, for instance {@code CADL0001}. */
  public String code() {
    return String.format(Locale.ROOT, "CADL%04d", number);
  }

  /** Severity. */
  public Level level() {
    return level;
  }

  /** The text with its places for arguments. */
  public String pattern() {
    return pattern;
  }

  /** Writes the message. */
  public void log(Object... arguments) {
    if (LOGGER.isLoggable(level)) {
      LOGGER.log(level, text(arguments));
    }
  }

  /** Writes the message with the failure underneath. */
  public void log(Throwable cause, Object... arguments) {
    LOGGER.log(level, text(arguments), cause);
  }

  String text(Object... arguments) {
    return code() + ": " + new MessageFormat(pattern, Locale.ROOT).format(arguments);
  }
}
