package org.caduceus.ledger.membership;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.consensus.QuorumCertificate;

/**
 * Why an epoch's configuration is the right one, for whoever trusts that of the epoch before. An
 * item of ENTER_EPOCH in its bytes. {@link EpochChain} checks it.
 */
public sealed interface EpochProof {
  /** Most blocks that a suffix may have, the epoch's last included. */
  int MAX_HEADERS = 64;

  /** The configuration of the epoch that begins. */
  EpochConfig config();

  /** The first epoch stands by itself: its configuration is what everybody trusts. */
  record Genesis(EpochConfig config) implements EpochProof {}

  /**
   * The last block of the epoch before names the configuration.
   *
   * @param config the configuration
   * @param headers the last block's, then those of its suffix: empty blocks that were proposed upon
   *     it when its own certificate was lost, and that are no part of the chain
   * @param certificate quorum for the last of them
   */
  record Ended(EpochConfig config, List<BlockHeader> headers, QuorumCertificate certificate)
      implements EpochProof {
    /** Freezes the list. */
    public Ended {
      headers = List.copyOf(headers);
      requireCount(headers, 1);
    }
  }

  /**
   * More members lost their voting keys than a quorum bears, and governance went on from where the
   * highest of them stood.
   */
  record ColdStarted(EpochConfig config, ColdStart coldStart) implements EpochProof {}

  /** The proof of the first epoch. */
  static EpochProof genesis(EpochConfig config) {
    return new Genesis(config);
  }

  /** Layout of the formats page. */
  default Bytes encode() {
    Writer out = new Writer().sized(config().encode().unsafeArray());
    switch (this) {
      case Genesis genesis -> out.u32(0).u32(0);
      case Ended(EpochConfig config, List<BlockHeader> headers, QuorumCertificate certificate) ->
          out.sized(encode(headers)).sized(certificate.encode().unsafeArray());
      case ColdStarted(EpochConfig config, ColdStart coldStart) ->
          out.sized(encode(coldStart.end())).sized(coldStart.encode().unsafeArray());
    }
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException if the bytes are no proof
   */
  static EpochProof decode(byte[] bytes) {
    Reader in = new Reader(bytes, "epoch proof");
    EpochProof proof = read(in);
    in.end();
    return proof;
  }

  /**
   * Reads what {@link #encode} wrote and leaves what follows.
   *
   * @throws MalformedException if the bytes are no proof
   */
  static EpochProof read(Reader in) {
    EpochConfig config = EpochConfig.decode(in.sized());
    List<BlockHeader> headers = decodeHeaders(in.sized());
    byte[] proof = in.sized();
    if (proof.length == 0 && headers.isEmpty()) {
      return new Genesis(config);
    }
    return ColdStart.isColdStart(proof)
        ? new ColdStarted(config, ColdStart.decode(headers, proof))
        : new Ended(config, headers, QuorumCertificate.decode(proof));
  }

  private static byte[] encode(List<BlockHeader> headers) {
    Writer out = new Writer();
    headers.forEach(header -> out.bytes(header.encode()));
    return out.toArray();
  }

  private static List<BlockHeader> decodeHeaders(byte[] bytes) {
    Reader in = new Reader(bytes, "headers");
    List<BlockHeader> headers = new ArrayList<>();
    while (in.remaining() > 0) {
      headers.add(BlockHeader.decode(in.bytes(BlockHeader.LENGTH)));
    }
    requireCount(headers, 0);
    return headers;
  }

  private static void requireCount(List<BlockHeader> headers, int least) {
    if (headers.size() < least || headers.size() > MAX_HEADERS) {
      throw new MalformedException(
          "Expected " + least + " to " + MAX_HEADERS + " headers, but got " + headers.size());
    }
  }
}
