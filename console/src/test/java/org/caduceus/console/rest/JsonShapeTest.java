package org.caduceus.console.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.caduceus.console.fixture.SampleConsortium;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.Standing;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.GovernanceKey;
import org.caduceus.ledger.query.CutOff;
import org.caduceus.ledger.query.EntryView;
import org.caduceus.ledger.query.NodeStatus;
import org.caduceus.ledger.query.Participation;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.caduceus.ledger.receipt.ReceiptVerifier;
import org.caduceus.ledger.receipt.Verification;
import org.junit.jupiter.api.Tag;
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

  @Test
  @Tag("6.1c")
  void institutionsAreListedWithWhatTheRegisterHolds() {
    JsonObject json = json(InstitutionsJson.of(sample.participation()));
    assertEquals(
        Set.of("member", "epoch", "mode", "seats", "quorum", "stateRoot", "elections", "items"),
        json.keySet());
    assertEquals(
        block.block().header().stateRoot().toHex(), json.getString("stateRoot"), "as in headers");
    JsonObject elections = json.getJsonObject("elections");
    assertEquals(3, elections.getInt("committee"));
    assertEquals(5_000, elections.getInt("dueHeight"));
    assertEquals(
        "[\"hospital-a\",\"insurer-d\",\"regulator-c\"]", elections.get("elected").toString());
    List<JsonObject> items = json.getJsonArray("items").getValuesAs(JsonObject.class);
    assertEquals(
        List.of("clinic-f", "hospital-a", "insurer-d", "pharmacy-b", "regulator-c", "supplier-e"),
        items.stream().map(item -> item.getString("id")).toList());
    assertEquals(
        Set.of(
            "id",
            "category",
            "part",
            "suspended",
            "weight",
            "countedWeight",
            "candidate",
            "electedWith",
            "linkKey",
            "governanceKey"),
        items.get(1).keySet());
    assertEquals("hospital-a", items.get(0).getString("delegate"));
    assertEquals("LEARNER", items.get(0).getString("part"));
    assertEquals("MEMBER", items.get(1).getString("part"));
    assertEquals(12, items.get(1).getInt("weight"));
    assertEquals(3, items.get(1).getInt("countedWeight"));
    assertEquals(5, items.get(1).getInt("electedWith"));
    assertEquals(true, items.get(5).getBoolean("suspended"));
    assertEquals(0, items.get(5).getInt("countedWeight"));
    assertEquals(
        sample.config().members().getFirst().linkKey().toHex(), items.get(1).getString("linkKey"));
    assertEquals(
        GovernanceKey.fingerprint(Suite.ES256, sample.config().members().getFirst().governanceKey())
            .toHex(),
        items.get(1).getString("governanceKey"));
  }

  @Test
  void withoutElectionsNothingOfThemIsThere() {
    JsonObject json =
        json(
            InstitutionsJson.of(
                new Participation(
                    "hospital-a", Constitution.of(sample.config()), Optional.empty())));
    assertEquals(
        Set.of("member", "epoch", "mode", "seats", "quorum", "stateRoot", "items"), json.keySet());
    JsonObject item = json.getJsonArray("items").getJsonObject(0);
    assertFalse(item.containsKey("electedWith") || item.containsKey("delegate"), item.toString());
  }

  @Test
  void aDiagnosisSaysWhomThisNodeCutOff() {
    Standing standing =
        new Standing(
            Standing.Mood.RESTS,
            7,
            "pharmacy-b",
            OptionalLong.empty(),
            500,
            3,
            0,
            1_700_000_000_000L,
            List.of(seat("hospital-a"), seat("pharmacy-b")),
            List.of(new Standing.Finding(Standing.Cause.RESTS, List.of(), List.of(3L), "")));
    CutOff cut = new CutOff(1_700_000_030_000L, CutOff.Offence.MALFORMED, 61);
    JsonObject json =
        json(
            DiagnosisJson.of(
                standing,
                List.of(
                    peer("hospital-a", Optional.empty()), peer("pharmacy-b", Optional.of(cut)))));
    List<JsonObject> members = json.getJsonArray("members").getValuesAs(JsonObject.class);
    assertFalse(members.get(0).containsKey("cutOff"));
    JsonObject shown = members.get(1).getJsonObject("cutOff");
    assertEquals(Set.of("until", "offence", "count", "reason"), shown.keySet());
    assertEquals("2023-11-14T22:13:50Z", shown.getString("until"));
    assertEquals(
        "it sent 61 messages within 60 s that are none, or of no known kind",
        shown.getString("reason"));
  }

  private static Standing.Seat seat(String id) {
    return new Standing.Seat(
        id, false, Standing.State.VOTES, 1_700_000_000_000L, 3, 0, Optional.empty());
  }

  private static NodeStatus.Peer peer(String id, Optional<CutOff> cutOff) {
    return new NodeStatus.Peer(
        id, false, 1_700_000_000_000L, 3, true, Optional.empty(), 61, cutOff);
  }

  private static JsonObject json(Object value) {
    String text = new JsonForm().getContext(value.getClass()).toJson(value);
    try (var reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }
}
