package org.caduceus.adapters.epcis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.junit.jupiter.api.Test;

/**
 * Our verdicts beside those of the schema that GS1 published, over its examples and over seeded
 * damages to them ({@code -Dseed}). Where we are stricter, the reason must be one of the rules that
 * a schema cannot say; where we are milder there must be no case at all.
 */
class SchemaAgreementTest {
  private static final int DAMAGES_PER_EXAMPLE = 60;
  private static final long SEED = Long.getLong("seed", 20_260_301L);

  /** Rules of ours beyond GS1's schema, by their sentences. */
  private static final List<String> STRICTER =
      List.of(
          // EPCIS 2.0 section 10.4: a prefix without a namespace means nothing.
          "Expected the namespace of an extension in @context",
          // Section 10.4: bare property names have their meaning from this context alone.
          "Expected the EPCIS context",
          // Section 7.4.1: an eventID names one event.
          "Expected an eventID of its own",
          "Expected an eventID of 1 to",
          // JSON came with version 2.
          "Expected version 2 of EPCIS",
          // The format knows leap seconds, ten decimals and more; a point in time does not.
          "Expected a point in time");

  private final EpcisAdapter adapter = new EpcisAdapter();
  private final JsonMapper mapper = new JsonMapper();

  @Test
  void verdictsAgreeWithTheSchemaOfGs1() throws IOException {
    JsonSchema theirs =
        JsonSchemaFactory.getInstance(VersionFlag.V7)
            .getSchema(
                mapper.readTree(
                    Corpora.read(
                        Corpora.folder("epcis-gs1-schema").resolve("EPCIS-JSON-Schema.json"))),
                SchemaValidatorsConfig.builder().failFast(true).build());
    Mutations mutations = new Mutations(SEED);
    int compared = 0;
    int agreed = 0;
    int valid = 0;
    Map<String, Integer> stricter = new TreeMap<>();
    Map<String, String> unexplained = new TreeMap<>();
    Map<String, String> milder = new TreeMap<>();
    for (Path file : Corpora.files("epcis-gs1-json", name -> name.endsWith(".jsonld"))) {
      JsonNode example = mapper.readTree(Corpora.read(file));
      for (int i = 0; i <= DAMAGES_PER_EXAMPLE; i++) {
        JsonNode document = i == 0 ? example : mutations.of(example);
        boolean theyAccept = theirs.validate(document).isEmpty();
        Capture ours =
            adapter.capture(Bytes.wrap(document.toString().getBytes(StandardCharsets.UTF_8)));
        compared++;
        valid += theyAccept ? 1 : 0;
        switch (ours) {
          case Capture.Events events -> {
            if (theyAccept) {
              agreed++;
            } else {
              milder.put(
                  file.getFileName() + " #" + i,
                  theirs.validate(document).iterator().next().getMessage());
            }
          }
          case Capture.Rejected rejected -> {
            String reason = rejected.refusal().reason();
            if (!theyAccept) {
              agreed++;
            } else if (STRICTER.stream().anyMatch(reason::startsWith)) {
              stricter.merge(reason, 1, Integer::sum);
            } else {
              unexplained.put(
                  file.getFileName() + " #" + i, rejected.refusal().location() + " " + reason);
            }
          }
        }
      }
    }
    System.out.printf(
        "schema: %d documents (%d valid by GS1), %d verdicts agree (%.2f %%), stricter %s,"
            + " milder %d%n",
        compared, valid, agreed, 100.0 * agreed / compared, stricter, milder.size());
    assertEquals(Map.of(), unexplained, "stricter for no reason we know; seed " + SEED);
    assertEquals(Map.of(), milder, "milder than GS1; seed " + SEED);
    assertTrue(compared > 2_000);
  }
}
