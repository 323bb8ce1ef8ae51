package org.caduceus.enclave.attestation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * The platform part of a TPM 2.0, layout {@code CDC1TPMQ} of {@code docs/reference/formats.md}.
 *
 * @param attest TPMS_ATTEST as the TPM signed it
 * @param signature TPMT_SIGNATURE
 * @param attestationKey TPMT_PUBLIC
 * @param certificates DER, leaf first: of the attestation key or of the endorsement key; may be
 *     empty
 * @param events that were extended, in their order
 */
record TpmQuote(
    Bytes attest,
    Bytes signature,
    Bytes attestationKey,
    List<Bytes> certificates,
    List<Event> events) {
  static final String TAG = "CDC1TPMQ";

  private static final int VERSION = 1;

  /**
   * One extension of a PCR.
   *
   * @param pcr index
   * @param digest in the bank of its length: 32 bytes SHA-256, 48 SHA-384
   * @param text what was measured
   */
  record Event(int pcr, Bytes digest, String text) {}

  TpmQuote {
    certificates = List.copyOf(certificates);
    events = List.copyOf(events);
  }

  static TpmQuote decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "TPM quote");
    in.tag(TAG);
    int version = in.u8();
    Unacceptable.unless(
        version == VERSION, "Expected a TPM quote of version 1, but got " + version);
    Bytes attest = Bytes.wrap(in.sized());
    Bytes signature = Bytes.wrap(in.sized());
    Bytes key = Bytes.wrap(in.sized());
    List<Bytes> certificates = new ArrayList<>();
    for (int left = in.u8(); left > 0; left--) {
      certificates.add(Bytes.wrap(in.sized()));
    }
    List<Event> events = new ArrayList<>();
    for (int left = in.u16(); left > 0; left--) {
      int pcr = in.u8();
      Bytes digest = Bytes.wrap(in.bytes(in.u8()));
      events.add(new Event(pcr, digest, new String(in.bytes(in.u8()), StandardCharsets.UTF_8)));
    }
    in.end();
    return new TpmQuote(attest, signature, key, certificates, events);
  }

  Bytes encode() {
    Writer out =
        new Writer()
            .tag(TAG)
            .u8(VERSION)
            .sized(attest.unsafeArray())
            .sized(signature.unsafeArray())
            .sized(attestationKey.unsafeArray())
            .u8(certificates.size());
    certificates.forEach(one -> out.sized(one.unsafeArray()));
    out.u16(events.size());
    for (Event event : events) {
      byte[] text = event.text().getBytes(StandardCharsets.UTF_8);
      out.u8(event.pcr())
          .u8(event.digest().length())
          .bytes(event.digest())
          .u8(text.length)
          .bytes(text);
    }
    return Bytes.wrap(out.toArray());
  }
}
