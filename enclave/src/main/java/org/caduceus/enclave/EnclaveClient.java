package org.caduceus.enclave;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.Enclave;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EntryProver;
import org.caduceus.ledger.enclave.ProvenEntry;
import org.caduceus.ledger.enclave.RecordSharing;
import org.caduceus.ledger.membership.ResumeStatement;
import org.caduceus.ledger.receipt.Checkpoint;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.caduceus.ledger.receipt.StateProof;

/** What the enclave process does for its member, but voting. */
public final class EnclaveClient implements Enclave, RecordSharing, EntryProver {
  /** Most bytes of one record. */
  public static final int MAX_PLAINTEXT = 32 * 1024 * 1024;

  // Room that an answer may need beyond its input; the enclave answers E_SHORT if a version needs
  // more.
  private static final int INFO_CAPACITY = 1024;
  private static final int EVIDENCE_CAPACITY = 64 * 1024;
  private static final int PEER_CAPACITY = 256;
  private static final int COSE_ROOM = 256;
  private static final int SEAL_ROOM = 512;
  private static final int SEAL_HEAD = 82;
  private static final int SHARED_KEY_CAPACITY = 512;

  // What a resume statement rests on, one to one with tee_abi.h.
  private static final int AT_THE_ANCHOR = 0;
  private static final int AT_A_PROPOSAL = 1;
  private static final int AT_A_CERTIFICATE = 2;
  private static final int GIVING_UP = 3;

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
    return Bytes.wrap(
        process.call(
            Operation.SEAL,
            headOf(context, plaintext),
            plaintext.unsafeArray(),
            plaintext.length() + SEAL_ROOM));
  }

  @Override
  public Bytes open(Bytes context, Bytes sealed) {
    return Bytes.wrap(
        process.call(
            Operation.OPEN, headOf(context, sealed), sealed.unsafeArray(), sealed.length()));
  }

  @Override
  public Bytes share(Hash grantId, Bytes evidence, Bytes context, Bytes sealed, StateProof proof) {
    if (sealed.length() < SEAL_HEAD) {
      throw new IllegalArgumentException(
          "Expected a sealed record, but got " + sealed.length() + " bytes");
    }
    byte[] request =
        new Writer()
            .hash(grantId)
            .sized(evidence.unsafeArray())
            .sized(context.unsafeArray())
            .bytes(Bytes.of(sealed.unsafeArray(), 0, SEAL_HEAD))
            .bytes(proof.encode())
            .toArray();
    return Bytes.wrap(process.call(Operation.REWRAP, request, SHARED_KEY_CAPACITY));
  }

  @Override
  public Bytes openShared(Bytes sharedKey, Bytes context, Bytes sealed, StateProof proof) {
    byte[] request =
        new Writer(sealed.length() + 4096)
            .sized(sharedKey.unsafeArray())
            .sized(context.unsafeArray())
            .sized(sealed.unsafeArray())
            .bytes(proof.encode())
            .toArray();
    return Bytes.wrap(process.call(Operation.OPEN_SHARED, request, sealed.length()));
  }

  /**
   * This instance's word that a block is final.
   *
   * @throws org.caduceus.ledger.enclave.EnclaveRefusal if the certificate does not show it, or a
   *     later checkpoint was signed already
   */
  public Checkpoint checkpoint(BlockHeader header, QuorumCertificate certificate) {
    byte[] request =
        new Writer().bytes(header.encode()).sized(certificate.encode().unsafeArray()).toArray();
    return Checkpoint.decode(
        Bytes.wrap(process.call(Operation.CHECKPOINT, request, Checkpoint.LENGTH)));
  }

  @Override
  public ProvenEntry prove(EntryReceipt receipt) {
    Writer path = new Writer();
    receipt.path().forEach(path::hash);
    Writer headers = new Writer().bytes(receipt.header().encode());
    receipt.descendants().forEach(header -> headers.bytes(header.encode()));
    byte[] request =
        new Writer()
            .sized(receipt.entry().cose().unsafeArray())
            .u32(receipt.leafIndex())
            .sized(path.toArray())
            .sized(headers.toArray())
            .sized(receipt.certificate().encode().unsafeArray())
            .toArray();
    return ProvenEntry.decode(
        Bytes.wrap(process.call(Operation.ENTRY_PROVEN, request, ProvenEntry.LENGTH)));
  }

  /**
   * States under this instance's key that its predecessor voted for nothing in the epoch.
   *
   * @throws org.caduceus.ledger.enclave.EnclaveRefusal if this instance has a seat itself, or its
   *     member has none, or it stated a later place before
   */
  public ResumeStatement resume() {
    return resume(new Writer().u8(AT_THE_ANCHOR));
  }

  /**
   * States under this instance's key that its predecessor stood at a proposal: that of the highest
   * view which the host stored.
   *
   * @param header of the proposed block
   * @param proposal its leader's PROP signature
   * @throws org.caduceus.ledger.enclave.EnclaveRefusal as of {@link #resume()}, and if the proposal
   *     is not its leader's in this epoch
   */
  public ResumeStatement resume(BlockHeader header, Bytes proposal) {
    return resume(new Writer().u8(AT_A_PROPOSAL).bytes(header.encode()).bytes(proposal));
  }

  /**
   * States under this instance's key that its predecessor stood at a final block: that of the
   * highest view which the host has.
   *
   * @throws org.caduceus.ledger.enclave.EnclaveRefusal as of {@link #resume()}, and if the
   *     certificate is not of this epoch
   */
  public ResumeStatement resume(QuorumCertificate certificate) {
    byte[] bytes = certificate.encode().unsafeArray();
    return resume(new Writer().u8(AT_A_CERTIFICATE).sized(bytes));
  }

  /** States where this living instance stands, which then never votes in this epoch again. */
  public ResumeStatement giveUpKey() {
    return resume(new Writer().u8(GIVING_UP));
  }

  private ResumeStatement resume(Writer request) {
    return ResumeStatement.decode(
        Bytes.wrap(
            process.callOnce(Operation.RESUME_SIGN, request.toArray(), ResumeStatement.LENGTH)));
  }

  /** What stands before the text of a request with a context: that, and the text's length. */
  private static byte[] headOf(Bytes context, Bytes text) {
    return new Writer(context.length() + 8)
        .sized(context.unsafeArray())
        .u32(text.length())
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
      case 5 -> EnclaveInfo.State.DEAD;
      default -> throw new MalformedException("Expected state 0 to 5, but got " + code);
    };
  }
}
