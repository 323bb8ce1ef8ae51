package org.caduceus.ledger.receipt;

import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.QuorumCertificate;

/**
 * That a key had a value in the world state before a final block ({@code
 * docs/reference/formats.md}).
 *
 * @param header its state root is that of the state after its parent
 * @param certificate votes of a quorum for that header
 * @param path from the root to the value
 * @param value of the key
 */
public record StateProof(
    BlockHeader header, QuorumCertificate certificate, StateTree.Path path, Bytes value) {

  /** The bytes that an enclave reads. */
  public Bytes encode() {
    return Bytes.wrap(
        new Writer()
            .bytes(header.encode())
            .sized(certificate.encode().unsafeArray())
            .bytes(path.encode())
            .sized(value.unsafeArray())
            .toArray());
  }

  /**
   * Reads a proof about this key.
   *
   * @throws org.caduceus.ledger.MalformedException if the bytes are none
   */
  public static StateProof decode(Bytes bytes, Bytes key) {
    Reader in = new Reader(bytes.unsafeArray(), "state proof");
    BlockHeader header = BlockHeader.decode(in.bytes(BlockHeader.LENGTH));
    QuorumCertificate certificate = QuorumCertificate.decode(in.sized());
    List<Hash> siblings = StateTree.Path.readSiblings(in);
    Bytes value = Bytes.wrap(in.sized());
    in.end();
    return new StateProof(header, certificate, StateTree.Path.to(key, value, siblings), value);
  }

  /** Whether these members' votes and the path show the value under this key. */
  public boolean proves(Electorate members, Bytes key) {
    return certificate.blockHash().equals(header.hash())
        && certificate.height() == header.height()
        && certificate.view() == header.view()
        && members.certified(certificate)
        && path.proves(header.stateRoot(), key, value);
  }
}
