package org.caduceus.adapters.hl7v2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * What one frame holds: usually a message, sometimes a batch or a file of batches (HL7 v2.5.1
 * section 2.10.3), with or without its FHS, BHS, BTS and FTS envelope. Cuts on bytes, before any
 * decoding: in no character set that we read is CR or LF part of a longer character.
 *
 * @param messages each message with the very bytes that came
 * @param fault why the envelope is not acceptable and none of its messages should be taken: a count
 *     that does not hold means that part of the batch got lost
 */
public record Interchange(List<Bytes> messages, Optional<Refused> fault) {

  /** Cuts {@code content}; something that is no batch is one message, whatever it is. */
  public static Interchange of(Bytes content) {
    byte[] bytes = content.unsafeArray();
    int start = Hl7v2Adapter.startOfText(bytes);
    boolean enveloped =
        Hl7v2Adapter.startsWith(bytes, start, "FHS")
            || Hl7v2Adapter.startsWith(bytes, start, "BHS");
    if (!enveloped && nextLine(bytes, start, "MSH") < 0) {
      return new Interchange(List.of(content), Optional.empty());
    }
    return new Cutter(bytes, start).cut();
  }

  /** Start of the next line after {@code from} that begins with {@code name}, or -1. */
  private static int nextLine(byte[] bytes, int from, String name) {
    for (int i = from; i < bytes.length; i++) {
      if (lineEnd(bytes[i]) && Hl7v2Adapter.startsWith(bytes, i + 1, name)) {
        return i + 1;
      }
    }
    return -1;
  }

  private static boolean lineEnd(byte b) {
    return b == '\r' || b == '\n';
  }

  /** Walks the lines of a batch once. */
  private static final class Cutter {
    private final byte[] bytes;
    private final List<Bytes> messages = new ArrayList<>();
    private Optional<Refused> fault = Optional.empty();
    private int line;
    private int message = -1;
    private int batches;
    private int inBatch;

    Cutter(byte[] bytes, int start) {
      this.bytes = bytes;
      this.line = start;
    }

    Interchange cut() {
      while (line < bytes.length) {
        int end = line;
        while (end < bytes.length && !lineEnd(bytes[end])) {
          end++;
        }
        take(end);
        line = end + 1;
      }
      close(bytes.length);
      if (messages.isEmpty() && fault.isEmpty()) {
        fault =
            Optional.of(
                ErrorCode.SEGMENT_SEQUENCE_ERROR.at(
                    "MSH^1", "Expected a message in the batch, but there is none"));
      }
      return new Interchange(List.copyOf(messages), fault);
    }

    private void take(int end) {
      if (at("MSH")) {
        close(line);
        message = line;
      } else if (at("FHS")) {
        close(line);
      } else if (at("BHS")) {
        close(line);
        batches++;
        inBatch = 0;
      } else if (at("BTS")) {
        close(line);
        check("BTS", end, inBatch);
      } else if (at("FTS")) {
        close(line);
        if (batches > 0) {
          check("FTS", end, batches);
        }
      }
    }

    private boolean at(String name) {
      return Hl7v2Adapter.startsWith(bytes, line, name);
    }

    private void close(int end) {
      if (message >= 0) {
        messages.add(Bytes.of(bytes, message, end - message));
        inBatch++;
        message = -1;
      }
    }

    /** BTS-1 counts messages, FTS-1 batches; an empty count promises nothing. */
    private void check(String trailer, int end, int counted) {
      if (end < line + 4) {
        return;
      }
      char separator = (char) (bytes[line + 3] & 0xff);
      String fields = new String(bytes, line + 4, end - line - 4, StandardCharsets.ISO_8859_1);
      int to = fields.indexOf(separator);
      String declared = (to < 0 ? fields : fields.substring(0, to)).strip();
      if (!declared.isEmpty() && !declared.equals(Integer.toString(counted)) && fault.isEmpty()) {
        fault =
            Optional.of(
                ErrorCode.OTHER_HL7_ERROR.at(
                    trailer + "^1^1",
                    "Expected the count of " + trailer + "-1, but the batch holds " + counted));
      }
    }
  }
}
