package org.caduceus.adapters.epcis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.Canonicalisation;
import org.caduceus.ledger.record.Canonicalisation.Refused;
import org.caduceus.ledger.record.Inlet;
import org.caduceus.ledger.record.RawMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What strangers send: the answer is always a value, it never quotes the input, and reading costs a
 * bounded multiple of the input's size.
 */
class HostileInputTest {
  private final EpcisAdapter adapter = new EpcisAdapter();

  @Test
  void deepNestingIsRefused() {
    for (String opening : new String[] {"[", "{\"a\":", "[{\"a\":"}) {
      isRefused(Events.WITH_EXTENSION.formatted(opening.repeat(100_000)));
      isRefused(opening.repeat(1_000_000));
    }
  }

  @Test
  void nestingWithinTheBoundIsTaken() {
    assertInstanceOf(
        Capture.Events.class,
        capture(Events.WITH_EXTENSION.formatted("[".repeat(50) + "1" + "]".repeat(50))));
  }

  @Test
  void longStringsAreRefusedWithoutMuchMemory() {
    byte[] content =
        Events.WITH_EXTENSION
            .formatted("\"" + "x".repeat(7 * 1024 * 1024) + "\"")
            .getBytes(StandardCharsets.UTF_8);
    long allocated = allocatedBy(() -> isRefused(content));
    assertTrue(allocated < 6L * content.length, "allocated " + allocated);
  }

  @Test
  void moreBytesThanTheLimitAreRefusedUnread() {
    byte[] content = new byte[EpcisAdapter.MAX_BYTES + 1];
    Arrays.fill(content, (byte) '[');
    long allocated = allocatedBy(() -> isRefused(content));
    assertTrue(allocated < 1_000_000, "allocated " + allocated);
    Capture.Rejected rejected =
        assertInstanceOf(Capture.Rejected.class, adapter.capture(Bytes.wrap(content)));
    assertTrue(rejected.refusal().code().equals(Capture.LIMIT_EXCEEDED));
  }

  @Test
  void theWorstArrayStaysWithinBounds() {
    String many = "[" + "0,".repeat(1_500_000) + "0]";
    byte[] content = Events.WITH_EXTENSION.formatted(many).getBytes(StandardCharsets.UTF_8);
    long allocated = allocatedBy(() -> isRefused(content));
    assertTrue(allocated < 300_000_000, "allocated " + allocated);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e999999999",
        "1e-999999999",
        "1E101",
        "0.1e-2147483648",
        "1e99999999999999999999",
        "NaN",
        "Infinity",
        "-Infinity",
        "0x10",
        "01",
        "+1",
        ".5",
        "'single'",
        "undefined",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "{\"\\ud800\":1}",
        "\"\u0000\"",
        "\"\\x41\"",
        "1 // comment",
        "/* comment */ 1",
        "{\"a\":1,\"a\":1}",
        "[1,]",
        "{,}"
      })
  void whatIsNoPlainJsonIsRefused(String value) {
    isRefused(Events.WITH_EXTENSION.formatted(value));
  }

  @Test
  void numbersOfManyDigitsAreRefused() {
    isRefused(Events.WITH_EXTENSION.formatted("1".repeat(2_000_000)));
    isRefused(Events.WITH_EXTENSION.formatted("1." + "1".repeat(2_000_000)));
  }

  @Test
  void otherEncodingsAreRefused() {
    for (var charset :
        new java.nio.charset.Charset[] {
          StandardCharsets.UTF_16,
          StandardCharsets.UTF_16BE,
          StandardCharsets.UTF_16LE,
          java.nio.charset.Charset.forName("GB18030")
        }) {
      isRefused(Events.WITH_EXTENSION.formatted("\"国药\"").getBytes(charset));
    }
    isRefused(new byte[] {(byte) 0xC0, (byte) 0x80});
  }

  @Test
  void aByteOrderMarkDoesNoHarm() {
    assertInstanceOf(
        Capture.Events.class, capture("\uFEFF" + Events.WITH_EXTENSION.formatted("1")));
  }

  @Test
  void trailingTokensAreRefused() {
    isRefused(Events.WITH_EXTENSION.formatted("1") + "{}");
    isRefused(Events.WITH_EXTENSION.formatted("1") + " x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; DROP TABLE entries; --",
        "\" OR 1=1",
        "<script>alert(1)</script>",
        "${jndi:ldap://example.com/a}",
        "#{facesContext}",
        "%n%n%s",
        "{0}",
        "../../../../etc/passwd",
        "\r\nSet-Cookie: a=b"
      })
  void hostileTextIsOnlyText(String text) {
    String quoted = new com.fasterxml.jackson.databind.node.TextNode(text).toString();
    Capture.Events events =
        assertInstanceOf(Capture.Events.class, capture(Events.WITH_EXTENSION.formatted(quoted)));
    String payload =
        new String(events.records().getFirst().payload().toArray(), StandardCharsets.UTF_8);
    assertTrue(payload.contains(quoted), "kept as it is, in the payload only");
    assertFalse(events.records().getFirst().metadata().toString().contains(text));

    for (String name : new String[] {"bizStep", "action", "eventTime", "eventID", "type"}) {
      Capture capture = capture(Events.with(name, quoted));
      if (capture instanceof Capture.Rejected rejected) {
        assertFalse(rejected.toString().contains(text), name);
      }
    }
  }

  @Test
  void hostileNamesAreNotQuoted() {
    Capture.Rejected rejected =
        assertInstanceOf(
            Capture.Rejected.class, capture(Events.with("Zhang San 110101199003070011", "1")));
    assertFalse(rejected.toString().contains("Zhang"), rejected.toString());
    Capture.Rejected undeclared =
        assertInstanceOf(
            Capture.Rejected.class, capture(Events.with("zhang:110101199003070011", "1")));
    assertFalse(undeclared.toString().contains("1101"), undeclared.toString());
  }

  @Test
  void noDamageMakesItThrow() throws Exception {
    long seed = Long.getLong("seed", 42L);
    Mutations mutations = new Mutations(seed);
    JsonMapper mapper = new JsonMapper();
    JsonNode document = mapper.readTree(Events.EVERY_TYPE);
    JsonNode event = mapper.readTree(Events.ALONE);
    for (int i = 0; i < 4_000; i++) {
      answers(mutations.of(document).toString().getBytes(StandardCharsets.UTF_8));
      answers(mutations.of(event).toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void noBytesMakeItThrow() {
    SplittableRandom random = new SplittableRandom(Long.getLong("seed", 42L));
    byte[] original = Events.EVERY_TYPE.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 4_000; i++) {
      byte[] bytes = Arrays.copyOf(original, random.nextInt(original.length) + 1);
      for (int n = random.nextInt(6); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      answers(bytes);
    }
  }

  private void answers(byte[] content) {
    Capture capture = adapter.capture(Bytes.wrap(content));
    if (capture instanceof Capture.Rejected rejected) {
      isTelling(rejected.refusal());
    }
    Canonicalisation one =
        adapter.canonicalise(new RawMessage(Inlet.EPCIS, Bytes.wrap(content), ""));
    if (one instanceof Refused refused) {
      isTelling(refused);
    }
  }

  private Capture capture(String text) {
    return adapter.capture(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void isRefused(String text) {
    isRefused(text.getBytes(StandardCharsets.UTF_8));
  }

  private void isRefused(byte[] content) {
    isTelling(
        assertInstanceOf(Capture.Rejected.class, adapter.capture(Bytes.wrap(content))).refusal());
  }

  private static void isTelling(Refused refused) {
    assertTrue(refused.reason().startsWith("Expected "), refused.reason());
    assertTrue(refused.location().isEmpty() || refused.location().startsWith("/"));
    assertTrue(refused.location().length() < 400, "a pointer, not content");
    assertTrue(refused.reason().length() < 200, "a sentence, not content");
  }

  private static long allocatedBy(Runnable work) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
