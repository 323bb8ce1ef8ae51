package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store answer (PS3.18 annex I) says of each instance. */
class SenderTest {
  @Test
  void everyInstanceOfAnAnswerIsAnOutcome() {
    NodeClient.Answer answer =
        new NodeClient.Answer(
            202,
            """
            {"00081199":{"vr":"SQ","Value":[
              {"00081155":{"vr":"UI","Value":["1.2.1"]},"00081190":{"vr":"UR"}},
              {"00081155":{"vr":"UI","Value":["1.2.2"]},"00081190":{"vr":"UR"}}]},
             "00081198":{"vr":"SQ","Value":[
              {"00081155":{"vr":"UI","Value":["1.2.3"]},"00081197":{"vr":"US","Value":[273]}}]},
             "0008119A":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[42752]}}]}}""",
            "");
    assertEquals(
        List.of(
            new Outcome("ct.json #1", "DICOM", "HTTP 202", "", true, "1.2.1"),
            new Outcome("ct.json #2", "DICOM", "HTTP 202", "", true, "1.2.2"),
            new Outcome("ct.json #3", "DICOM", "HTTP 202", "failure reason 0111H", false, "1.2.3"),
            new Outcome("ct.json #4", "DICOM", "HTTP 202", "failure reason A700H", false, "")),
        Sender.instances("ct.json", answer));
  }

  @Test
  void oneInstanceNeedsNoNumber() {
    NodeClient.Answer answer =
        new NodeClient.Answer(
            200, "{\"00081199\":{\"Value\":[{\"00081155\":{\"Value\":[\"1.2.1\"]}}]}}", "");
    assertEquals(
        List.of(new Outcome("ct.dcm", "DICOM", "HTTP 200", "", true, "1.2.1")),
        Sender.instances("ct.dcm", answer));
  }

  @Test
  void aRefusalOfTheWholeRequestIsOneOutcomeInItsWords() {
    NodeClient.Answer answer =
        new NodeClient.Answer(
            415, "{\"title\":\"Unsupported Media Type\",\"detail\":\"Expected DICOM\"}", "");
    assertEquals(
        List.of(new Outcome("x", "DICOM", "HTTP 415", "Expected DICOM", false, "")),
        Sender.instances("x", answer));
  }
}
