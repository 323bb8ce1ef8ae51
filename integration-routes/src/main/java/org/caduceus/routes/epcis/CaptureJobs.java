package org.caduceus.routes.epcis;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.MessageJournal.Message;
import org.caduceus.ledger.intake.MessageJournal.Outcome;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Inlet;

/**
 * Capture jobs (EPCIS 2.0 section 12.6). A capture is answered only when all its events are
 * durable, so a job that has a name is always finished and successful; a capture that failed was
 * answered so and has no job.
 *
 * <p>The latest jobs are remembered in memory. A captureID also carries the identifier of the job's
 * first event: when the memory is gone after a restart, the message journal still tells when that
 * event, and with it the whole capture, was accepted. Thread-safe.
 */
final class CaptureJobs {
  private static final int REMEMBERED = 10_000;
  private static final int LONGEST_ID = 1_024;

  /**
   * A finished job.
   *
   * @param captureId its name in the Location header
   * @param createdAtMs when the document had been read, ms since 1970-01-01 UTC
   * @param finishedAtMs when its events were durable, ms since 1970-01-01 UTC
   */
  record Job(String captureId, long createdAtMs, long finishedAtMs) {}

  private final MessageJournal journal;
  private final Map<String, Job> latest = new LinkedHashMap<>();

  /** Jobs whose older ones are looked for in {@code journal}. */
  CaptureJobs(MessageJournal journal) {
    this.journal = journal;
  }

  /** Remembers the job that took {@code records}. */
  synchronized Job finished(List<CanonicalRecord> records, long createdAtMs, long finishedAtMs) {
    Job job = new Job(nameOf(records), createdAtMs, finishedAtMs);
    latest.remove(job.captureId());
    latest.put(job.captureId(), job);
    if (latest.size() > REMEMBERED) {
      latest.remove(latest.keySet().iterator().next());
    }
    return job;
  }

  /** The job of that name, when there was one. */
  Optional<Job> find(String captureId) {
    synchronized (this) {
      Job remembered = latest.get(captureId);
      if (remembered != null) {
        return Optional.of(remembered);
      }
    }
    OptionalLong acceptedAtMs = acceptance(captureId);
    return acceptedAtMs.isPresent()
        ? Optional.of(new Job(captureId, acceptedAtMs.getAsLong(), acceptedAtMs.getAsLong()))
        : Optional.empty();
  }

  /** The same documents have the same name: first external id, then a digest of all events. */
  private static String nameOf(List<CanonicalRecord> records) {
    StringBuilder all = new StringBuilder();
    for (CanonicalRecord record : records) {
      all.append(record.externalId()).append('\n').append(record.contentHash()).append('\n');
    }
    String digest =
        Hash.sha256(all.toString().getBytes(StandardCharsets.UTF_8)).toHex().substring(0, 16);
    String first = records.isEmpty() ? "" : records.getFirst().externalId();
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(first.getBytes(StandardCharsets.UTF_8))
        + "."
        + digest;
  }

  private OptionalLong acceptance(String captureId) {
    int dot = captureId.indexOf('.');
    if (dot <= 0 || captureId.length() > LONGEST_ID) {
      return OptionalLong.empty();
    }
    String externalId;
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(captureId.substring(0, dot));
      externalId = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return OptionalLong.empty();
    }
    return journal
        .list(
            Long.MAX_VALUE,
            1,
            Optional.of(Inlet.EPCIS),
            Optional.of(Outcome.ACCEPTED),
            Optional.of(externalId))
        .stream()
        .mapToLong(Message::timeMs)
        .findFirst();
  }
}
