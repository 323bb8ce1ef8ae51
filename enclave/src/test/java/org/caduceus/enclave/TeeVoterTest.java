package org.caduceus.enclave;

import java.nio.file.Path;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.consensus.VoterContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of voters, kept by the checker of a real enclave process. */
class TeeVoterTest implements VoterContract {
  @TempDir Path home;
  private SampleEnclave enclave;
  private TeeVoter voter;
  private Bytes votingKey;

  @BeforeEach
  void start() {
    enclave =
        SampleEnclave.start(home, SampleEntries.CHAIN, SampleConsortium.id(0), scheme().suite());
    voter = new TeeVoter(enclave.process());
    votingKey = new EnclaveClient(enclave.process()).info().votingKey();
  }

  @AfterEach
  void stop() throws Exception {
    enclave.close();
  }

  @Override
  public Voter voter() {
    return voter;
  }

  @Override
  public Bytes votingKey() {
    return votingKey;
  }
}
