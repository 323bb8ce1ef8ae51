package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/** Why a leader may propose in its view. */
public sealed interface Justification {
  /** The first view of an epoch extends its anchor. */
  record Anchor() implements Justification {}

  /**
   * The view before made a block final.
   *
   * @param certificate of exactly the view before
   */
  record Certified(QuorumCertificate certificate) implements Justification {}

  /**
   * A quorum moved to this view; the highest voted block among them is the parent.
   *
   * @param reports ascending by member index
   */
  record NewViews(List<NewView> reports) implements Justification {
    /** Freezes the list. */
    public NewViews {
      reports = List.copyOf(reports);
    }
  }

  /**
   * The same in BFT-2P, where nobody believes a report without the certificate that it names.
   *
   * @param reports ascending by member index
   * @param highest of any phase, for the block of the highest report
   */
  record Reported(List<NewView> reports, QuorumCertificate highest) implements Justification {
    /** Freezes the list. */
    public Reported {
      reports = List.copyOf(reports);
    }
  }

  /** Layout of the formats page. */
  default Bytes encode() {
    Writer out = new Writer();
    switch (this) {
      case Anchor() -> out.u8(0);
      case Certified(QuorumCertificate certificate) -> out.u8(1).bytes(certificate.encode());
      case NewViews(List<NewView> reports) -> writeReports(out.u8(2), reports);
      case Reported(List<NewView> reports, QuorumCertificate highest) -> {
        writeReports(out.u8(3), reports);
        out.bytes(highest.encode());
      }
    }
    return Bytes.wrap(out.toArray());
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws MalformedException if the bytes are not a justification
   */
  static Justification decode(byte[] bytes) {
    Reader in = new Reader(bytes, "justification");
    int kind = in.u8();
    Justification result =
        switch (kind) {
          case 0 -> new Anchor();
          case 1 -> new Certified(QuorumCertificate.read(in));
          case 2 -> new NewViews(readReports(in));
          case 3 -> new Reported(readReports(in), QuorumCertificate.read(in));
          default -> throw new MalformedException("Expected justification 0 to 3, but got " + kind);
        };
    in.end();
    return result;
  }

  private static void writeReports(Writer out, List<NewView> reports) {
    out.u16(reports.size());
    reports.forEach(report -> out.bytes(report.encode()));
  }

  private static List<NewView> readReports(Reader in) {
    int count = in.u16();
    List<NewView> reports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      reports.add(NewView.read(in));
    }
    return reports;
  }
}
