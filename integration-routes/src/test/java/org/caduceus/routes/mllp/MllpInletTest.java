package org.caduceus.routes.mllp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every row of the framing probe over a real socket: what a peer may do and what it must get. */
class MllpInletTest {
  private static final int PAUSE_MS = 400;
  private static final int MAX_FRAME = 20_000;

  private final FakeIntake intake = new FakeIntake();
  private MllpServer server;
  private MllpClient client;

  @BeforeEach
  void start() throws Exception {
    server = new MllpServer(intake, intake, MllpServer.settings(0, MAX_FRAME, PAUSE_MS, 100));
    client = new MllpClient(server.port());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  static String adt(String controlId) {
    return "MSH|^~\\&|HIS|HOSP_A|LEDGER|INST_01|20260901083015+0800||ADT^A01^ADT_A01|"
        + controlId
        + "|P|2.5.1\rEVN|A01|20260901083015\rPID|1||MRN7^^^HOSP_A^MR||Muster^Eva\rPV1|1|I\r";
  }

  static String field(String message, String segment, int n) {
    for (String line : message.split("\r")) {
      if (line.startsWith(segment)) {
        String[] fields = line.split("\\|", -1);
        return n < fields.length ? fields[n] : "";
      }
    }
    return "no " + segment;
  }

  @Test
  void anAdmissionIsAccepted() throws Exception {
    String answer = client.ask(adt("C1"));
    assertEquals("AA", field(answer, "MSA", 1));
    assertEquals("C1", field(answer, "MSA", 2));
    assertEquals(List.of("hl7v2.adt"), intake.records.stream().map(r -> r.kind()).toList());
    assertTrue(intake.submissions.get(0).author().equals("inlet:mllp"));
  }

  @Test
  void fiveFramesInOneWriteAreAllAnsweredInOrder() throws Exception {
    client.write(
        MllpClient.frame(adt("P1")),
        MllpClient.frame(adt("P2")),
        MllpClient.frame(adt("P3")),
        MllpClient.frame(adt("P4")),
        MllpClient.frame(adt("P5")));
    for (String id : List.of("P1", "P2", "P3", "P4", "P5")) {
      assertEquals(id, field(client.read(), "MSA", 2));
    }
    assertEquals(5, intake.records.size());
  }
}
