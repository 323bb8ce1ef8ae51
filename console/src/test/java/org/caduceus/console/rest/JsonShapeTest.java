package org.caduceus.console.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caduceus.console.fixture.SampleConsortium;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.query.EntryView;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.caduceus.ledger.receipt.ReceiptVerifier;
import org.caduceus.ledger.receipt.Verification;
import org.junit.jupiter.api.Test;

/** The wire format: a renamed field breaks somebody's program. */
class JsonShapeTest {
  private final SampleConsortium sample = new SampleConsortium();
  private final SignedEntry entry =
      sample.entry(0, "hl7v2.adt", "MSG1", 1_700_000_000_000L, Map.of("trigger", "A01"));
  private final CommittedBlock block =
      sample.append(
          1_700_000_000_500L,
          List.of(entry, sample.entry(1, "dicom.instance", "1.2", 1_700_000_000_001L, Map.of())),
          0,
          2);

  @Test
  void aFinalEntryHasAllItsFields() {
    JsonObject json =
        json(
            EntryJson.of(
                new EntryView(
                    entry,
                    Optional.of("MSG1"),
                    Optional.of(
                        new EntryView.Place(1, 0, block.block().hash(), 1_700_000_000_600L)))));
    assertEquals(
        Set.of(
            "id",
            "kind",
            "member",
            "author",
            "time",
            "contract",
            "metadata",
            "commitments",
            "lookupTag",
            "externalId",
            "status",
            "height",
            "index",
            "blockHash",
            "finalAt",
            "cose"),
        json.keySet());
    assertEquals("final", json.getString("status"));
    assertEquals("2023-11-14T22:13:20Z", json.getString("time"));
    assertEquals("A01", json.getJsonObject("metadata").getString("trigger"));
    assertEquals(64, json.getJsonObject("commitments").getString("payload").length());
  }

  @Test
  void aWaitingEntryLeavesOutWhatIsNotKnown() {
    JsonObject json = json(EntryJson.of(new EntryView(entry, Optional.empty(), Optional.empty())));
    assertEquals("waiting", json.getString("status"));
    assertEquals(
        Set.of(
            "id",
            "kind",
            "member",
            "author",
            "time",
            "contract",
            "metadata",
            "commitments",
            "lookupTag",
            "status",
            "cose"),
        json.keySet());
  }

  @Test
  void aReceiptCarriesEnoughToBeCheckedAgain() {
    EntryReceipt receipt = sample.receipt(block, 0);
    assertInstanceOf(
        Verification.Valid.class, new ReceiptVerifier(sample.config()).verify(receipt));
    JsonObject json = json(ReceiptJson.of(receipt, sample.config()));
    assertEquals(
        Set.of(
            "entryId",
            "entry",
            "leafIndex",
            "treeSize",
            "path",
            "header",
            "headerBytes",
            "blockHash",
            "descendants",
            "certificate",
            "registration",
            "epochConfigHash"),
        json.keySet());
    BlockHeader header =
        BlockHeader.decode(Base64.getDecoder().decode(json.getString("headerBytes")));
    assertEquals(receipt.header(), header);
    assertEquals(header.hash().toHex(), json.getString("blockHash"));
    byte[] cose = Base64.getDecoder().decode(json.getJsonObject("entry").getString("cose"));
    assertEquals(entry.id(), SignedEntry.decode(Bytes.wrap(cose)).id());
    var signers = json.getJsonObject("certificate").getJsonArray("signers");
    assertEquals(2, signers.size());
    assertEquals("regulator-c", signers.getJsonObject(1).getString("member"));
    assertEquals(2, signers.getJsonObject(1).getInt("index"));
    assertEquals(sample.config().hash().toHex(), json.getString("epochConfigHash"));
    assertEquals(
        List.of(receipt.path().getFirst().toHex()),
        json.getJsonArray("path").getValuesAs(jakarta.json.JsonString.class).stream()
            .map(jakarta.json.JsonString::getString)
            .toList());
  }

  @Test
  void genesisCanBeDecodedFromItsBytes() {
    JsonObject json = json(GenesisJson.of(sample.config()));
    EpochConfig again = EpochConfig.decode(Base64.getDecoder().decode(json.getString("encoded")));
    assertEquals(sample.config(), again);
    assertEquals(again.hash().toHex(), json.getString("configHash"));
    assertEquals("pharmacy-b", json.getJsonArray("members").getJsonObject(1).getString("id"));
  }

  private static JsonObject json(Object value) {
    String text = new JsonForm().getContext(value.getClass()).toJson(value);
    try (var reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }
}
