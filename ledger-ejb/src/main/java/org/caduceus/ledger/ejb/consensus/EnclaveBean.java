package org.caduceus.ledger.ejb.consensus;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Local;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caduceus.enclave.EnclaveClient;
import org.caduceus.enclave.EnclaveProcess;
import org.caduceus.enclave.EnclaveSettings;
import org.caduceus.enclave.EnclaveVerifier;
import org.caduceus.enclave.TeeVoter;
import org.caduceus.enclave.attestation.NodeAttester;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.enclave.Enclave;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.EnclaveUnavailable;
import org.caduceus.ledger.enclave.Evidence;

/**
 * This member's enclave, found or started, and watched. The process outlives the application: its
 * voting key lives only as long as its instance.
 */
@Singleton
@Startup
@Local(Enclave.class)
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class EnclaveBean implements Enclave {
  @Inject private Node node;

  private final AtomicBoolean available = new AtomicBoolean();
  private volatile EnclaveCondition condition = EnclaveCondition.AWAY;
  private NodeAttester attester;
  private EnclaveProcess process;
  private EnclaveClient client;

  @PostConstruct
  void connect() {
    NodeSettings.EnclavePaths paths = node.settings().enclave();
    attester = new NodeAttester(node.settings().attester(), EnclaveBean::say);
    process =
        EnclaveProcess.lazy(
            new EnclaveSettings(
                    paths.executable(),
                    paths.library(),
                    paths.directory(),
                    node.genesis().chainId(),
                    node.member(),
                    node.genesis().suite())
                .as(paths.user()),
            attester::measureLaunch);
    client = new EnclaveClient(process);
    watch();
  }

  @PreDestroy
  void disconnect() {
    process.close();
  }

  /** Votes for this member. */
  public Voter voter() {
    return new TeeVoter(process);
  }

  /** Verifies signatures, in Java while no enclave answers. */
  public SignatureVerifier verifier() {
    return new EnclaveVerifier(process);
  }

  /** Calls {@code listener} whenever the instance may have changed. */
  public void onConnected(Runnable listener) {
    process.onConnected(listener);
  }

  /** Notices a lost enclave before somebody needs it, and brings it back. */
  @Schedule(hour = "*", minute = "*", second = "*/3", persistent = false)
  public void watch() {
    try {
      EnclaveInfo.State state = client.info().state();
      if (state == EnclaveInfo.State.RETIRED) {
        // Its seat and its key are gone for good; only another instance follows from here.
        LedgerLog.ENCLAVE_RETIRED.log();
        process.endInstance();
        state = client.info().state();
      }
      see(EnclaveCondition.of(state));
      if (available.compareAndSet(false, true)) {
        LedgerLog.ENCLAVE_CONNECTED.log(process.generation());
      }
    } catch (EnclaveUnavailable e) {
      condition = EnclaveCondition.AWAY;
      if (available.compareAndSet(true, false)) {
        LedgerLog.ENCLAVE_UNAVAILABLE.log(e.getMessage());
      }
    }
  }

  /** What the last {@link #watch} found. */
  public EnclaveCondition condition() {
    return condition;
  }

  private void see(EnclaveCondition now) {
    if (!now.serves() && !now.equals(condition)) {
      LedgerLog.ENCLAVE_BROKEN.log(now.text());
    }
    condition = now;
  }

  @Override
  public EnclaveInfo info() {
    return client.info();
  }

  private static void say(Optional<String> failure) {
    failure.ifPresentOrElse(
        LedgerLog.ATTESTATION_UNAVAILABLE::log, LedgerLog.ATTESTATION_AVAILABLE::log);
  }

  /** With what the platform says of it, as long as the platform says anything. */
  @Override
  public Bytes evidence(Hash nonce) {
    return attester.attach(Evidence.decode(client.evidence(nonce))).encode();
  }

  /** The platform's answer to a peer's challenge, if it knows one. */
  public Optional<Bytes> activate(Bytes challenge) {
    return attester.activate(challenge);
  }

  /** Why the platform attests nothing, if it was asked to. */
  public Optional<String> attestationFailure() {
    return attester.failure();
  }

  @Override
  public SignedEntry sign(Bytes entry) {
    return client.sign(entry);
  }

  @Override
  public Bytes seal(Bytes context, Bytes plaintext) {
    return client.seal(context, plaintext);
  }

  @Override
  public Bytes open(Bytes context, Bytes sealed) {
    return client.open(context, sealed);
  }
}
