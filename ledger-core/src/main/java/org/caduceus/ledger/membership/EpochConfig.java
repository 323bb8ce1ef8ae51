package org.caduceus.ledger.membership;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.enclave.AssuranceTier;

/**
 * Everything a voter must know of an epoch, layout {@code CDC1CONF}.
 *
 * @param chainId the consortium, chosen once at random
 * @param epoch from 1
 * @param mode how blocks become final
 * @param suite the algorithms of all its members' enclaves
 * @param slotK views per leader slot, 1 to 65535
 * @param timeoutMs first view timeout
 * @param maxTimeoutMs bound of the growing timeout
 * @param maxBlockEntries entries in a block
 * @param maxBlockBytes sum of their bytes
 * @param minimumTier least assurance a seat's enclave must show
 * @param maxEvidenceAge blocks between the one whose hash is the evidence's nonce and the tip; 0
 *     for no bound
 * @param members ascending by id, 1 to 64
 * @param measurements SHA-384 values allowed to vote, 48 bytes each; empty allows any, in trial
 *     networks only: {@code minimumTier} is SIMULATED then
 */
public record EpochConfig(
    Hash chainId,
    long epoch,
    Mode mode,
    Suite suite,
    int slotK,
    int timeoutMs,
    int maxTimeoutMs,
    int maxBlockEntries,
    int maxBlockBytes,
    AssuranceTier minimumTier,
    int maxEvidenceAge,
    List<Member> members,
    List<Bytes> measurements) {

  /** How blocks become final. */
  public enum Mode {
    /** One voting phase; voters run in enclaves that cannot equivocate. */
    TEE_1P(1, 1, 1),
    /** Two voting phases; a third of the voters may be Byzantine. */
    BFT_2P(2, 2, 4);

    private final int code;
    private final int phases;
    private final int leastMembers;

    Mode(int code, int phases, int leastMembers) {
      this.code = code;
      this.phases = phases;
      this.leastMembers = leastMembers;
    }

    /** Its number on the wire. */
    public int code() {
      return code;
    }

    /**
     * The mode with this number.
     *
     * @throws MalformedException if there is none
     */
    public static Mode of(int code) {
      return switch (code) {
        case 1 -> TEE_1P;
        case 2 -> BFT_2P;
        default -> throw new MalformedException("Expected mode 1 or 2, but got " + code);
      };
    }

    /** Votes of each member for a block; those of the last phase make it final. */
    public int phases() {
      return phases;
    }

    /** Fewer members than this bear no fault in this mode. */
    public int leastMembers() {
      return leastMembers;
    }

    /** Votes of one phase that count: any two quorums meet, in BFT-2P in an honest member. */
    public int quorum(int members) {
      return switch (this) {
        case TEE_1P -> members / 2 + 1;
        case BFT_2P -> (members + faults(members) + 2) / 2; // ceil((n + f + 1) / 2)
      };
    }

    /** Members that may fail, in BFT-2P in any way, without harm. */
    public int faults(int members) {
      return switch (this) {
        case TEE_1P -> members - quorum(members);
        case BFT_2P -> (members - 1) / 3;
      };
    }
  }

  private static final String TAG = "CDC1CONF";
  static final int MEASUREMENT_LENGTH = 48;

  /** Checks the ranges and the order of the members. */
  public EpochConfig {
    members = List.copyOf(members);
    measurements = List.copyOf(measurements);
    require(epoch >= 1, "epoch of at least 1");
    require(slotK >= 1 && slotK <= 0xffff, "slotK of 1 to 65535");
    require(
        timeoutMs > 0 && maxTimeoutMs >= timeoutMs,
        "timeouts above 0, the bound not below the first");
    require(maxBlockEntries > 0 && maxBlockBytes > 0, "block bounds above 0");
    require(maxEvidenceAge >= 0, "evidence age of at least 0");
    require(
        minimumTier == AssuranceTier.SIMULATED || !measurements.isEmpty(),
        "measurements that a tier above SIMULATED vouches for");
    require(
        members.size() >= mode.leastMembers() && members.size() <= 64,
        mode.leastMembers() + " to 64 members in mode " + mode);
    require(measurements.size() <= 16, "at most 16 measurements");
    for (int i = 1; i < members.size(); i++) {
      require(
          members.get(i - 1).id().compareTo(members.get(i).id()) < 0,
          "members in ascending order of id");
    }
    require(
        members.stream().map(Member::votingKey).distinct().count() == members.size(),
        "a voting key of its own for each member");
    for (Bytes measurement : measurements) {
      require(measurement.length() == MEASUREMENT_LENGTH, "measurements of 48 bytes");
    }
  }

  /** Number of members. */
  public int n() {
    return members.size();
  }

  /** Votes of one phase that count: floor(n/2) + 1, in BFT-2P ceil((n + f + 1) / 2). */
  public int quorum() {
    return mode.quorum(n());
  }

  /** Members that may fail without stopping the chain: n - quorum, in BFT-2P floor((n - 1) / 3). */
  public int faults() {
    return mode.faults(n());
  }

  /** Index of the leader of {@code view}. */
  public int leader(long view) {
    byte[] seed =
        Hash.sha256(new Writer().tag("CDC1SEED").hash(chainId).u64(epoch).toArray()).toArray();
    long first = Integer.toUnsignedLong(ByteBuffer.wrap(seed).getInt());
    return (int) ((view / slotK + first) % n());
  }

  /** Index of the member with this id. */
  public OptionalInt indexOf(String id) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).id().equals(id)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** The same rules for other members or a later epoch. */
  public EpochConfig with(long newEpoch, List<Member> newMembers) {
    return with(newEpoch, mode, rules(), newMembers);
  }

  /** The same in another mode. */
  EpochConfig with(Mode newMode) {
    return with(epoch, newMode, rules(), members);
  }

  /** The same with other rules. */
  EpochConfig with(MembershipChange.SetRules rules) {
    return with(epoch, mode, rules, members);
  }

  /** Its rules as ballots may change them. */
  private MembershipChange.SetRules rules() {
    return new MembershipChange.SetRules(
        slotK,
        timeoutMs,
        maxTimeoutMs,
        maxBlockEntries,
        maxBlockBytes,
        minimumTier,
        maxEvidenceAge,
        measurements);
  }

  private EpochConfig with(
      long newEpoch, Mode newMode, MembershipChange.SetRules rules, List<Member> newMembers) {
    return new EpochConfig(
        chainId,
        newEpoch,
        newMode,
        suite,
        rules.slotK(),
        rules.timeoutMs(),
        rules.maxTimeoutMs(),
        rules.maxBlockEntries(),
        rules.maxBlockBytes(),
        rules.minimumTier(),
        rules.maxEvidenceAge(),
        newMembers,
        rules.measurements());
  }

  /** The bytes that are hashed. */
  public Bytes encode() {
    Writer out =
        new Writer()
            .tag(TAG)
            .hash(chainId)
            .u64(epoch)
            .u8(mode.code)
            .u8(suite.code())
            .u16(slotK)
            .u32(timeoutMs)
            .u32(maxTimeoutMs)
            .u32(maxBlockEntries)
            .u32(maxBlockBytes)
            .u8(minimumTier.code())
            .u32(maxEvidenceAge)
            .u16(members.size());
    members.forEach(member -> member.writeTo(out));
    out.u16(measurements.size());
    measurements.forEach(out::bytes);
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException if the bytes are not a configuration
   */
  public static EpochConfig decode(byte[] bytes) {
    Reader in = new Reader(bytes, "epoch configuration");
    in.tag(TAG);
    Hash chainId = in.hash();
    long epoch = in.i64();
    Mode mode = Mode.of(in.u8());
    Suite suite = Suite.of(in.u8());
    int slotK = in.u16();
    int timeoutMs = in.i32();
    int maxTimeoutMs = in.i32();
    int maxBlockEntries = in.i32();
    int maxBlockBytes = in.i32();
    AssuranceTier minimumTier = AssuranceTier.of(in.u8());
    int maxEvidenceAge = in.i32();
    List<Member> members = new ArrayList<>();
    int n = in.u16();
    for (int i = 0; i < n; i++) {
      members.add(Member.read(in));
    }
    List<Bytes> measurements = new ArrayList<>();
    int m = in.u16();
    for (int i = 0; i < m; i++) {
      measurements.add(Bytes.wrap(in.bytes(MEASUREMENT_LENGTH)));
    }
    in.end();
    return new EpochConfig(
        chainId,
        epoch,
        mode,
        suite,
        slotK,
        timeoutMs,
        maxTimeoutMs,
        maxBlockEntries,
        maxBlockBytes,
        minimumTier,
        maxEvidenceAge,
        members,
        measurements);
  }

  /** Names the configuration; the anchor of epoch 1. */
  public Hash hash() {
    return Hash.sha256(encode().unsafeArray());
  }

  private static void require(boolean condition, String expected) {
    if (!condition) {
      throw new MalformedException(
          "Expected " + expected + " in epoch configuration, but it differs");
    }
  }
}
