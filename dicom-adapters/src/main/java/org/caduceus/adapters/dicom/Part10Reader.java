package org.caduceus.adapters.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * Reads a DICOM file (PS3.10 chapter 7): preamble, {@code DICM}, file meta information, data set.
 *
 * <p>Tolerance: a file without preamble or without file meta information, or whose meta information
 * names no transfer syntax, is read when its first attribute shows how it is encoded. A data set
 * under the implicit VR syntax that plainly names its value representations is read as explicit.
 */
final class Part10Reader {
  private static final int PREAMBLE = 128;
  private static final byte[] PREFIX = "DICM".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_META_VALUE = 64 * 1024;

  /**
   * What a file says.
   *
   * @param metadata DICOM JSON model of the data set without its pixels
   * @param dataSet SHA-256 of the encoded data set, everything after the file meta information
   * @param file SHA-256 of the whole file
   */
  record Instance(Bytes metadata, Hash dataSet, Hash file) {}

  private final DigestingInput in;
  private final InstanceFacts facts;

  /** A reader of one file; {@code facts} has what was understood even when the file is refused. */
  Part10Reader(InputStream file, InstanceFacts facts) {
    this.in = new DigestingInput(file);
    this.facts = facts;
  }

  Instance read() throws IOException, DicomRefusal {
    byte[] start = in.peek(PREAMBLE + PREFIX.length);
    if (start.length == PREAMBLE + PREFIX.length
        && Arrays.equals(start, PREAMBLE, start.length, PREFIX, 0, PREFIX.length)) {
      in.skipNBytes(start.length);
    } else if (TransferSyntax.guess(start).isEmpty()) {
      throw DicomRefusal.unreadable(
          0, "Expected a preamble and DICM (PS3.10 section 7.1), but the file starts otherwise");
    }
    meta();
    TransferSyntax syntax = syntax();
    in.startDataSet();
    MetadataWriter out = MetadataWriter.keeping();
    if (syntax.deflated()) {
      try (InflatingInput inflated = new InflatingInput(in)) {
        reader(inflated, syntax, out).read(false);
      }
    } else {
      reader(in, syntax, out).read(true);
    }
    in.drain();
    return new Instance(Bytes.wrap(out.finish()), in.dataSetDigest(), in.fileDigest());
  }

  private DataSetReader reader(InputStream data, TransferSyntax syntax, MetadataWriter out) {
    ByteCursor cursor = new ByteCursor(data, syntax.bigEndian());
    return new DataSetReader(cursor, syntax.explicitVr(), out, facts);
  }

  /**
   * Group 0002, explicit VR little endian. Its end is where another group begins: the group length
   * element is missing or wrong in too many files.
   */
  private void meta() throws IOException, DicomRefusal {
    ByteCursor cursor = new ByteCursor(in, false);
    int before = 0;
    while (isMeta(in.peek(2))) {
      int tag = cursor.tag(before);
      before = tag;
      String letters = new String(cursor.value(2, tag), StandardCharsets.ISO_8859_1);
      Vr vr =
          Vr.named(letters)
              .orElseThrow(
                  () ->
                      DicomRefusal.unreadable(
                          tag,
                          "Expected explicit VR in the file meta information, but there is none"));
      long length;
      if (vr.longHeader()) {
        cursor.uint16(tag);
        length = cursor.uint32(tag);
      } else {
        length = cursor.uint16(tag);
      }
      if (length > MAX_META_VALUE) {
        cursor.skip(length, tag);
      } else {
        facts.put(tag, MetadataWriter.ascii(cursor.value((int) length, tag)));
      }
    }
  }

  private static boolean isMeta(byte[] group) {
    return group.length == 2 && group[0] == 2 && group[1] == 0;
  }

  private TransferSyntax syntax() throws IOException, DicomRefusal {
    Optional<TransferSyntax> guess = TransferSyntax.guess(in.peek(6));
    Optional<String> uid = facts.get(Tag.TRANSFER_SYNTAX_UID);
    if (uid.isEmpty()) {
      return guess.orElseThrow(
          () ->
              DicomRefusal.unreadable(
                  Tag.TRANSFER_SYNTAX_UID, "Expected a transfer syntax, but there is none"));
    }
    TransferSyntax named =
        TransferSyntax.of(uid.get())
            .orElseThrow(
                () ->
                    new DicomRefusal(
                        FailureReason.TRANSFER_SYNTAX,
                        Tag.TRANSFER_SYNTAX_UID,
                        "Expected a transfer syntax of PS3.5, but got another"));
    boolean plainlyExplicit =
        guess.isPresent() && guess.get().equals(TransferSyntax.EXPLICIT_LITTLE);
    return named.equals(TransferSyntax.IMPLICIT_LITTLE) && plainlyExplicit ? guess.get() : named;
  }
}
