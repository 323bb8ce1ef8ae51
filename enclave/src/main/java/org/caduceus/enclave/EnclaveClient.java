package org.caduceus.enclave;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Enclave;
import org.caduceus.ledger.enclave.EnclaveInfo;

/** Sealing, signing and self-description by the enclave process. */
public final class EnclaveClient implements Enclave {
  /** Most bytes of one record. */
  public static final int MAX_PLAINTEXT = 32 * 1024 * 1024;

  // Room that an answer may need beyond its input; the enclave answers E_SHORT if a version needs
  // more.
  private static final int INFO_CAPACITY = 1024;
  private static final int EVIDENCE_CAPACITY = 64 * 1024;
  private static final int PEER_CAPACITY = 256;
  private static final int COSE_ROOM = 256;
  private static final int SEAL_ROOM = 512;

  private final EnclaveProcess process;

  /** A client of this process. */
  public EnclaveClient(EnclaveProcess process) {
    this.process = process;
  }

  @Override
  public EnclaveInfo info() {
    Reader in =
        new Reader(process.call(Operation.INFO, new byte[0], INFO_CAPACITY), "enclave information");
    int abi = in.u16();
    AssuranceTier tier = AssuranceTier.of(in.u8());
    in.u8(); // the port: named by the measurement
    EnclaveInfo info =
        new EnclaveInfo(
            abi,
            tier,
            in.flag(),
            Bytes.wrap(in.bytes(48)),
            state(in.u8()),
            in.i64(),
            in.hash(),
            memberIndex(in.u16()),
            in.i64(),
            in.i64(),
            in.i64(),
            in.i64(),
            in.hash(),
            in.flag(),
            Bytes.wrap(in.bytes(65)),
            Bytes.wrap(in.bytes(65)));
    in.end();
    return info;
  }

  @Override
  public Bytes evidence(Hash nonce) {
    return Bytes.wrap(process.call(Operation.EVIDENCE, nonce.toArray(), EVIDENCE_CAPACITY));
  }

  /**
   * Has the enclave itself judge a peer's evidence under the entered epoch's policy.
   *
   * @throws org.caduceus.ledger.enclave.EnclaveRefusal E_EVIDENCE if it is not a seat's, E_POLICY
   *     if the policy on the ledger forbids it
   */
  public PeerIdentity verifyPeer(Bytes evidence) {
    byte[] request = new Writer().sized(evidence.unsafeArray()).toArray();
    Reader in =
        new Reader(process.call(Operation.PEER_VERIFY, request, PEER_CAPACITY), "peer identity");
    PeerIdentity peer = new PeerIdentity(Bytes.wrap(in.bytes(65)), Bytes.wrap(in.bytes(65)));
    in.end();
    return peer;
  }

  @Override
  public SignedEntry sign(Bytes entry) {
    byte[] request = new Writer().sized(entry.unsafeArray()).toArray();
    return SignedEntry.decode(
        Bytes.wrap(process.call(Operation.SIGN_ENTRY, request, entry.length() + COSE_ROOM)));
  }

  @Override
  public Bytes seal(Bytes context, Bytes plaintext) {
    if (plaintext.length() > MAX_PLAINTEXT) {
      throw new IllegalArgumentException(
          "Expected at most " + MAX_PLAINTEXT + " bytes, but got more");
    }
    byte[] request = two(context, plaintext);
    return Bytes.wrap(process.call(Operation.SEAL, request, plaintext.length() + SEAL_ROOM));
  }

  @Override
  public Bytes open(Bytes context, Bytes sealed) {
    return Bytes.wrap(process.call(Operation.OPEN, two(context, sealed), sealed.length()));
  }

  private static byte[] two(Bytes first, Bytes second) {
    return new Writer(first.length() + second.length() + 8)
        .sized(first.unsafeArray())
        .sized(second.unsafeArray())
        .toArray();
  }

  private static int memberIndex(int value) {
    return value == 0xffff ? -1 : value;
  }

  private static EnclaveInfo.State state(int code) {
    return switch (code) {
      case 0 -> EnclaveInfo.State.NEW;
      case 1 -> EnclaveInfo.State.ACTIVE;
      case 2 -> EnclaveInfo.State.RETIRED;
      case 3 -> EnclaveInfo.State.FOLLOWER;
      case 4 -> EnclaveInfo.State.HALTED;
      default -> throw new MalformedException("Expected state 0 to 4, but got " + code);
    };
  }
}
