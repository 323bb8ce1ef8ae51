package org.caduceus.routes.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A small secondary capture of a person who does not exist, explicit VR little endian. */
final class SampleInstance {
  static final String SOP_CLASS = "1.2.840.10008.5.1.4.1.1.7";
  static final String STUDY = "1.2.826.0.1.3680043.10.1";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private SampleInstance() {}

  /** A whole DICOM file. */
  static byte[] file(String instanceUid) {
    return file(instanceUid, STUDY, 64);
  }

  static byte[] file(String instanceUid, String study, int pixels) {
    SampleInstance sample = new SampleInstance();
    sample.out.writeBytes(new byte[128]);
    sample.out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    sample.text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1");
    sample.text(0x0008, 0x0005, "CS", "GB18030");
    sample.text(0x0008, 0x0016, "UI", SOP_CLASS);
    sample.text(0x0008, 0x0018, "UI", instanceUid);
    sample.text(0x0008, 0x0060, "CS", "OT");
    sample.text(0x0010, 0x0010, "PN", "Zhang^San");
    sample.text(0x0010, 0x0020, "LO", "SECRET-7");
    sample.text(0x0020, 0x000D, "UI", study);
    sample.text(0x0020, 0x000E, "UI", study + ".1");
    sample.header(0x7FE0, 0x0010, "OB");
    sample.number(0, 2);
    sample.number(pixels, 4);
    sample.out.writeBytes(new byte[pixels]);
    return sample.out.toByteArray();
  }

  static String json(String instanceUid) {
    return """
        {"00080016":{"vr":"UI","Value":["%s"]},"00080018":{"vr":"UI","Value":["%s"]},
        "00100010":{"vr":"PN","Value":[{"Alphabetic":"Zhang^San"}]},
        "0020000D":{"vr":"UI","Value":["%s"]},"0020000E":{"vr":"UI","Value":["%s.1"]},
        "7FE00010":{"vr":"OW","BulkDataURI":"pixels"}}"""
        .formatted(SOP_CLASS, instanceUid, STUDY, STUDY);
  }

  private void text(int group, int element, String vr, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
    header(group, element, vr);
    number(bytes.length + bytes.length % 2, 2);
    out.writeBytes(bytes);
    if (bytes.length % 2 == 1) {
      out.write(vr.equals("UI") ? 0 : ' ');
    }
  }

  private void header(int group, int element, String vr) {
    number(group, 2);
    number(element, 2);
    out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
  }

  private void number(int value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write(value >>> (8 * i));
    }
  }
}
