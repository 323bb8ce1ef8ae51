package org.caduceus.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends files through a member's real inlets. */
final class Sender {
  private static final int ACKNOWLEDGEMENT_MS = 30_000;
  private static final Duration JOB_PATIENCE = Duration.ofSeconds(20);

  // PS3.18 Annex F: attributes of the store instances response, PS3.18 table I.2-2.
  private static final String REFERENCED = "00081199";
  private static final String FAILED = "00081198";
  private static final String OTHER_FAILURES = "0008119A";
  private static final String FAILURE_REASON = "00081197";
  private static final String SOP_INSTANCE = "00081155";

  private final MemberHome home;
  private final NodeClient client;

  Sender(MemberHome home) {
    this.home = home;
    this.client = new NodeClient(home);
  }

  /** Sends a file; one outcome for each message in it. */
  List<Outcome> send(Path file) {
    String name = file.getFileName().toString();
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ToolFailure("Expected to read " + file + ", but that failed", e);
    }
    return switch (MessageFile.recognise(name, bytes)) {
      case MessageFile.Hl7 hl7 -> hl7(name, hl7);
      case MessageFile.Dicom dicom -> dicom(name, dicom);
      case MessageFile.EpcisDocument document -> epcisDocument(name, document);
      case MessageFile.EpcisEvent event -> epcisEvent(name, event);
      case MessageFile.Unknown unknown ->
          List.of(new Outcome(name, "none", "not sent", unknown.reason(), false, ""));
    };
  }

  private List<Outcome> hl7(String name, MessageFile.Hl7 hl7) {
    List<Outcome> outcomes = new ArrayList<>();
    int number = 0;
    for (byte[] message : hl7.messages()) {
      number++;
      String label = hl7.messages().size() == 1 ? name : name + " #" + number;
      // A connection for each: a receiver may close after a message it could not frame.
      try (MllpClient mllp = new MllpClient(home.ports().mllp(), ACKNOWLEDGEMENT_MS)) {
        MllpClient.Acknowledgement answer = mllp.exchange(message);
        outcomes.add(
            new Outcome(
                label,
                "HL7 v2",
                answer.code().isEmpty() ? "no MSA" : answer.code(),
                answer.isPositive() ? "" : answer.text(),
                answer.isPositive(),
                answer.controlId()));
      } catch (IOException e) {
        outcomes.add(new Outcome(label, "HL7 v2", "no answer", e.getMessage(), false, ""));
      }
    }
    return outcomes;
  }

  private List<Outcome> dicom(String name, MessageFile.Dicom dicom) {
    String boundary = "caduceus-" + Secrets.hex(8);
    ByteArrayOutputStream body = new ByteArrayOutputStream(dicom.bytes().length() + 256);
    body.writeBytes(
        ("--" + boundary + "\r\nContent-Type: " + dicom.mediaType() + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(dicom.bytes().unsafeArray());
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    String type =
        "multipart/related; type=\"" + dicom.mediaType() + "\"; boundary=\"" + boundary + "\"";
    try {
      NodeClient.Answer answer = client.post("/dicomweb/studies", type, body.toByteArray());
      return instances(name, answer);
    } catch (IOException e) {
      return List.of(new Outcome(name, "DICOM", "no answer", e.toString(), false, ""));
    }
  }

  /** One outcome for each instance that the answer names, and for each failure without a name. */
  static List<Outcome> instances(String name, NodeClient.Answer answer) {
    JsonNode body = answer.json();
    List<JsonNode> items = new ArrayList<>();
    for (String sequence : List.of(REFERENCED, FAILED, OTHER_FAILURES)) {
      body.path(sequence).path("Value").forEach(items::add);
    }
    String verdict = "HTTP " + answer.status();
    if (items.isEmpty()) {
      String reason = answer.isSuccess() ? "" : answer.reason();
      return List.of(new Outcome(name, "DICOM", verdict, reason, answer.isSuccess(), ""));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (JsonNode item : items) {
      String label = items.size() == 1 ? name : name + " #" + (outcomes.size() + 1);
      JsonNode failure = first(item, FAILURE_REASON);
      String reason =
          failure.isMissingNode() ? "" : "failure reason %04XH".formatted(failure.asInt());
      String instance = first(item, SOP_INSTANCE).asText("");
      outcomes.add(new Outcome(label, "DICOM", verdict, reason, failure.isMissingNode(), instance));
    }
    return outcomes;
  }

  private static JsonNode first(JsonNode item, String attribute) {
    return item.path(attribute).path("Value").path(0);
  }

  private List<Outcome> epcisEvent(String name, MessageFile.EpcisEvent event) {
    try {
      NodeClient.Answer answer =
          client.post("/epcis/events", "application/json", event.bytes().unsafeArray());
      String id = answer.json().path("eventID").asText(first(event.eventIds()));
      String reason = answer.isSuccess() ? "" : answer.reason();
      return List.of(
          new Outcome(name, "EPCIS", "HTTP " + answer.status(), reason, answer.isSuccess(), id));
    } catch (IOException e) {
      return List.of(new Outcome(name, "EPCIS", "no answer", e.toString(), false, ""));
    }
  }

  private List<Outcome> epcisDocument(String name, MessageFile.EpcisDocument document) {
    try {
      long before = newestMessage();
      NodeClient.Answer answer =
          client.post("/epcis/capture", document.mediaType(), document.bytes().unsafeArray());
      if (!answer.isSuccess()) {
        return List.of(
            new Outcome(name, "EPCIS", "HTTP " + answer.status(), answer.reason(), false, ""));
      }
      Optional<JsonNode> job = finishedJob(answer.location());
      boolean success = job.map(j -> j.path("success").asBoolean(true)).orElse(true);
      String reason = success ? "" : job.map(j -> j.path("errors").toString()).orElse("");
      List<String> ids = new ArrayList<>(document.eventIds());
      if (ids.isEmpty()) {
        ids.addAll(eventIdsSince(before));
      }
      List<Outcome> outcomes = new ArrayList<>();
      String verdict = "HTTP " + answer.status();
      for (int i = 0; i < Math.max(1, ids.size()); i++) {
        String label = ids.size() < 2 ? name : name + " #" + (i + 1);
        String id = i < ids.size() ? ids.get(i) : "";
        outcomes.add(new Outcome(label, "EPCIS", verdict, reason, success, id));
      }
      return outcomes;
    } catch (IOException e) {
      return List.of(new Outcome(name, "EPCIS", "no answer", e.toString(), false, ""));
    }
  }

  // EPCIS 2.0 section 12.6.3: a capture job says when it has ended and whether it succeeded.
  private Optional<JsonNode> finishedJob(String location) throws IOException {
    if (location.isEmpty()) {
      return Optional.empty();
    }
    String path = location.replaceFirst("^https?://[^/]+", "");
    long deadline = System.nanoTime() + JOB_PATIENCE.toNanos();
    while (true) {
      NodeClient.Answer answer = client.get(path);
      if (!answer.isSuccess()) {
        return Optional.empty();
      }
      if (!answer.json().path("running").asBoolean(false)) {
        return Optional.of(answer.json());
      }
      if (System.nanoTime() - deadline > 0) {
        return Optional.empty();
      }
      Pause.milliseconds(200);
    }
  }

  private long newestMessage() throws IOException {
    return client
        .get("/api/messages?limit=1")
        .json()
        .path("items")
        .path(0)
        .path("sequence")
        .asLong();
  }

  // Events without an eventID get their hash as one (EPCIS 2.0 section 8.9.2): the node's journal
  // says it, as nobody else sends here while the tool does.
  private List<String> eventIdsSince(long before) throws IOException {
    List<String> ids = new ArrayList<>();
    client
        .get("/api/messages?inlet=epcis&limit=100")
        .json()
        .path("items")
        .forEach(
            message -> {
              if (message.path("sequence").asLong() > before) {
                ids.add(0, message.path("externalId").asText());
              }
            });
    return ids;
  }

  private static String first(List<String> ids) {
    return ids.isEmpty() ? "" : ids.get(0);
  }

  /**
   * Waits until the records are final at all members.
   *
   * @return block height by member for each external id; a member without it is left out
   */
  static Map<String, Map<String, Long>> awaitFinality(
      Installation installation, List<String> externalIds, Duration patience) {
    Map<String, Map<String, Long>> heights = new HashMap<>();
    externalIds.forEach(id -> heights.put(id, new HashMap<>()));
    List<MemberHome> running =
        installation.memberHomes().stream().filter(home -> home.node().isPresent()).toList();
    Pause.until(
        () -> {
          boolean complete = true;
          for (MemberHome home : running) {
            for (String id : externalIds) {
              if (!heights.get(id).containsKey(home.id())) {
                height(home, id).ifPresent(height -> heights.get(id).put(home.id(), height));
                complete &= heights.get(id).containsKey(home.id());
              }
            }
          }
          return complete;
        },
        patience,
        200);
    return heights;
  }

  private static Optional<Long> height(MemberHome home, String externalId) {
    try {
      return new NodeClient(home)
          .entries(externalId).stream()
              .filter(entry -> entry.path("status").asText().equals("final"))
              .map(entry -> entry.path("height").asLong())
              .findFirst();
    } catch (IOException | ToolFailure notNow) {
      return Optional.empty();
    }
  }
}
