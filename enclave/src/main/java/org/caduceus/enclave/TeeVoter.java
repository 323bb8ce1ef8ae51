package org.caduceus.enclave;

import java.util.List;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.NewView;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveRefusal;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.ResumeStatement;

/**
 * Votes by the enclave's checker. Requests are never repeated by themselves: an answer that was
 * lost may have been signed, and the checker refuses the second request anyway.
 */
public final class TeeVoter implements Voter {
  private static final String UNAVAILABLE = "UNAVAILABLE";

  private final EnclaveProcess process;
  private final EnclaveClient client;

  /** A voter on this process. */
  public TeeVoter(EnclaveProcess process) {
    this.process = process;
    this.client = new EnclaveClient(process);
  }

  @Override
  public boolean enterEpoch(List<EpochProof> chain) {
    try {
      long entered = client.info().epoch();
      List<EpochProof> missing =
          chain.stream().filter(proof -> proof.config().epoch() > entered).toList();
      if (!missing.isEmpty()) {
        process.callOnce(Operation.ENTER_EPOCH, request(missing), 16);
      }
      return client.info().state() == EnclaveInfo.State.ACTIVE;
    } catch (EnclaveUnavailable | EnclaveRefusal e) {
      return false;
    }
  }

  /** The payload of ENTER_EPOCH. */
  static byte[] request(List<EpochProof> chain) {
    Writer request = new Writer().u16(chain.size());
    chain.forEach(proof -> request.bytes(proof.encode()));
    return request.toArray();
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    return signed(
        Operation.PROPOSE,
        new Writer().bytes(header.encode()).sized(justification.encode().unsafeArray()).toArray());
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    return signed(Operation.VOTE, new Writer().bytes(header.encode()).bytes(proposal).toArray());
  }

  @Override
  public Moved newView(long view) {
    try {
      byte[] answer =
          process.callOnce(Operation.NEW_VIEW, new Writer().u64(view).toArray(), NewView.LENGTH);
      Reader in = new Reader(answer, "new-view report");
      NewView report = NewView.read(in);
      in.end();
      return new Moved.Yes(report);
    } catch (EnclaveRefusal e) {
      return new Moved.No(EnclaveStatus.of(e.status()).name());
    } catch (EnclaveUnavailable e) {
      return new Moved.No(UNAVAILABLE);
    }
  }

  @Override
  public Resumed resume(Basis basis) {
    Writer request = new Writer();
    switch (basis) {
      case Basis.Nothing nothing -> request.u8(0);
      case Basis.Proposed(BlockHeader header, Bytes proposal) ->
          request.u8(1).bytes(header.encode()).bytes(proposal);
      case Basis.Certified(QuorumCertificate certificate) ->
          request.u8(2).sized(certificate.encode().unsafeArray());
      case Basis.GivenUp givenUp -> request.u8(3);
    }
    try {
      byte[] answer =
          process.callOnce(Operation.RESUME_SIGN, request.toArray(), ResumeStatement.LENGTH);
      return new Resumed.Yes(ResumeStatement.decode(Bytes.wrap(answer)));
    } catch (EnclaveRefusal e) {
      return new Resumed.No(EnclaveStatus.of(e.status()).name());
    } catch (EnclaveUnavailable e) {
      return new Resumed.No(UNAVAILABLE);
    }
  }

  @Override
  public void retire() {
    process.callOnce(Operation.RETIRE, new byte[0], 16);
  }

  private Signed signed(Operation operation, byte[] request) {
    try {
      return new Signed.Yes(Bytes.wrap(process.callOnce(operation, request, 64)));
    } catch (EnclaveRefusal e) {
      return new Signed.No(EnclaveStatus.of(e.status()).name());
    } catch (EnclaveUnavailable e) {
      return new Signed.No(UNAVAILABLE);
    }
  }
}
