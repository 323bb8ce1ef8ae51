package org.caduceus.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EntryProver;
import org.caduceus.ledger.enclave.EntryProverContract;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.receipt.EntryReceipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of provers, kept by a real enclave process. */
class TeeEntryProverTest implements EntryProverContract {
  @TempDir Path home;
  private SampleEnclave enclave;
  private EnclaveClient client;
  private Bytes votingKey;
  private SampleConsortium consortium;

  @BeforeEach
  void start() {
    SampleSigner.Scheme scheme = scheme();
    enclave =
        SampleEnclave.start(home, SampleEntries.CHAIN, SampleConsortium.id(0), scheme.suite());
    client = new EnclaveClient(enclave.process());
    votingKey = client.info().votingKey();
    consortium = new SampleConsortium(scheme, 5, 4).with(Map.of(0, client.info()));
    assertTrue(
        new TeeVoter(enclave.process())
            .enterEpoch(List.of(EpochProof.genesis(consortium.config()))));
  }

  @AfterEach
  void stop() throws Exception {
    enclave.close();
  }

  SampleSigner.Scheme scheme() {
    return SampleSigner.Scheme.ES256;
  }

  @Override
  public EntryProver prover() {
    return client;
  }

  @Override
  public Bytes votingKey() {
    return votingKey;
  }

  @Override
  public SampleConsortium consortium() {
    return consortium;
  }

  @Test
  void aRetiredInstanceProvesNothing() {
    Block block =
        consortium.block(1, 1, consortium.config().hash(), List.of(consortium.entry(1, 1)));
    EntryReceipt receipt =
        EntryReceipt.of(
            consortium.committed(block, 1, 2, 3),
            0,
            height -> block.header(),
            Register.of(consortium.config()));
    new TeeVoter(enclave.process()).retire();
    EnclaveRefusal refusal = assertThrows(EnclaveRefusal.class, () -> client.prove(receipt));
    assertEquals(EnclaveStatus.E_STATE.code(), refusal.status());
  }
}
