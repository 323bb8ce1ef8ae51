package org.caduceus.routes.epcis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.caduceus.adapters.epcis.Capture;
import org.caduceus.adapters.epcis.EpcisAdapter;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.intake.InletGateway.Answer;
import org.caduceus.ledger.intake.Submission;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * GS1's examples in XML through the route, master data and capture jobs among them: what the
 * adapter takes is answered with 202 and a job, all else with a problem in EPCIS's words.
 */
class XmlCorpusTest {
  @Test
  void everyExampleIsAnsweredAsTheAdapterJudgesIt() throws Exception {
    FakeLedger ledger = new FakeLedger();
    int taken = 0;
    int refused = 0;
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.disableJMX();
      context.addRoutes(new EpcisCaptureRoute(ledger, ledger));
      context.start();
      for (Path file : examples()) {
        boolean fits =
            new EpcisAdapter().captureXml(Bytes.wrap(Files.readAllBytes(file)))
                instanceof Capture.Events;
        Answer answer;
        try (InputStream body = Files.newInputStream(file)) {
          answer =
              context
                  .createProducerTemplate()
                  .requestBody(
                      "direct:epcis-capture",
                      new CaptureRequest("text/xml", body, new Submission("corpus", "192.0.2.1")),
                      Answer.class);
        }
        if (fits) {
          taken++;
          assertEquals(202, answer.status(), file + ": " + answer.body());
          assertTrue(answer.location().isPresent());
        } else {
          refused++;
          assertEquals(400, answer.status(), file.toString());
          assertTrue(answer.body().contains("epcisException:ValidationException"), answer.body());
        }
      }
    }
    System.out.println("capture by HTTP: " + taken + " XML files taken, " + refused + " refused");
    assertTrue(taken > 20, "taken: " + taken);
  }

  private static List<Path> examples() throws IOException {
    Path folder = Path.of(System.getProperty("corpora", "absent")).resolve("epcis-gs1-xml");
    if (!Files.isDirectory(folder)) {
      System.err.println("SKIPPED: the corpus epcis-gs1-xml is absent; set -Dcorpora=DIR");
    }
    Assumptions.assumeTrue(Files.isDirectory(folder), "corpus epcis-gs1-xml is absent");
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(".xml")).sorted().toList());
    }
  }
}
