package org.caduceus.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.hpke.HPKE;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.NewView;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.Statements;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.ResumeStatement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Java reads, writes and verifies what the enclave's C wrote: one format, two languages. */
class GoldenVectorsTest {
  private final Map<String, Bytes> vectors = read();
  private final EpochConfig config = EpochConfig.decode(bytes("config").toArray());
  private final Electorate electorate =
      new Electorate(config, SignatureVerifier.of(config.suite()));

  /** The suite's vectors. */
  String file() {
    return "enclave-vectors.txt";
  }

  Suite suite() {
    return Suite.ES256;
  }

  private Map<String, Bytes> read() {
    Map<String, Bytes> result = new HashMap<>();
    try (InputStream in = GoldenVectorsTest.class.getResourceAsStream("/vectors/" + file())) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#") && line.contains(" = ")) {
          String[] pair = line.split(" = ", 2);
          result.put(pair[0], Bytes.fromHex(pair[1].strip()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  final Bytes bytes(String name) {
    assertTrue(vectors.containsKey(name), "no vector " + name);
    return vectors.get(name);
  }

  final Hash hash(String name) {
    return Hash.of(bytes(name).toArray());
  }

  @Test
  void theConfigurationIsTheSame() {
    assertEquals(suite(), config.suite());
    assertEquals(bytes("config"), config.encode());
    assertEquals(hash("config.hash"), config.hash());
    byte[] leaders = bytes("leaders.0to40").toArray();
    for (int view = 0; view < leaders.length; view++) {
      assertEquals(leaders[view], config.leader(view), "leader of view " + view);
      assertEquals(leaders[view], electorate.leader(view), "leader of view " + view);
    }
  }

  @Test
  void headersAndWhatVotersSignAreTheSame() {
    for (String name : List.of("header", "header.last")) {
      BlockHeader header = BlockHeader.decode(bytes(name).toArray());
      assertEquals(bytes(name), header.encode());
      assertEquals(hash(name + ".hash"), header.hash());
      assertEquals(
          bytes(name + ".prop.bytes"), Statements.proposal(config.hash(), header, header.hash()));
      assertEquals(
          bytes(name + ".vote.bytes"),
          Statements.vote(
              config.hash(),
              1,
              header.epoch(),
              header.view(),
              header.height(),
              header.hash(),
              header.lastInEpoch()));
      assertTrue(electorate.proposed(header, header.hash(), bytes(name + ".prop.signature")));
    }
  }

  @Test
  void reportsCertificatesAndJustificationsAreTheSame() {
    for (String name : List.of("newView.0", "newView.2")) {
      NewView report = NewView.read(new Reader(bytes(name).toArray(), name));
      assertEquals(bytes(name), report.encode());
      assertEquals(
          bytes(name + ".bytes"), Statements.newView(config.hash(), config.epoch(), report));
      assertTrue(electorate.reported(report));
    }
    QuorumCertificate certificate = QuorumCertificate.decode(bytes("qc").toArray());
    assertEquals(bytes("qc"), certificate.encode());
    assertTrue(electorate.certified(certificate));
    for (String kind : List.of("anchor", "qc", "newViews")) {
      Bytes encoded = bytes("justification." + kind);
      assertEquals(encoded, Justification.decode(encoded.toArray()).encode());
    }
  }

  @Test
  void aLightClientFollowsTheColdStartsThatTheCoreEnters() {
    for (String start : List.of("coldStart", "coldStart.last")) {
      Reader in = new Reader(bytes(start + ".enterEpoch").toArray(), "chain");
      assertEquals(2, in.u16());
      EpochProof genesis = EpochProof.read(in);
      EpochProof next = EpochProof.read(in);
      in.end();
      assertEquals(bytes(start + ".config"), next.config().encode());
      EpochChain.Step step =
          EpochChain.next(
              EpochChain.Beginning.genesis(genesis.config()),
              next,
              SignatureVerifier.of(config.suite()));
      EpochChain.Beginning begun =
          assertInstanceOf(EpochChain.Step.Into.class, step, step::toString).next();
      assertEquals(hash(start + ".anchor"), begun.anchor());
      assertEquals(
          bytes(start + ".enterEpoch").length(),
          2 + genesis.encode().length() + next.encode().length());
    }
  }

  @Test
  void resumeStatementsAreTheSame() {
    SignatureVerifier verifier = SignatureVerifier.of(suite());
    for (String start : List.of("coldStart", "coldStart.last")) {
      for (int i = 0; i < 3; i++) {
        String name = start + ".statement." + i;
        ResumeStatement statement = ResumeStatement.decode(bytes(name));
        assertEquals(config.hash(), statement.configHash());
        assertEquals(i, statement.member());
        assertEquals(config.members().get(i).votingKey(), statement.formerKey());
        assertEquals(bytes("member." + i + ".newVotingKey"), statement.votingKey());
        assertEquals(bytes(name + ".bytes"), statement.signedBytes());
        assertTrue(
            verifier.verifies(
                statement.votingKey(), statement.signedBytes(), statement.signature()));
        boolean voted = i > 0 || start.endsWith("last");
        assertEquals(voted ? hash(start + ".anchor") : config.hash(), statement.votedHash(), name);
        assertEquals(start.endsWith("last"), statement.votedLast());
      }
    }
  }

  @Test
  void entriesAreTheSame() {
    assertEquals(bytes("entry"), LedgerEntry.decode(bytes("entry")).encode());
    SignedEntry signed = SignedEntry.decode(bytes("entry.cose"));
    assertEquals(hash("entry.id"), signed.id());
    assertEquals(hash("entry.merkleLeaf"), signed.leafHash());
    int member = config.indexOf(signed.entry().member()).orElseThrow();
    Bytes key = config.members().get(member).signingKey();
    assertTrue(signed.namesKey(suite(), key));
    assertTrue(
        SignatureVerifier.of(suite()).verifies(key, signed.signedBytes(), signed.signature()));
  }

  @Test
  void digestsAreTheSame() {
    Bytes key = bytes("member.0.votingKey");
    assertEquals(hash("member.0.votingKey.digest"), suite().digest(key, bytes("aead.plaintext")));
  }

  @Test
  void recordsAreEncryptedTheSame() throws Exception {
    assertEquals(
        Bytes.fromHex(bytes("aead.ciphertext").toHex() + bytes("aead.tag").toHex()),
        encrypt(bytes("aead.key"), bytes("aead.iv"), bytes("aead.aad"), bytes("aead.plaintext")));
    assertEquals(bytes("hmac"), hmac(bytes("aead.key"), bytes("aead.plaintext")));
  }

  /** Ciphertext and tag by another implementation than the enclave's. */
  Bytes encrypt(Bytes key, Bytes iv, Bytes aad, Bytes plaintext) throws Exception {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key.toArray(), "AES"),
        new GCMParameterSpec(128, iv.toArray()));
    cipher.updateAAD(aad.toArray());
    return Bytes.wrap(cipher.doFinal(plaintext.toArray()));
  }

  /** The suite's HMAC by another implementation. */
  Bytes hmac(Bytes key, Bytes message) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.toArray(), "HmacSHA256"));
    return Bytes.wrap(mac.doFinal(message.toArray()));
  }

  @Test
  @Tag("6.2c4")
  void treesAreTheSame() {
    for (int size : new int[] {0, 3, 5}) {
      List<Bytes> leaves =
          IntStream.range(0, size).mapToObj(i -> bytes("merkle.leaf." + i)).toList();
      MerkleTree tree = MerkleTree.of(leaves);
      assertEquals(hash("merkle.root." + size), tree.root());
      for (int i = 0; i < size; i++) {
        Hash leaf = MerkleTree.leafHash(leaves.get(i));
        assertEquals(hash("merkle.leaf." + i + ".hash"), leaf);
        assertEquals(tree.root(), MerkleTree.rootFrom(leaf, i, size, tree.path(i)));
      }
    }
  }

  @Test
  void worldStateHasTheSameRoot() {
    Map<Bytes, Bytes> values = new HashMap<>();
    for (int count = 0; count <= 3; count++) {
      assertEquals(hash("state.root." + count), StateTree.of(values).root());
      if (count < 3) {
        values.put(bytes("state." + count + ".key"), bytes("state." + count + ".value"));
      }
    }
  }

  /** The enclave's hybrid encryption is RFC 9180, as Bouncy Castle has it. */
  @Test
  void aMessageToAnExchangeKeyOpensElsewhereToo() throws Exception {
    HPKE hpke =
        new HPKE(HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    byte[] message = bytes("hpke.message").toArray();
    byte[] opened =
        hpke.open(
            Arrays.copyOf(message, 65),
            hpke.deserializePrivateKey(
                bytes("member.0.exchangeKey.private").toArray(),
                bytes("member.0.exchangeKey").toArray()),
            bytes("chainId").toArray(),
            bytes("hpke.aad").toArray(),
            Arrays.copyOfRange(message, 65, message.length),
            null,
            null,
            null);
    assertEquals(bytes("hpke.plaintext"), Bytes.of(opened));
  }
}
