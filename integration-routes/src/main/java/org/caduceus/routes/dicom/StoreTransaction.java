package org.caduceus.routes.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.caduceus.adapters.dicom.BulkData;
import org.caduceus.adapters.dicom.DicomAdapter;
import org.caduceus.adapters.dicom.DicomInstance;
import org.caduceus.adapters.dicom.FailureReason;
import org.caduceus.adapters.dicom.JsonDocument;
import org.caduceus.adapters.dicom.JsonInstance;
import org.caduceus.adapters.dicom.Uid;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.InletGateway.BodyTooLarge;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.MessageJournal.Outcome;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.Receipt.Accepted;
import org.caduceus.ledger.intake.Receipt.Declined;
import org.caduceus.ledger.intake.Receipt.Duplicate;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.caduceus.ledger.record.Inlet;

/**
 * One STOW-RS request (PS3.18 section 10.5). Each instance is submitted on its own as soon as it is
 * read, so that a large study needs no memory and a broken instance stops no other. Repeating a
 * request is safe: what was stored answers as stored.
 *
 * <p>Taken are {@code multipart/related} of {@code application/dicom} files, the same of {@code
 * application/dicom+json} metadata with its bulk data after it, and either type as the single body.
 */
final class StoreTransaction {
  /** Most parts of one request. */
  static final int MAX_PARTS = 10_000;

  private static final String DICOM = "application/dicom";
  private static final String DICOM_JSON = "application/dicom+json";
  private static final String KIND = "dicom.instance";

  private final DicomAdapter adapter = new DicomAdapter();
  private final RecordIntake intake;
  private final MessageJournal journal;
  private final StoreRequest request;
  private final String sender;
  private final StoreResponse response = new StoreResponse();

  StoreTransaction(RecordIntake intake, MessageJournal journal, StoreRequest request) {
    this.intake = intake;
    this.journal = journal;
    this.request = request;
    this.sender = "stow|" + request.submission().author();
  }

  /**
   * Reads the request and answers it. When the body grows beyond what the node takes after
   * instances were judged, the answer names them and adds a failure for what was cut off.
   *
   * @throws BodyTooLarge if that happens before any instance was judged: nothing is stored
   * @throws IOException if the body cannot be read; what was stored before stays stored
   */
  Answer run() throws IOException {
    try {
      return read();
    } catch (BodyTooLarge e) {
      Refused cutOff = new Refused(FailureReason.OUT_OF_RESOURCES, "", e.getMessage());
      if (response.isEmpty()) {
        refused("", "", cutOff);
        throw e;
      }
      otherFailure(cutOff);
      return response.answer();
    }
  }

  private Answer read() throws IOException {
    if (!MediaType.acceptsJson(request.accept())) {
      return problem(406, "Expected to answer application/dicom+json, but it is not accepted");
    }
    if (request.study().isPresent() && !Uid.isValid(request.study().get())) {
      return problem(400, "Expected a UID as the study in the path, but it is none");
    }
    Optional<MediaType> type = MediaType.parse(request.contentType());
    String name = type.map(MediaType::name).orElse("");
    return switch (name) {
      case "multipart/related" -> multipart(type.get());
      case DICOM -> {
        submit(adapter.part10(request.body(), sender));
        yield response.answer();
      }
      case DICOM_JSON -> document(request.body(), Map.of());
      default -> problem(415, "Expected multipart/related, application/dicom or DICOM JSON");
    };
  }

  private Answer multipart(MediaType type) throws IOException {
    String root = type.parameter("type").map(text -> text.toLowerCase(Locale.ROOT)).orElse(DICOM);
    if (!root.equals(DICOM) && !root.equals(DICOM_JSON)) {
      return problem(415, "Expected parts of application/dicom or application/dicom+json");
    }
    Optional<String> boundary = type.parameter("boundary");
    if (boundary.isEmpty()) {
      return problem(400, "Expected a boundary in the Content-Type, but there is none");
    }
    try {
      MultipartBody body = new MultipartBody(request.body(), boundary.get());
      return root.equals(DICOM) ? files(body) : metadata(body);
    } catch (MalformedMultipart e) {
      if (response.isEmpty()) {
        refused("", "", new Refused(FailureReason.CANNOT_UNDERSTAND, "", e.getMessage()));
        return problem(400, e.getMessage());
      }
      otherFailure(new Refused(FailureReason.CANNOT_UNDERSTAND, "", e.getMessage()));
      return response.answer();
    }
  }

  private Answer files(MultipartBody body) throws IOException {
    int parts = 0;
    for (Optional<MultipartBody.Part> part = body.next();
        part.isPresent();
        part = body.next(), parts++) {
      if (parts == MAX_PARTS) {
        otherFailure(
            new Refused(
                FailureReason.OUT_OF_RESOURCES,
                "",
                "Expected at most " + MAX_PARTS + " parts, but there are more"));
        break;
      }
      if (isFile(part.get())) {
        submit(adapter.part10(part.get().body(), sender));
      } else {
        otherFailure(
            new Refused(
                FailureReason.CANNOT_UNDERSTAND,
                "",
                "Expected a part of application/dicom, but it has another Content-Type"));
      }
    }
    return response.isEmpty()
        ? problem(400, "Expected an instance, but got none")
        : response.answer();
  }

  private static boolean isFile(MultipartBody.Part part) {
    String name =
        part.header("content-type").flatMap(MediaType::parse).map(MediaType::name).orElse(DICOM);
    return name.equals(DICOM) || name.equals("application/octet-stream");
  }

  /** Metadata first, then the bulk data it refers to by Content-Location (PS3.18 section 8.6.1). */
  private Answer metadata(MultipartBody body) throws IOException {
    Optional<MultipartBody.Part> first = body.next();
    String type =
        first
            .flatMap(part -> part.header("content-type"))
            .flatMap(MediaType::parse)
            .map(MediaType::name)
            .orElse(DICOM_JSON);
    if (first.isEmpty() || !type.equals(DICOM_JSON)) {
      return problem(400, "Expected the metadata in the first part, but it is not there");
    }
    JsonDocument document = adapter.readJson(first.get().body());
    Map<String, BulkData> bulk = new HashMap<>();
    int parts = 1;
    for (Optional<MultipartBody.Part> part = body.next(); part.isPresent(); part = body.next()) {
      Optional<String> location = part.get().header("content-location");
      if (++parts > MAX_PARTS || location.isEmpty()) {
        return problem(400, "Expected bulk data with its Content-Location, but a part has none");
      }
      bulk.put(location.get(), digest(part.get().body()));
    }
    return instances(document, bulk);
  }

  private static BulkData digest(InputStream body) throws IOException {
    MessageDigest digest = Hash.newSha256();
    byte[] buffer = new byte[8192];
    long length = 0;
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      digest.update(buffer, 0, count);
      length += count;
    }
    return new BulkData(Hash.of(digest.digest()), length);
  }

  private Answer document(InputStream body, Map<String, BulkData> bulk) throws IOException {
    return instances(adapter.readJson(body), bulk);
  }

  private Answer instances(JsonDocument document, Map<String, BulkData> bulk) {
    return switch (document) {
      case JsonDocument.Unreadable unreadable -> {
        refused("", "", unreadable.refusal());
        int status = unreadable.refusal().code().equals(FailureReason.OUT_OF_RESOURCES) ? 413 : 400;
        yield problem(status, unreadable.refusal().reason());
      }
      case JsonDocument.Instances(List<JsonInstance> instances) -> {
        for (JsonInstance instance : instances) {
          submit(adapter.json(instance, bulk, sender));
        }
        yield response.isEmpty()
            ? problem(400, "Expected an instance, but got none")
            : response.answer();
      }
    };
  }

  private void submit(DicomInstance instance) {
    switch (instance.canonicalisation()) {
      case Refused refused -> refuse(instance, refused);
      case Canonical(var record) -> {
        if (request.study().isPresent() && !request.study().equals(instance.studyInstanceUid())) {
          refuse(
              instance,
              new Refused(
                  FailureReason.STUDY_MISMATCH,
                  "(0020,000d)",
                  "Expected the study of the path, but the instance is of another"));
        } else {
          settle(instance, intake.submit(record, request.submission()));
        }
      }
    }
  }

  private void settle(DicomInstance instance, Receipt receipt) {
    switch (receipt) {
      case Accepted accepted -> response.stored(instance);
      case Duplicate duplicate -> response.stored(instance);
      case Declined(var cause, var reason) -> {
        journal.notTaken(
            Inlet.DICOM,
            KIND,
            instance.sopInstanceUid().orElse(""),
            request.submission().remote(),
            Outcome.DECLINED,
            cause.name(),
            "",
            reason);
        String failure =
            switch (cause) {
              case CONFLICT -> FailureReason.DUPLICATE_INSTANCE;
              case TOO_LARGE, POOL_FULL, STORAGE_UNAVAILABLE -> FailureReason.OUT_OF_RESOURCES;
              case ENCLAVE_UNAVAILABLE -> FailureReason.PROCESSING;
            };
        boolean passes =
            switch (cause) {
              case CONFLICT, TOO_LARGE -> false;
              case POOL_FULL, STORAGE_UNAVAILABLE, ENCLAVE_UNAVAILABLE -> true;
            };
        response.failed(instance, failure, passes);
      }
    }
  }

  private void refuse(DicomInstance instance, Refused refused) {
    refused(KIND, instance.sopInstanceUid().orElse(""), refused);
    response.failed(instance, refused.code(), false);
  }

  private void otherFailure(Refused refused) {
    refused("", "", refused);
    response.failed(refused.code());
  }

  private void refused(String kind, String externalId, Refused refused) {
    journal.notTaken(
        Inlet.DICOM,
        kind,
        externalId,
        request.submission().remote(),
        Outcome.REFUSED,
        refused.code(),
        refused.location(),
        refused.reason());
  }

  /** RFC 9457; the texts are fixed ones of this project and need no escaping. */
  private static Answer problem(int status, String detail) {
    String title =
        switch (status) {
          case 406 -> "Not Acceptable";
          case 413 -> "Content Too Large";
          case 415 -> "Unsupported Media Type";
          default -> "Bad Request";
        };
    return new Answer(
        status,
        "application/problem+json",
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
            .formatted(title, status, detail),
        Optional.empty());
  }
}
