package org.caduceus.adapters.dicom;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import org.caduceus.ledger.Hash;

/**
 * Reads the attributes of a data set (PS3.5 chapter 7) in one pass, writes each as it is met and
 * stops before the pixel data. Memory is bounded by one value field, the depth of nesting and the
 * metadata written.
 *
 * <p>Strict where two readers could understand different things: tags must ascend, lengths must not
 * leave their sequence, nothing may be missing at the end. Tolerant where files in the field are
 * wrong and only one reading makes sense: an element without value representation is read as
 * implicit VR, UN takes the representation of PS3.6, an unknown representation has a long header
 * (PS3.5 section 6.2.2).
 */
final class DataSetReader {
  /** Deepest nesting of sequences; structured reports need a dozen. */
  static final int MAX_DEPTH = 64;

  /** Longest sequence under VR UN in bytes that is looked into. */
  private static final int MAX_UNKNOWN_SEQUENCE = 256 * 1024;

  private static final long UNDEFINED = 0xFFFFFFFFL;

  private final ByteCursor in;
  private final MetadataWriter out;
  private final InstanceFacts facts;
  private boolean explicitVr;

  DataSetReader(ByteCursor in, boolean explicitVr, MetadataWriter out, InstanceFacts facts) {
    this.in = in;
    this.explicitVr = explicitVr;
    this.out = out;
    this.facts = facts;
  }

  /**
   * A data set being read: the outermost or an item.
   *
   * <p>{@code bound} is the position that nothing inside may pass.
   */
  private static final class Scope {
    private final int depth;
    private final long bound;
    private final boolean delimited;
    private SpecificCharacterSet characters;
    private boolean signedPixels;
    private long previous = -1;

    Scope(int depth, long bound, boolean delimited, Scope parent) {
      this.depth = depth;
      this.bound = bound;
      this.delimited = delimited;
      this.characters = parent == null ? SpecificCharacterSet.DEFAULT : parent.characters;
      this.signedPixels = parent != null && parent.signedPixels;
    }

    boolean isOutermost() {
      return depth == 0;
    }
  }

  /**
   * A header as read.
   *
   * @param length bytes, {@link #UNDEFINED} when delimited
   */
  private record Header(int tag, Vr vr, long length) {
    boolean isUndefined() {
      return length == UNDEFINED;
    }
  }

  /**
   * The outermost data set up to its end or its pixel data.
   *
   * @param throughPixels whether to pass over the pixels too, so that a file that breaks off inside
   *     them is noticed
   */
  void read(boolean throughPixels) throws IOException, DicomRefusal {
    out.startDataSet();
    Scope scope = new Scope(0, Long.MAX_VALUE, false, null);
    int before = 0;
    for (int first = in.readOrEnd(); first >= 0; first = in.readOrEnd()) {
      int group = in.uint16After(first, before);
      int tag = group << 16 | in.uint16(before);
      checkOrder(tag, scope);
      Header header = header(tag, scope);
      if (Tag.isPixels(tag)) {
        if (throughPixels) {
          pixels(header);
        }
        break;
      }
      element(header, scope);
      before = tag;
    }
    out.endDataSet();
  }

  /** One item's data set; ends at its length or its delimiter. */
  private void item(Scope scope, int sequence) throws IOException, DicomRefusal {
    out.startDataSet();
    while (scope.delimited || in.position() < scope.bound) {
      require(8, scope.bound, sequence);
      int tag = in.tag(sequence);
      if (tag == Tag.ITEM_DELIMITATION && scope.delimited) {
        in.uint32(tag);
        break;
      }
      checkOrder(tag, scope);
      element(header(tag, scope), scope);
    }
    out.endDataSet();
  }

  private static void checkOrder(int tag, Scope scope) throws DicomRefusal {
    long unsigned = Integer.toUnsignedLong(tag);
    if (unsigned <= scope.previous) {
      throw DicomRefusal.unreadable(
          tag, "Expected tags in ascending order (PS3.5 section 7.1), but this one goes back");
    }
    if (Tag.group(tag) == 0xFFFE || Tag.group(tag) == 0 || Tag.group(tag) == 2) {
      throw DicomRefusal.unreadable(
          tag, "Expected an attribute of a data set, but its group cannot stand here");
    }
    scope.previous = unsigned;
  }

  private Header header(int tag, Scope scope) throws IOException, DicomRefusal {
    if (!explicitVr) {
      return implicit(tag, in.uint32(tag), scope);
    }
    byte[] letters = in.value(2, tag);
    if (!isLetter(letters[0]) || !isLetter(letters[1])) {
      // No representation: the writer fell back to implicit VR for this element.
      long low = uint16(letters, in.bigEndian());
      long other = in.uint16(tag);
      return implicit(tag, in.bigEndian() ? low << 16 | other : other << 16 | low, scope);
    }
    Optional<Vr> vr = Vr.named("" + (char) letters[0] + (char) letters[1]);
    if (vr.isPresent() && !vr.get().longHeader()) {
      return new Header(tag, vr.get(), in.uint16(tag));
    }
    in.uint16(tag);
    return new Header(tag, vr.orElse(Vr.UN), in.uint32(tag));
  }

  private static Header implicit(int tag, long length, Scope scope) {
    Vr unknown = length == UNDEFINED ? Vr.SQ : Vr.UN;
    return new Header(tag, VrDictionary.find(tag, scope.signedPixels).orElse(unknown), length);
  }

  private static int uint16(byte[] value, boolean bigEndian) {
    int first = value[0] & 0xff;
    int second = value[1] & 0xff;
    return bigEndian ? first << 8 | second : second << 8 | first;
  }

  private static boolean isLetter(byte code) {
    return code >= 'A' && code <= 'Z';
  }

  private void element(Header header, Scope scope) throws IOException, DicomRefusal {
    if (!header.isUndefined()) {
      require(header.length, scope.bound, header.tag);
    }
    if (header.vr == Vr.SQ) {
      sequence(header, scope);
    } else if (header.vr == Vr.UN) {
      unknown(header, scope);
    } else if (header.isUndefined()) {
      fragments(header, scope);
    } else {
      value(header, scope, in.bigEndian());
    }
  }

  private void value(Header header, Scope scope, boolean bigEndian)
      throws IOException, DicomRefusal {
    int tag = header.tag;
    if (Tag.isGroupLength(tag)) {
      in.skip(header.length, tag);
    } else if (header.length > header.vr.inlineLimit()) {
      MessageDigest digest = Hash.newSha256();
      in.digest(header.length, tag, digest);
      out.bulk(tag, header.vr, Hash.of(digest.digest()), header.length);
    } else {
      write(tag, header.vr, in.value((int) header.length, tag), scope, bigEndian);
    }
  }

  private void write(int tag, Vr vr, byte[] value, Scope scope, boolean bigEndian)
      throws IOException {
    if (tag == Tag.SPECIFIC_CHARACTER_SET) {
      scope.characters = SpecificCharacterSet.of(MetadataWriter.ascii(value));
    } else if (tag == Tag.PIXEL_REPRESENTATION && value.length == 2) {
      scope.signedPixels = (value[0] | value[1]) == 1;
    }
    if (scope.isOutermost() && InstanceFacts.isWanted(tag)) {
      facts.put(tag, text(vr, value, scope.characters, bigEndian));
    }
    out.attribute(tag, vr, value, bigEndian, scope.characters);
  }

  private static String text(
      Vr vr, byte[] value, SpecificCharacterSet characters, boolean bigEndian) {
    return switch (vr.form()) {
      case CODE, DECIMAL, URI -> MetadataWriter.ascii(value);
      case TEXT -> characters.decode(value, "\\");
      case PARAGRAPH -> characters.decode(value, "");
      case NAME -> characters.decode(value, "\\^=");
      case UNSIGNED -> value.length == 2 ? Integer.toString(uint16(value, bigEndian)) : "";
      case SIGNED, FLOAT, TAG, BINARY, SEQUENCE -> "";
    };
  }

  private void sequence(Header header, Scope parent) throws IOException, DicomRefusal {
    int tag = header.tag;
    if (parent.depth >= MAX_DEPTH) {
      throw DicomRefusal.tooMuch(
          tag, "Expected sequences nested at most " + MAX_DEPTH + " deep, but these are deeper");
    }
    long bound = header.isUndefined() ? parent.bound : Math.addExact(in.position(), header.length);
    boolean hasItems = false;
    out.startSequence(tag);
    while (header.isUndefined() || in.position() < bound) {
      require(8, bound, tag);
      int next = in.tag(tag);
      long length = in.uint32(tag);
      if (next == Tag.SEQUENCE_DELIMITATION && header.isUndefined()) {
        break;
      }
      if (next != Tag.ITEM) {
        throw DicomRefusal.unreadable(
            tag, "Expected an item of this sequence, but another element stands there");
      }
      if (!hasItems) {
        out.startItems();
        hasItems = true;
      }
      boolean delimited = length == UNDEFINED;
      if (!delimited) {
        require(length, bound, tag);
      }
      long end = delimited ? bound : in.position() + length;
      item(new Scope(parent.depth + 1, end, delimited, parent), tag);
    }
    out.endSequence(hasItems);
  }

  /** VR UN: implicit VR little endian inside, whatever is around it (PS3.5 section 6.2.2). */
  private void unknown(Header header, Scope scope) throws IOException, DicomRefusal {
    int tag = header.tag;
    if (header.isUndefined()) {
      boolean wasExplicit = explicitVr;
      boolean wasBigEndian = in.bigEndian();
      explicitVr = false;
      in.bigEndian(false);
      sequence(new Header(tag, Vr.SQ, UNDEFINED), scope);
      explicitVr = wasExplicit;
      in.bigEndian(wasBigEndian);
      return;
    }
    Vr registered = VrDictionary.find(tag, scope.signedPixels).orElse(Vr.UN);
    if (registered != Vr.SQ) {
      value(new Header(tag, registered, header.length), scope, false);
    } else if (header.length > MAX_UNKNOWN_SEQUENCE) {
      value(header, scope, false);
    } else {
      unknownSequence(tag, in.value((int) header.length, tag), scope);
    }
  }

  /** Looks into a sequence that hides under VR UN; keeps its bytes when it is none. */
  private void unknownSequence(int tag, byte[] value, Scope scope) throws IOException {
    try {
      MetadataWriter trial = MetadataWriter.discarding();
      trial.startDataSet();
      nested(value, trial).sequence(new Header(tag, Vr.SQ, value.length), scope);
    } catch (DicomRefusal | StreamRefusal e) {
      if (value.length > Vr.UN.inlineLimit()) {
        out.bulk(tag, Vr.UN, Hash.sha256(value), value.length);
      } else {
        out.attribute(tag, Vr.UN, value, false, scope.characters);
      }
      return;
    }
    try {
      nested(value, out).sequence(new Header(tag, Vr.SQ, value.length), scope);
    } catch (DicomRefusal e) {
      throw new StreamRefusal(e);
    }
  }

  private DataSetReader nested(byte[] value, MetadataWriter writer) {
    ByteCursor cursor = new ByteCursor(new ByteArrayInputStream(value), false);
    return new DataSetReader(cursor, false, writer, facts);
  }

  /** Encapsulated data (PS3.5 section A.4) outside the pixel data proper, such as an icon's. */
  private void fragments(Header header, Scope scope) throws IOException, DicomRefusal {
    MessageDigest digest = Hash.newSha256();
    long length = fragments(header, scope.bound, digest);
    out.bulk(header.tag, header.vr, Hash.of(digest.digest()), length);
  }

  private long fragments(Header header, long bound, MessageDigest digest)
      throws IOException, DicomRefusal {
    int tag = header.tag;
    if (header.vr.form() != Vr.Form.BINARY) {
      throw DicomRefusal.unreadable(
          tag, "Expected a defined length for this value representation, but it is undefined");
    }
    long total = 0;
    while (true) {
      require(8, bound, tag);
      int next = in.tag(tag);
      long length = in.uint32(tag);
      if (next == Tag.SEQUENCE_DELIMITATION) {
        return total;
      }
      if (next != Tag.ITEM || length == UNDEFINED) {
        throw DicomRefusal.unreadable(
            tag, "Expected a fragment with its length, but another element stands there");
      }
      require(length, bound, tag);
      in.digest(length, tag, digest);
      total += length;
    }
  }

  private void pixels(Header header) throws IOException, DicomRefusal {
    if (header.isUndefined()) {
      Vr vr = header.vr.form() == Vr.Form.BINARY ? header.vr : Vr.OB;
      fragments(new Header(header.tag, vr, UNDEFINED), Long.MAX_VALUE, null);
    } else {
      in.skip(header.length, header.tag);
    }
  }

  private void require(long length, long bound, int tag) throws DicomRefusal {
    if (bound - in.position() < length) {
      throw DicomRefusal.unreadable(
          tag, "Expected an element within its sequence, but its length goes beyond it");
    }
  }
}
