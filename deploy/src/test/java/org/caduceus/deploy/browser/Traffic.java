package org.caduceus.deploy.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.MllpClient;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.Project;
import org.caduceus.deploy.cluster.SharedConsortium;
import org.caduceus.deploy.load.SampleMessages;

/**
 * What the hospital's systems sent before the visitors came, once for all specs: admissions and
 * results in several blocks, one message that is refused, one CT instance.
 */
public final class Traffic {
  // Messages that arrive together, again and again: blocks of different sizes, as in a quiet hour.
  private static final List<Integer> BURSTS = List.of(1, 3, 1, 2, 5, 1, 1, 4, 2, 1, 6, 2, 3, 1, 2);
  private static final int PAUSE_MS = 300;
  private static final int ANSWER_MS = 30_000;
  private static final Duration FINALITY = Duration.ofMinutes(1);
  private static final String SAMPLE_INSTANCE = "2.25.118230945517640921583347218060993125301";
  private static final String SAMPLE_REFUSED = "ER-20260105-000199";

  private static Traffic sent;

  private final MemberHome home =
      SharedConsortium.get().installation().memberHome(SharedConsortium.HOSPITAL);
  private final NodeClient client = new NodeClient(home);
  private final String run = Long.toString(System.currentTimeMillis(), 36).toUpperCase(Locale.ROOT);
  private final SampleMessages messages = new SampleMessages(new Random(1));
  private final List<String> accepted = new ArrayList<>();
  private final String refused = "REFUSED-" + run;
  private final String instance = "2.25." + new BigInteger(100, new SecureRandom());
  private final Executor senders = task -> Thread.ofVirtual().start(task);
  private int next;

  private Traffic() throws IOException {
    for (int size : BURSTS) {
      sendTogether(size);
      Pause.milliseconds(PAUSE_MS);
    }
    sendRefused();
    sendInstance();
    for (String externalId : List.of(accepted.getFirst(), accepted.getLast(), instance)) {
      assertTrue(
          Pause.until(() -> entry(externalId).map(Traffic::isFinal).orElse(false), FINALITY, 200),
          () -> "expected " + externalId + " to become final");
    }
  }

  /** The traffic, sent by the first call. */
  public static synchronized Traffic sent() {
    try {
      if (sent == null) {
        sent = new Traffic();
      }
      return sent;
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to send samples to the node, but failed", e);
    }
  }

  /** Sends one more message by MLLP; its MSH-10. */
  public String send() {
    sendTogether(1);
    return accepted.getLast();
  }

  private void sendTogether(int size) {
    Map<String, CompletableFuture<MllpClient.Acknowledgement>> answers = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      String id = "MSG-" + run + "-" + next++;
      byte[] message = next % 3 == 0 ? messages.results(id) : messages.admission(id);
      answers.put(id, CompletableFuture.supplyAsync(() -> exchange(message), senders));
    }
    answers.forEach(
        (id, answer) -> {
          assertTrue(answer.join().isPositive(), () -> "expected AA for " + id);
          accepted.add(id);
        });
  }

  /** MSH-10 of an accepted message. */
  public String admission() {
    return accepted.getFirst();
  }

  /** MSH-10 of a refused message. */
  public String refused() {
    return refused;
  }

  /** SOPInstanceUID of an accepted instance. */
  public String instance() {
    return instance;
  }

  /** The entry of an accepted message that is final. */
  public JsonNode finalEntry() {
    return entry(admission()).filter(Traffic::isFinal).orElseThrow();
  }

  /** The entry of an external id, as the web interface gives it. */
  public Optional<JsonNode> entry(String externalId) {
    try {
      return client.entries(externalId).stream().findFirst();
    } catch (IOException notNow) {
      return Optional.empty();
    }
  }

  private static boolean isFinal(JsonNode entry) {
    return entry.path("status").asText().equals("final");
  }

  private void sendRefused() throws IOException {
    Path sample = Project.locate().samples().resolve("hl7v2/refused/adt-without-patient.hl7");
    String text = Files.readString(sample).replace(SAMPLE_REFUSED, refused);
    MllpClient.Acknowledgement answer = exchange(text.getBytes(StandardCharsets.UTF_8));
    assertTrue(!answer.isPositive(), "expected a message without a patient to be refused");
  }

  private void sendInstance() throws IOException {
    Path sample = Project.locate().samples().resolve("dicom/ct-chest.json");
    String text = Files.readString(sample).replace(SAMPLE_INSTANCE, instance);
    String body =
        "--part\r\nContent-Type: application/dicom+json\r\n\r\n" + text + "\r\n--part--\r\n";
    NodeClient.Answer answer =
        client.post(
            "/dicomweb/studies",
            "multipart/related; type=\"application/dicom+json\"; boundary=part",
            body.getBytes(StandardCharsets.UTF_8));
    assertTrue(answer.isSuccess(), () -> "expected the instance to be stored: " + answer.reason());
  }

  private MllpClient.Acknowledgement exchange(byte[] message) {
    try (MllpClient mllp = new MllpClient(home.ports().mllp(), ANSWER_MS)) {
      return mllp.exchange(message);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected an acknowledgement, but failed", e);
    }
  }
}
