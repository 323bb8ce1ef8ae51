package org.caduceus.adapters.hl7v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.parser.ParserConfiguration;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Canonical;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.junit.jupiter.api.Test;

/**
 * Goal: real messages are read as they are meant. Method: every HL7 file below the folder that the
 * system property {@code corpora} names has an outcome; files that are HL7 messages are taken but
 * for a few with known faults; and where HAPI can read a message, both read the same.
 */
class CorpusTest {
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private int messages;
  private int taken;
  private int compared;

  @Test
  void realMessagesAreTakenAndReadAsHapiReadsThem() throws Exception {
    List<Path> files = files();
    PipeParser oracle =
        new DefaultHapiContext(
                new ParserConfiguration(),
                ValidationContextFactory.noValidation(),
                new GenericModelClassFactory())
            .getPipeParser();
    for (Path file : files) {
      Interchange interchange = Interchange.of(Bytes.wrap(Files.readAllBytes(file)));
      for (Bytes message : interchange.messages()) {
        check(file, message, oracle);
      }
    }
    System.out.println(
        "HL7 corpora: "
            + files.size()
            + " files, "
            + messages
            + " messages, "
            + taken
            + " taken, "
            + compared
            + " compared with HAPI; "
            + outcomes);
    assertTrue(taken > 150, "Expected nearly all real messages to be taken, but got " + taken);
    assertTrue(compared > 150, "Expected HAPI to read nearly all of them, but got " + compared);
  }

  private void check(Path file, Bytes message, PipeParser oracle) throws HL7Exception {
    messages++;
    Reading reading = new Hl7v2Adapter().read(Samples.raw(message));
    switch (reading.outcome()) {
      case Canonical(CanonicalRecord record) -> {
        taken++;
        outcomes.merge(record.kind(), 1, Integer::sum);
        assertEquals(message, record.payload());
        compare(file, record, oracle);
      }
      case Refused refused -> {
        outcomes.merge("refused " + refused.code() + " " + refused.location(), 1, Integer::sum);
        System.out.println(
            "  refused " + refused.code() + " " + refused.location() + " " + file.getFileName());
      }
    }
  }

  private void compare(Path file, CanonicalRecord record, PipeParser oracle) throws HL7Exception {
    String text =
        new String(record.payload().toArray(), Charset.forName(record.metadata().get("charset")))
            .replace("\ufeff", "")
            .replaceAll("[\r\n]+", "\r")
            .strip();
    Message parsed;
    try {
      parsed = oracle.parse(text);
    } catch (HL7Exception e) {
      return;
    }
    compared++;
    Terser terser = new Terser(parsed);
    assertEquals(value(terser, "/.MSH-10"), record.externalId(), file.toString());
    assertEquals(
        firstComponent(record, "patientId", text), value(terser, "/.PID-3-1"), file.toString());
    assertEquals(
        firstComponent(record, "visit", text), value(terser, "/.PV1-19-1"), file.toString());
    if (record.kind().equals("hl7v2.oru")) {
      assertEquals(
          firstComponent(record, "fillerOrder", text), value(terser, "/.OBR-3-1"), file.toString());
    }
  }

  private static String value(Terser terser, String path) {
    try {
      String value = terser.get(path);
      return value == null || value.equals(Hl7v2Message.NULL) ? "" : value;
    } catch (HL7Exception e) {
      return "";
    }
  }

  private static String firstComponent(CanonicalRecord record, String name, String text) {
    if (!record.committed().containsKey(name)) {
      return "";
    }
    String value = Samples.text(record.committed().get(name));
    for (char separator : new char[] {text.charAt(4), text.charAt(7)}) {
      int end = value.indexOf(separator);
      value = end < 0 ? value : value.substring(0, end);
    }
    return value;
  }

  private static List<Path> files() throws IOException {
    Path corpora = Path.of(System.getProperty("corpora", "no folder given"));
    if (!Files.isDirectory(corpora)) {
      System.err.println("SKIPPED: no HL7 corpora at -Dcorpora=" + corpora);
    }
    assumeTrue(Files.isDirectory(corpora), "No corpora at " + corpora);
    try (Stream<Path> all = Files.walk(corpora)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> corpora.relativize(file).getName(0).toString().startsWith("hl7-"))
          .sorted()
          .toList();
    }
  }
}
