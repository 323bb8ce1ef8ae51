package org.caduceus.deploy.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.GovernanceKey;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.Register;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What officers' hands do, at a node that may lie: a small web server says what the test wants. */
class OperatorTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private final List<String> posted = new ArrayList<>();
  private final StringWriter err = new StringWriter();
  private final MembershipChange remove = new MembershipChange.RemoveMember("member-c");
  private EpochConfig config;
  private Path key;
  private HttpServer node;
  private ObjectNode agenda;

  @BeforeEach
  void startNode() throws Exception {
    key = keyFile("key.pem");
    List<Member> members = new ArrayList<>();
    for (String id : List.of("member-a", "member-b", "member-c")) {
      Path file = id.equals("member-a") ? key : keyFile(id + ".pem");
      Bytes point = GovernanceKey.ofPem(Suite.ES256, Files.readString(file)).publicKey();
      members.add(new Member(id, point, point, point, Hash.ZERO, Hash.ZERO));
    }
    config =
        new EpochConfig(
            Hash.ZERO,
            1,
            EpochConfig.Mode.TEE_1P,
            Suite.ES256,
            16,
            1_000,
            8_000,
            100,
            100_000,
            AssuranceTier.SIMULATED,
            0,
            members,
            List.of());
    agenda = agendaOf(remove, remove);
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext("/api/governance", this::governance);
    node.createContext("/api/status", exchange -> answer(exchange, status()));
    node.createContext(
        "/api/diagnosis", exchange -> answer(exchange, status().put("mood", "MOVES")));
    node.createContext("/api/institutions", exchange -> answer(exchange, institutions()));
    node.createContext("/api/epochs", exchange -> answer(exchange, epochs()));
    node.start();
  }

  @AfterEach
  void stopNode() {
    node.stop(0);
  }

  private Path keyFile(String name) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    String base64 =
        Base64.getMimeEncoder()
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
  }

  private ObjectNode agendaOf(MembershipChange asked, MembershipChange shown) {
    Bytes toSign = Ballot.signedBytes(config.hash(), asked);
    ObjectNode root = JSON.createObjectNode();
    root.put("member", "member-a").put("automatic", false).put("epoch", 1);
    root.put("configHash", config.hash().toHex()).put("suite", "ES256");
    root.put(
        "register", Base64.getEncoder().encodeToString(Register.of(config).encode().toArray()));
    root.put("governanceKey", config.members().getFirst().governanceKey().toHex());
    ObjectNode matter = root.putArray("matters").addObject();
    matter.put("id", Hash.sha256(toSign.toArray()).toHex()).put("kind", "REMOVE_MEMBER");
    matter.put("needed", 2).put("own", "WANTED");
    matter.putArray("signers").addObject().put("member", "member-a").put("state", "MISSING");
    matter.put("change", Base64.getEncoder().encodeToString(shown.encode().toArray()));
    return root;
  }

  private JsonNode epochs() {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode items = root.putArray("items");
    items
        .addObject()
        .put(
            "proof",
            Base64.getEncoder().encodeToString(EpochProof.genesis(config).encode().toArray()));
    return root;
  }

  private void governance(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("POST")) {
      posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      answer(exchange, JSON.createObjectNode().put("entryId", "00"));
    } else {
      answer(exchange, agenda);
    }
  }

  private static void answer(HttpExchange exchange, JsonNode body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static ObjectNode status() {
    ObjectNode root = JSON.createObjectNode();
    root.put("member", "member-a").put("voting", true);
    ArrayNode members = root.putArray("members");
    members.addObject().put("id", "member-b").put("connected", true);
    ObjectNode cut = members.addObject().put("id", "member-c").putObject("cutOff");
    cut.put("until", "2027-03-01T12:34:00Z").put("reason", "it sent 61 messages that are none");
    return root;
  }

  private static JsonNode institutions() {
    ObjectNode root = JSON.createObjectNode();
    root.put("member", "member-a").put("epoch", 4).put("mode", "TEE_1P");
    root.put("seats", 1).put("quorum", 1).put("stateRoot", "5a".repeat(32));
    ArrayNode items = root.putArray("items");
    ObjectNode member = items.addObject().put("id", "member-a").put("category", "HOSPITAL");
    member.put("part", "MEMBER").put("suspended", false);
    member.put("weight", 12).put("countedWeight", 3).put("electedWith", 5);
    ObjectNode learner = items.addObject().put("id", "clinic-f").put("category", "HOSPITAL");
    learner.put("part", "LEARNER").put("suspended", false).put("delegate", "member-a");
    learner.put("weight", 2).put("countedWeight", 2).put("electedWith", 0);
    ObjectNode suspended = items.addObject().put("id", "supplier-e").put("category", "SUPPLIER");
    suspended.put("part", "LEARNER").put("suspended", true);
    suspended.put("weight", 4).put("countedWeight", 0).put("electedWith", 0);
    ObjectNode elections = root.putObject("elections").put("committee", 3);
    elections.put("epochBlocks", 5_000).put("dueHeight", 15_204);
    elections.putArray("elected").add("member-a").add("insurer-d");
    return root;
  }

  private String said(String... arguments) throws IOException {
    PrintStream console = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertEquals(0, run(arguments));
    } finally {
      System.setOut(console);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private int run(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    Path token = Files.writeString(folder.resolve("token"), "T\n");
    all.addAll(List.of("--node", "http://127.0.0.1:" + node.getAddress().getPort()));
    all.addAll(List.of("--token-file", token.toString()));
    CommandLine commandLine = Operator.commandLine();
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(all.toArray(String[]::new));
  }

  private String id() {
    return agenda.path("matters").path(0).path("id").asText().substring(0, 12);
  }

  @Test
  void anOfficerSignsWhatIsShown() throws Exception {
    assertEquals(0, run("governance", "approve", "--key", key.toString(), "--yes", id()));
    JsonNode ballot = JSON.readTree(posted.getFirst());
    Bytes signature = Bytes.wrap(Base64.getDecoder().decode(ballot.path("signature").asText()));
    assertTrue(
        SignatureVerifier.of(Suite.ES256)
            .verifies(
                config.members().getFirst().governanceKey(),
                Ballot.signedBytes(config.hash(), remove),
                signature));
  }

  @Test
  void nothingIsSignedForANodeThatShowsOneThingAndAsksForAnother() throws Exception {
    agenda = agendaOf(remove, new MembershipChange.RemoveMember("member-b"));
    assertEquals(1, run("governance", "approve", "--key", key.toString(), "--yes", id()));
    assertEquals(List.of(), posted);
    assertTrue(err.toString().contains("nothing was signed"), err.toString());
  }

  @Test
  void anotherInstitutionsKeySignsNothing() throws Exception {
    Path other = folder.resolve("member-b.pem");
    assertEquals(1, run("governance", "approve", "--key", other.toString(), "--yes", id()));
    assertEquals(List.of(), posted);
  }

  @Test
  void aChangeThatChangesNothingIsNotProposed() throws Exception {
    String[] gone = {"propose", "remove-member", "nobody", "--key", key.toString(), "--yes"};
    assertEquals(1, run(gone));
    assertEquals(1, run("propose", "set-rules", "--key", key.toString(), "--yes"));
    assertEquals(List.of(), posted);
  }

  @Test
  void aProposalIsTheFirstBallot() throws Exception {
    assertEquals(
        0, run("propose", "set-rules", "--timeout-ms", "2000", "--key", key.toString(), "--yes"));
    MembershipChange change =
        MembershipChange.decode(
            Base64.getDecoder().decode(JSON.readTree(posted.getFirst()).path("change").asText()));
    assertEquals(
        2_000,
        change.appliedTo(Constitution.of(config), List.of()).orElseThrow().config().timeoutMs());
    assertEquals(
        config.members(),
        change.appliedTo(Constitution.of(config), List.of()).orElseThrow().config().members());
  }

  @Test
  void anotherModeIsProposedWhereItIsPossible() throws Exception {
    String[] mode = {"propose", "set-mode", "bft-2p", "--key", key.toString(), "--yes"};
    assertEquals(1, run(mode), "three members bear no fault in BFT-2P");
    assertEquals(List.of(), posted);
    List<Member> four = new ArrayList<>(config.members());
    Bytes point = GovernanceKey.ofPem(Suite.ES256, Files.readString(keyFile("d.pem"))).publicKey();
    four.add(new Member("member-d", point, point, point, Hash.ZERO, Hash.ZERO));
    config = config.with(1, four);
    agenda = agendaOf(remove, remove);
    assertEquals(0, run(mode));
    assertEquals(
        new MembershipChange.SetMode(EpochConfig.Mode.BFT_2P),
        MembershipChange.decode(
            Base64.getDecoder().decode(JSON.readTree(posted.getFirst()).path("change").asText())));
    assertEquals(2, run("propose", "set-mode", "raft", "--key", key.toString(), "--yes"));
  }

  @Test
  void whoAnnouncedNoKeyIsNamed() throws Exception {
    ObjectNode keys = ((ObjectNode) agenda.path("matters").path(0)).putObject("keys");
    keys.put("needed", 3).putArray("announced").add("member-a").add("member-b");
    keys.putArray("missing").add("member-c").add("member-d");
    String text = said("governance", "list");
    assertTrue(
        text.contains(
            "2 of 4 members announced a key, and 3 are needed; member-c, member-d did not"),
        text);
  }

  @Test
  void whoIsCutOffIsNamedWithTheReason() throws Exception {
    for (String command : List.of("status", "diagnose")) {
      String said = said(command);
      assertTrue(
          said.contains(
              "member-c is cut off until 2027-03-01T12:34:00Z: it sent 61 messages that are none"),
          said);
      assertEquals(1, said.split("is cut off", -1).length - 1, said);
    }
  }

  @Test
  void programsAreToldOfACutInTheDiagnosisItself() throws Exception {
    JsonNode diagnosis = JSON.readTree(said("diagnose", "--json"));
    assertEquals(
        "it sent 61 messages that are none",
        diagnosis.path("members").path(1).path("cutOff").path("reason").asText());
  }

  @Test
  @Tag("6.1c")
  void whoTakesPartIsListedWithWhatItsWeightCounts() throws Exception {
    List<String> lines = said("institutions").lines().toList();
    assertEquals(
        List.of(
            "epoch 4, TEE_1P: 1 with a seat, of which 1 decide; 2 without; 1 suspended",
            "state root " + "5a".repeat(32),
            "committee of 3, elected every 5000 blocks at most, next at height 15204",
            "if elected now: member-a, insurer-d",
            "INSTITUTION  KIND      PART       WEIGHT  COUNTS  ELECTS    VOTES",
            "member-a     hospital  seat       12      3       itself    5",
            "clinic-f     hospital  follows    2       2       member-a  0",
            "supplier-e   supplier  SUSPENDED  4       0       itself    0"),
        lines);
    assertEquals(institutions(), JSON.readTree(said("institutions", "--json")));
    assertTrue(said("institutions", "--help").contains("who would have a seat"));
  }

  @Test
  void exitCodesTellWhatHappened() throws Exception {
    assertEquals(0, run("governance", "list", "--json"));
    assertEquals(2, run("governance"));
    assertEquals(2, run("governance", "approve", "ab"));
    node.stop(0);
    assertEquals(3, run("governance", "list"));
  }
}
