package org.caduceus.adapters.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes DICOM files attribute by attribute, in any transfer syntax, right or wrong as told. */
final class SampleFile {
  static final String IMPLICIT = "1.2.840.10008.1.2";
  static final String EXPLICIT = "1.2.840.10008.1.2.1";
  static final String DEFLATED = "1.2.840.10008.1.2.1.99";
  static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";
  static final String JPEG = "1.2.840.10008.1.2.4.50";
  static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
  static final String INSTANCE = "1.2.826.0.1.3680043.10.77.3.1";
  static final String STUDY = "1.2.826.0.1.3680043.10.77.1";
  static final String SERIES = "1.2.826.0.1.3680043.10.77.2";
  static final long UNDEFINED = 0xFFFFFFFFL;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final String transferSyntax;
  private final boolean explicitVr;
  private final boolean bigEndian;

  SampleFile(String transferSyntax) {
    this.transferSyntax = transferSyntax;
    this.explicitVr = !transferSyntax.equals(IMPLICIT);
    this.bigEndian = transferSyntax.equals(BIG_ENDIAN);
  }

  /** An empty piece of the same encoding, for items. */
  SampleFile piece() {
    return new SampleFile(transferSyntax);
  }

  /** The attributes that every instance has. */
  static SampleFile instance(String transferSyntax) {
    return new SampleFile(transferSyntax)
        .text(Tag.SOP_CLASS_UID, "UI", SECONDARY_CAPTURE)
        .text(Tag.SOP_INSTANCE_UID, "UI", INSTANCE)
        .text(Tag.STUDY_INSTANCE_UID, "UI", STUDY)
        .text(Tag.SERIES_INSTANCE_UID, "UI", SERIES);
  }

  SampleFile text(int tag, String vr, String value) {
    return text(tag, vr, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Text in whatever encoding, padded to even length. */
  SampleFile text(int tag, String vr, byte[] value) {
    byte[] padded = Arrays.copyOf(value, value.length + value.length % 2);
    if (padded.length > value.length) {
      padded[value.length] = (byte) (vr.equals("UI") ? 0 : ' ');
    }
    return value(tag, vr, padded);
  }

  SampleFile us(int tag, int... values) {
    SampleFile numbers = piece();
    for (int value : values) {
      numbers.number(value, 2);
    }
    return value(tag, "US", numbers.out.toByteArray());
  }

  SampleFile value(int tag, String vr, byte[] value) {
    header(tag, vr, value.length);
    out.writeBytes(value);
    return this;
  }

  /** Items of defined length in a sequence of defined length. */
  SampleFile sequence(int tag, SampleFile... items) {
    SampleFile body = piece();
    for (SampleFile item : items) {
      body.tag(Tag.ITEM).number(item.out.size(), 4);
      body.out.writeBytes(item.out.toByteArray());
    }
    return value(tag, "SQ", body.out.toByteArray());
  }

  /** The same with delimiters instead of lengths. */
  SampleFile delimitedSequence(int tag, SampleFile... items) {
    header(tag, "SQ", UNDEFINED);
    for (SampleFile item : items) {
      tag(Tag.ITEM).number(UNDEFINED, 4);
      out.writeBytes(item.out.toByteArray());
      tag(Tag.ITEM_DELIMITATION).number(0, 4);
    }
    return tag(Tag.SEQUENCE_DELIMITATION).number(0, 4);
  }

  /** Encapsulated pixel data (PS3.5 section A.4). */
  SampleFile fragments(int tag, byte[]... fragments) {
    header(tag, "OB", UNDEFINED);
    for (byte[] fragment : fragments) {
      tag(Tag.ITEM).number(fragment.length, 4);
      out.writeBytes(fragment);
    }
    return tag(Tag.SEQUENCE_DELIMITATION).number(0, 4);
  }

  SampleFile header(int tag, String vr, long length) {
    tag(tag);
    if (!explicitVr) {
      return number(length, 4);
    }
    out.writeBytes(vr.getBytes(StandardCharsets.ISO_8859_1));
    if (Vr.named(vr).map(Vr::longHeader).orElse(true)) {
      return number(0, 2).number(length, 4);
    }
    return number(length, 2);
  }

  SampleFile raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  SampleFile tag(int tag) {
    return number(tag >>> 16, 2).number(tag & 0xffff, 2);
  }

  SampleFile number(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * (bigEndian ? bytes - 1 - i : i))));
    }
    return this;
  }

  /** What was written so far. */
  byte[] bytes() {
    return out.toByteArray();
  }

  /** The encoded data set, without meta information. */
  byte[] dataSet() {
    return transferSyntax.equals(DEFLATED) ? deflate(out.toByteArray()) : out.toByteArray();
  }

  /** The whole file. */
  byte[] file() {
    return file("2.25.1");
  }

  byte[] file(String implementation) {
    return file(implementation, dataSet());
  }

  private byte[] file(String implementation, byte[] dataSet) {
    SampleFile file = new SampleFile(EXPLICIT);
    file.out.writeBytes(new byte[128]);
    file.out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    file.value(0x00020001, "OB", new byte[] {0, 1});
    file.text(Tag.TRANSFER_SYNTAX_UID, "UI", transferSyntax);
    file.text(0x00020012, "UI", implementation);
    file.out.writeBytes(dataSet);
    return file.out.toByteArray();
  }

  /** A deflated file of {@code start} and then as many mebibytes of zeros. */
  static byte[] bomb(byte[] start, int mebibytes) {
    SampleFile file = new SampleFile(DEFLATED);
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try (DeflaterOutputStream stream = new DeflaterOutputStream(deflated, deflater)) {
      stream.write(start);
      byte[] zeros = new byte[1024 * 1024];
      for (int i = 0; i < mebibytes; i++) {
        stream.write(zeros);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return file.file("2.25.1", deflated.toByteArray());
  }

  private static byte[] deflate(byte[] data) {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try (DeflaterOutputStream stream = new DeflaterOutputStream(deflated, deflater)) {
      stream.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return deflated.toByteArray();
  }
}
