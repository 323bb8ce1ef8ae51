package org.caduceus.enclave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.analytics.Measure;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.PrivacyEnclave.SealedMeasure;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.receipt.StateProof;

/** Members with real enclaves, and a world state that their votes made final. */
final class SampleWorld implements AutoCloseable {
  private static final Bytes CONTEXT = Bytes.of(new byte[] {1, 2, 3});

  private final List<SampleEnclave> enclaves = new ArrayList<>();
  private final EpochConfig config;

  /** Starts members member-0, member-1, ... in the folder. */
  SampleWorld(Path home, int members) throws IOException {
    for (int i = 0; i < members; i++) {
      Path folder = Files.createDirectory(home.resolve(id(i)));
      enclaves.add(SampleEnclave.start(folder, SampleEntries.CHAIN, id(i)));
    }
    config = genesis();
    for (int i = 0; i < members; i++) {
      if (!voter(i).enterEpoch(List.of(EpochProof.genesis(config)))) {
        throw new AssertionError("Expected " + id(i) + " to have a seat, but it has none");
      }
    }
  }

  static String id(int member) {
    return "member-" + member;
  }

  EnclaveClient client(int member) {
    return new EnclaveClient(enclaves.get(member).process());
  }

  TeePrivacy privacy(int member) {
    return new TeePrivacy(enclaves.get(member).process());
  }

  private TeeVoter voter(int member) {
    return new TeeVoter(enclaves.get(member).process());
  }

  /** Subjects with the pseudonyms first, first + 1, ..., sealed at the member. */
  List<SealedMeasure> measures(int member, Hash series, int first, long... values) {
    List<SealedMeasure> sealed = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Bytes subject = Bytes.wrap(new Writer().u64(0).u64(first + i).toArray());
      Measure measure = new Measure(subject, series, values[i]);
      sealed.add(new SealedMeasure(CONTEXT, client(member).seal(CONTEXT, measure.encode())));
    }
    return sealed;
  }

  /** Block 1, whose world state holds these values: a proof of each, by key. */
  Map<Bytes, StateProof> finalState(Map<Bytes, Bytes> values) {
    StateTree state = StateTree.of(values);
    int leader = config.leader(1);
    BlockHeader header =
        new BlockHeader(
            SampleEntries.CHAIN,
            1,
            1,
            1,
            config.hash(),
            Hash.sha256(),
            state.root(),
            1,
            leader,
            false,
            Hash.ZERO,
            0,
            0);
    Bytes proposal = signed(voter(leader).propose(header, new Justification.Anchor()));
    List<Bytes> votes = new ArrayList<>();
    for (int i = 0; i < enclaves.size(); i++) {
      votes.add(signed(voter(i).vote(1, header, proposal, new Justification.Anchor())));
    }
    QuorumCertificate certificate =
        new QuorumCertificate(1, 1, 1, header.hash(), false, 1, (1L << enclaves.size()) - 1, votes);
    Map<Bytes, StateProof> proofs = new HashMap<>();
    values.forEach(
        (key, value) ->
            proofs.put(key, new StateProof(header, certificate, state.path(key), value)));
    return proofs;
  }

  private EpochConfig genesis() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < enclaves.size(); i++) {
      EnclaveInfo info = client(i).info();
      members.add(
          new Member(
              id(i), info.votingKey(), info.signingKey(), info.signingKey(), Hash.ZERO, Hash.ZERO));
    }
    return new EpochConfig(
        SampleEntries.CHAIN,
        1,
        EpochConfig.Mode.TEE_1P,
        Suite.ES256,
        16,
        1000,
        10_000,
        100,
        100_000,
        AssuranceTier.SIMULATED,
        0,
        members,
        List.of());
  }

  private static Bytes signed(Voter.Signed answer) {
    return switch (answer) {
      case Voter.Signed.Yes yes -> yes.signature();
      case Voter.Signed.No no ->
          throw new AssertionError("Expected a signature, but got " + no.status());
    };
  }

  @Override
  public void close() throws IOException {
    for (SampleEnclave enclave : enclaves) {
      enclave.close();
    }
  }
}
