package org.caduceus.ledger.membership;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * What the consortium knows of an institution, whether it has a seat or not; a value of the world
 * state, layout {@code CDC1INST}.
 *
 * @param id 1 to 64 characters of {@code [a-z0-9-]}
 * @param category what kind of institution it is
 * @param weight its share in elections, 0 to 1,000,000; 0 takes part in no decision
 * @param suspended whether the ledger takes nothing from it at present
 * @param delegate whom its weight elects; empty for itself
 * @param signingKey SEC 1 point of the institution: signs entries
 * @param governanceKey SEC 1 point of its officers: signs ballots
 * @param linkKey as in {@link Member}
 * @param candidacy the voter it would take a seat with; a seated member needs none
 */
public record Institution(
    String id,
    Category category,
    int weight,
    boolean suspended,
    Optional<String> delegate,
    Bytes signingKey,
    Bytes governanceKey,
    Hash linkKey,
    Optional<Candidacy> candidacy) {

  /** No institution weighs more. */
  public static final int MAX_WEIGHT = 1_000_000;

  private static final String TAG = "CDC1INST";

  /** Kinds of institutions; a committee is not to be one kind's. */
  public enum Category {
    /** Supervises the others. */
    REGULATOR(1),
    /** Hospital or clinic. */
    HOSPITAL(2),
    /** Pharmacy. */
    PHARMACY(3),
    /** Insurer. */
    INSURER(4),
    /** Makes or delivers drugs and devices. */
    SUPPLIER(5),
    /** Anything else, or not said. */
    OTHER(6);

    private final int code;

    Category(int code) {
      this.code = code;
    }

    /** Its number on the wire. */
    public int code() {
      return code;
    }

    /**
     * The category with this number.
     *
     * @throws MalformedException if there is none
     */
    public static Category of(int code) {
      for (Category category : values()) {
        if (category.code == code) {
          return category;
        }
      }
      throw new MalformedException("Expected category 1 to 6, but got " + code);
    }
  }

  /**
   * A voter that may get a seat.
   *
   * @param mode in which it can vote
   * @param votingKey SEC 1 point
   * @param evidence hash of what its enclave says of itself
   */
  public record Candidacy(EpochConfig.Mode mode, Bytes votingKey, Hash evidence) {}

  /** Checks the shapes; those of the keys as {@link Member} does. */
  public Institution {
    if (weight < 0 || weight > MAX_WEIGHT) {
      throw new MalformedException("Expected a weight of 0 to 1000000, but got " + weight);
    }
    // A member's shapes are an institution's; the signing key stands for the voting key it may
    // lack.
    Member shaped = new Member(id, signingKey, signingKey, governanceKey, linkKey, Hash.ZERO);
    delegate = delegate.filter(chosen -> !chosen.equals(shaped.id()));
  }

  /** A member of which nothing else is known. */
  public static Institution of(Member member) {
    return new Institution(
        member.id(),
        Category.OTHER,
        1,
        false,
        Optional.empty(),
        member.signingKey(),
        member.governanceKey(),
        member.linkKey(),
        Optional.empty());
  }

  /** Whether it takes part in decisions. */
  public boolean decides() {
    return weight > 0 && !suspended;
  }

  /** The seat that it would take with this voter. */
  Member seat(Candidacy voter) {
    return seat(voter.votingKey(), voter.evidence());
  }

  /** The seat with this voting key and evidence. */
  Member seat(Bytes votingKey, Hash evidence) {
    return new Member(id, votingKey, signingKey, governanceKey, linkKey, evidence);
  }

  Institution withSuspended(boolean isSuspended) {
    return new Institution(
        id, category, weight, isSuspended, delegate, signingKey, governanceKey, linkKey, candidacy);
  }

  Institution withDelegate(Optional<String> chosen) {
    return new Institution(
        id, category, weight, suspended, chosen, signingKey, governanceKey, linkKey, candidacy);
  }

  Institution withLinkKey(Hash key) {
    return new Institution(
        id, category, weight, suspended, delegate, signingKey, governanceKey, key, candidacy);
  }

  Institution withCandidacy(Optional<Candidacy> voter) {
    return new Institution(
        id, category, weight, suspended, delegate, signingKey, governanceKey, linkKey, voter);
  }

  /** Layout of the formats page. */
  public Bytes encode() {
    Writer out = new Writer().tag(TAG);
    writeText(out, id)
        .u8(category.code())
        .u32(weight)
        .flag(suspended)
        .bytes(signingKey)
        .bytes(governanceKey)
        .hash(linkKey);
    writeText(out, delegate.orElse("")).flag(candidacy.isPresent());
    candidacy.ifPresent(
        voter -> out.u8(voter.mode().code()).bytes(voter.votingKey()).hash(voter.evidence()));
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException or another {@link IllegalArgumentException} if the bytes are no
   *     institution
   */
  public static Institution decode(byte[] bytes) {
    Reader in = new Reader(bytes, "institution");
    in.tag(TAG);
    String id = readText(in);
    Category category = Category.of(in.u8());
    int weight = in.i32();
    boolean suspended = in.flag();
    Bytes signingKey = Bytes.wrap(in.bytes(Member.KEY_LENGTH));
    Bytes governanceKey = Bytes.wrap(in.bytes(Member.KEY_LENGTH));
    Hash linkKey = in.hash();
    String delegate = readText(in);
    Optional<Candidacy> candidacy =
        in.flag()
            ? Optional.of(
                new Candidacy(
                    EpochConfig.Mode.of(in.u8()),
                    Bytes.wrap(in.bytes(Member.KEY_LENGTH)),
                    in.hash()))
            : Optional.empty();
    in.end();
    return new Institution(
        id,
        category,
        weight,
        suspended,
        delegate.isEmpty() ? Optional.empty() : Optional.of(delegate),
        signingKey,
        governanceKey,
        linkKey,
        candidacy);
  }

  private static Writer writeText(Writer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return out.u8(bytes.length).bytes(bytes);
  }

  private static String readText(Reader in) {
    return new String(in.bytes(in.u8()), StandardCharsets.UTF_8);
  }
}
