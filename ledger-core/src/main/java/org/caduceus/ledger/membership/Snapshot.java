package org.caduceus.ledger.membership;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.QuorumCertificate;

/**
 * The state of a ledger where an epoch began, for whoever trusts an epoch before and has none of
 * the blocks between: proofs of the epochs since, with the registers that the state roots of their
 * headers commit to. Whoever is shown one needs to trust nobody who shows it.
 *
 * @param epochs ascending without gaps
 * @param latest a final block of the last of them, if the sender has one
 */
public record Snapshot(List<NextEpoch> epochs, Optional<Latest> latest) {
  /**
   * A header with the votes of a quorum for its block.
   *
   * @param certificate for this very block
   */
  public record Latest(BlockHeader header, QuorumCertificate certificate) {}

  /** What became of a snapshot. */
  public sealed interface Outcome {
    /**
     * So far it holds.
     *
     * @param epochs the first ones, those whose registers are vouched for
     * @param last where the last of them begins
     */
    record Vouched(List<NextEpoch> epochs, EpochChain.Beginning last) implements Outcome {}

    /** Nothing in it goes beyond what is known, or nothing that is vouched for yet. */
    record Nothing() implements Outcome {}

    /**
     * It does not hold.
     *
     * @param reason "Expected …, but …"
     */
    record Broken(String reason) implements Outcome {}
  }

  /** Freezes the list. */
  public Snapshot {
    epochs = List.copyOf(epochs);
  }

  /**
   * Checks it and takes what is vouched for. A register is vouched for by a certified header of its
   * epoch: the one that ends it, or {@link #latest}. After a cold start it is what the register
   * before becomes by that, so that one vouches for the other.
   *
   * @param known an epoch that is trusted
   * @param register of that epoch
   * @param signatures of the consortium's suite
   */
  public Outcome after(
      EpochChain.Beginning known, Register register, SignatureVerifier signatures) {
    List<NextEpoch> news =
        epochs.stream()
            .filter(each -> each.proof().config().epoch() > known.config().epoch())
            .toList();
    List<EpochChain.Beginning> beginnings = new ArrayList<>();
    EpochChain.Beginning at = known;
    for (NextEpoch next : news) {
      switch (EpochChain.next(at, next.proof(), signatures)) {
        case EpochChain.Step.Broken(String reason) -> {
          return new Outcome.Broken(reason);
        }
        case EpochChain.Step.Into(EpochChain.Beginning beginning) -> at = beginning;
      }
      beginnings.add(at);
    }
    if (news.isEmpty()) {
      return new Outcome.Nothing();
    }
    if (latest.isPresent() && !isCertified(latest.get(), at.config(), signatures)) {
      return new Outcome.Broken("Expected a final block of the last epoch, but it is none");
    }
    int vouched = 0;
    Register before = register;
    for (int i = 0; i < news.size(); i++) {
      Register its = news.get(i).register();
      Optional<BlockHeader> certified =
          i + 1 < news.size() ? end(news.get(i + 1).proof()) : latest.map(Latest::header);
      Optional<Register> follows = afterColdStart(before, news.get(i).proof());
      if (certified.filter(header -> !header.stateRoot().equals(its.root())).isPresent()
          || follows.filter(expected -> !expected.equals(its)).isPresent()) {
        return new Outcome.Broken(
            "Expected the register of epoch "
                + news.get(i).proof().config().epoch()
                + ", but headers commit to another");
      }
      if (certified.isPresent() || (follows.isPresent() && vouched == i)) {
        vouched = i + 1;
      }
      before = its;
    }
    return vouched == 0
        ? new Outcome.Nothing()
        : new Outcome.Vouched(news.subList(0, vouched), beginnings.get(vouched - 1));
  }

  private static boolean isCertified(
      Latest latest, EpochConfig config, SignatureVerifier signatures) {
    BlockHeader header = latest.header();
    return header.chainId().equals(config.chainId())
        && header.epoch() == config.epoch()
        && latest.certificate().isFor(header, header.hash())
        && new Electorate(config, signatures).certified(latest.certificate());
  }

  /** The certified header with which the epoch before this one ended. */
  private static Optional<BlockHeader> end(EpochProof proof) {
    return proof instanceof EpochProof.Ended ended
        ? Optional.of(ended.headers().getFirst())
        : Optional.empty();
  }

  private static Optional<Register> afterColdStart(Register before, EpochProof proof) {
    return proof instanceof EpochProof.ColdStarted
        ? Optional.of(new Constitution(proof.config(), before).register())
        : Optional.empty();
  }

  /** Layout of the formats page. */
  public Bytes encode() {
    Writer out = new Writer(1024).u32(epochs.size());
    for (NextEpoch each : epochs) {
      out.bytes(each.proof().encode()).sized(each.register().encode().unsafeArray());
    }
    out.flag(latest.isPresent());
    latest.ifPresent(it -> out.bytes(it.header().encode()).bytes(it.certificate().encode()));
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote; checks no signature.
   *
   * @throws MalformedException if the bytes are none
   */
  public static Snapshot read(Reader in) {
    // Not presized: a lying count must cost its sender the bytes, not us the memory.
    List<NextEpoch> epochs = new ArrayList<>();
    for (int count = in.i32(); count > 0; count--) {
      epochs.add(new NextEpoch(EpochProof.read(in), Register.decode(in.sized())));
    }
    Optional<Latest> latest =
        in.flag()
            ? Optional.of(
                new Latest(
                    BlockHeader.decode(in.bytes(BlockHeader.LENGTH)), QuorumCertificate.read(in)))
            : Optional.empty();
    return new Snapshot(epochs, latest);
  }
}
