package org.caduceus.ledger.enclave;

import java.nio.charset.StandardCharsets;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;

/** Evidence of an instance that says whatever a test wants, and signs it. */
public final class SampleEvidence {
  /** What an asker gave. */
  public static final Hash NONCE = SampleEntries.hashOf("a block");

  private AssuranceTier tier = AssuranceTier.SIMULATED;
  private boolean debug;
  private Bytes measurement = measurement(0x4d);
  private Hash chainId = SampleEntries.CHAIN;
  private String member = "member-a";
  private Hash genesis = Hash.ZERO;
  private long epoch;
  private Hash configHash = Hash.ZERO;
  private Suite suite = Suite.ES256;
  private SampleSigner signer;
  private Bytes votingKey;
  private Bytes signingKey;
  private Bytes platform = Bytes.EMPTY;

  private SampleEvidence(SampleSigner signer, Bytes signingKey) {
    this.signer = signer;
    this.votingKey = signer.publicKey();
    this.signingKey = signingKey;
  }

  /** Of an instance that knows no epoch yet. */
  public static SampleEvidence candidate() {
    return new SampleEvidence(signer("an instance"), signer("an institution").publicKey());
  }

  /** Of the instance whose key this is, in its seat of the first epoch. */
  public static SampleEvidence of(EpochConfig config, int seat, SampleSigner voter) {
    Member own = config.members().get(seat);
    SampleEvidence evidence = new SampleEvidence(voter, own.signingKey());
    evidence.chainId = config.chainId();
    evidence.member = own.id();
    evidence.genesis = config.hash();
    evidence.epoch = config.epoch();
    evidence.configHash = config.hash();
    return evidence;
  }

  /** A measurement of 48 equal bytes. */
  public static Bytes measurement(int value) {
    byte[] bytes = new byte[48];
    java.util.Arrays.fill(bytes, (byte) value);
    return Bytes.wrap(bytes);
  }

  public SampleEvidence tier(AssuranceTier value) {
    tier = value;
    return this;
  }

  public SampleEvidence debug() {
    debug = true;
    return this;
  }

  public SampleEvidence measured(Bytes value) {
    measurement = value;
    return this;
  }

  public SampleEvidence chain(Hash value) {
    chainId = value;
    return this;
  }

  public SampleEvidence member(String value) {
    member = value;
    return this;
  }

  public SampleEvidence genesis(Hash value) {
    genesis = value;
    return this;
  }

  public SampleEvidence epoch(long value) {
    epoch = value;
    return this;
  }

  public SampleEvidence config(Hash value) {
    configHash = value;
    return this;
  }

  public SampleEvidence suite(Suite value) {
    suite = value;
    return this;
  }

  /** Another instance, which signs rightly. */
  public SampleEvidence voter(SampleSigner value) {
    signer = value;
    votingKey = value.publicKey();
    return this;
  }

  /** Signed by another key than the one named. */
  public SampleEvidence signedBy(SampleSigner value) {
    signer = value;
    return this;
  }

  public SampleEvidence institution(Bytes value) {
    signingKey = value;
    return this;
  }

  public SampleEvidence platform(Bytes value) {
    platform = value;
    return this;
  }

  /** The evidence, through its bytes. */
  public Evidence make() {
    Bytes claims =
        Bytes.wrap(
            new Writer()
                .tag("CDC1EVID")
                .u8(2)
                .u8(tier.code())
                .u8(tier == AssuranceTier.ENCLAVE_SGX ? 2 : 1)
                .flag(debug)
                .bytes(measurement)
                .hash(chainId)
                .u8(member.length())
                .bytes(member.getBytes(StandardCharsets.US_ASCII))
                .hash(genesis)
                .u64(epoch)
                .hash(configHash)
                .u8(suite.code())
                .bytes(votingKey)
                .bytes(signingKey)
                .bytes(signer("an exchange key").publicKey())
                .hash(NONCE)
                .toArray());
    return Evidence.decode(
        Bytes.wrap(
            new Writer()
                .bytes(claims)
                .bytes(signer.sign(claims))
                .sized(platform.toArray())
                .toArray()));
  }

  private static SampleSigner signer(String name) {
    return SampleSigner.Scheme.ES256.signer(name);
  }
}
