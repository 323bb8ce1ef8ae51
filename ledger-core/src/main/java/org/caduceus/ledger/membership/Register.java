package org.caduceus.ledger.membership;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.StateTree;

/**
 * All institutions of a consortium, those without a seat included, and how a committee is elected
 * from them: the part of the world state that consensus itself goes by. It changes where an epoch
 * ends and nowhere else, so that all blocks of an epoch show the same root of it.
 */
public final class Register {
  /** Most institutions of a consortium. */
  public static final int MAX_INSTITUTIONS = 1_024;

  /** One part in so many of all weight: what one institution's counts in an election at most. */
  private static final int CAP = 10;

  private static final String TAG = "CDC1REGI";
  private static final Bytes ELECTIONS = text("elections");
  private static final String INSTITUTION = "institution/";

  /**
   * How a committee is elected.
   *
   * @param committee seats: odd, 3 to 63; 0 where ballots alone decide who has a seat
   * @param epochBlocks blocks after which an epoch ends with an election, 1 to 10,000,000; 0 with
   *     {@code committee} 0
   */
  public record Elections(int committee, int epochBlocks) {
    /** None: who has a seat is decided member by member. */
    public static final Elections NONE = new Elections(0, 0);

    /** Checks the ranges. */
    public Elections {
      boolean none = committee == 0 && epochBlocks == 0;
      boolean some =
          committee >= 3
              && committee <= 63
              && committee % 2 == 1
              && epochBlocks >= 1
              && epochBlocks <= 10_000_000;
      if (!none && !some) {
        throw new MalformedException(
            "Expected an odd committee of 3 to 63 and epochs of 1 to 10000000 blocks, or none, but"
                + " got "
                + committee
                + " and "
                + epochBlocks);
      }
    }

    /** Whether there are any. */
    public boolean held() {
      return committee > 0;
    }

    Bytes encode() {
      return Bytes.wrap(new Writer().u16(committee).u32(epochBlocks).toArray());
    }

    static Elections read(Reader in) {
      return new Elections(in.u16(), in.i32());
    }
  }

  private final SortedMap<String, Institution> institutions;
  private final Elections elections;

  /** Computed when it is asked for: most registers are steps on the way to another. */
  private volatile Hash root;

  private Register(SortedMap<String, Institution> institutions, Elections elections) {
    if (institutions.size() > MAX_INSTITUTIONS) {
      throw new MalformedException(
          "Expected " + MAX_INSTITUTIONS + " institutions at most, but got " + institutions.size());
    }
    Set<Bytes> voters = new HashSet<>();
    for (Institution institution : institutions.values()) {
      if (institution.candidacy().isPresent()
          && !voters.add(institution.candidacy().get().votingKey())) {
        throw new MalformedException(
            "Expected a voting key of its own for each candidate, but two have one");
      }
    }
    this.institutions = institutions;
    this.elections = elections;
  }

  /** The register of a consortium that has nothing but seats. */
  public static Register of(EpochConfig config) {
    return new Register(new TreeMap<>(), Elections.NONE).covering(config);
  }

  /** The institution of this id. */
  public Optional<Institution> institution(String id) {
    return Optional.ofNullable(institutions.get(id));
  }

  /** All institutions, ascending by id. */
  public List<Institution> institutions() {
    return List.copyOf(institutions.values());
  }

  /** How a committee is elected. */
  public Elections elections() {
    return elections;
  }

  /** Ids of the institutions whose ballots count, ascending. */
  public List<String> electors() {
    return institutions.values().stream()
        .filter(Institution::decides)
        .map(Institution::id)
        .toList();
  }

  /**
   * What of the weight of each institution that decides counts in an election, by id in ascending
   * order: no more than a tenth of all weight, rounded down, but at least 1.
   */
  public SortedMap<String, Long> countedWeights() {
    long total =
        institutions.values().stream()
            .filter(Institution::decides)
            .mapToLong(Institution::weight)
            .sum();
    long cap = Math.max(1, total / CAP);
    SortedMap<String, Long> counted = new TreeMap<>();
    institutions.values().stream()
        .filter(Institution::decides)
        .forEach(each -> counted.put(each.id(), Math.min(each.weight(), cap)));
    return counted;
  }

  /** The same with this institution, which takes the place of one of its id. */
  Register with(Institution institution) {
    SortedMap<String, Institution> more = new TreeMap<>(institutions);
    more.put(institution.id(), institution);
    return new Register(more, elections);
  }

  /** The same without this institution; who delegated to it elects itself. */
  Register without(String id) {
    SortedMap<String, Institution> fewer = new TreeMap<>();
    institutions.values().stream()
        .filter(each -> !each.id().equals(id))
        .map(
            each ->
                each.delegate().equals(Optional.of(id))
                    ? each.withDelegate(Optional.empty())
                    : each)
        .forEach(each -> fewer.put(each.id(), each));
    return new Register(fewer, elections);
  }

  Register with(Elections other) {
    return new Register(institutions, other);
  }

  /**
   * The same with every seat of this configuration in it. Only a cold start makes a difference: it
   * takes over the configuration that a lost epoch's last block names, whose register nobody may
   * have any more.
   */
  Register covering(EpochConfig config) {
    SortedMap<String, Institution> more = new TreeMap<>(institutions);
    config.members().forEach(member -> more.putIfAbsent(member.id(), Institution.of(member)));
    return more.equals(institutions) ? this : new Register(more, elections);
  }

  /** Key of an institution in the world state. */
  public static Bytes key(String id) {
    return text(INSTITUTION + id);
  }

  /** The values it has in the world state. */
  public Map<Bytes, Bytes> values() {
    Map<Bytes, Bytes> values = new TreeMap<>((a, b) -> a.toHex().compareTo(b.toHex()));
    institutions.values().forEach(each -> values.put(key(each.id()), each.encode()));
    values.put(ELECTIONS, elections.encode());
    return values;
  }

  /** What {@code stateRoot} of a header holds. */
  public Hash root() {
    Hash known = root;
    if (known == null) {
      known = StateTree.of(values()).root();
      root = known;
    }
    return known;
  }

  /** The way from the root to an institution, or to where it would be. */
  public StateTree.Path path(String id) {
    return StateTree.of(values()).path(key(id));
  }

  /** Layout of the formats page. */
  public Bytes encode() {
    Writer out = new Writer().tag(TAG).bytes(elections.encode()).u16(institutions.size());
    institutions.values().forEach(each -> out.sized(each.encode().unsafeArray()));
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException or another {@link IllegalArgumentException} if the bytes are no
   *     register
   */
  public static Register decode(byte[] bytes) {
    Reader in = new Reader(bytes, "register");
    in.tag(TAG);
    Elections elections = Elections.read(in);
    List<Institution> listed = new ArrayList<>();
    for (int count = in.u16(); count > 0; count--) {
      listed.add(Institution.decode(in.sized()));
    }
    in.end();
    return of(listed, elections);
  }

  /**
   * A register of these.
   *
   * @param listed ascending by id
   * @throws MalformedException if they are not
   */
  public static Register of(Collection<Institution> listed, Elections elections) {
    SortedMap<String, Institution> byId = new TreeMap<>();
    String last = "";
    for (Institution institution : listed) {
      if (institution.id().compareTo(last) <= 0) {
        throw new MalformedException("Expected institutions in ascending order of id, but no");
      }
      last = institution.id();
      byId.put(last, institution);
    }
    return new Register(byId, elections);
  }

  private static Bytes text(String value) {
    return Bytes.wrap(value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Register that
        && institutions.equals(that.institutions)
        && elections.equals(that.elections);
  }

  @Override
  public int hashCode() {
    return Objects.hash(institutions, elections);
  }

  @Override
  public String toString() {
    return "Register[" + institutions.keySet() + ", " + elections + "]";
  }
}
