package org.caduceus.routes.mllp;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.intake.Receipt;
import org.caduceus.ledger.intake.RecordIntake;
import org.caduceus.ledger.intake.Submission;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Inlet;

/**
 * The inlet before an intake that costs nothing, for a load generator: what is measured is sockets,
 * Camel, adapter and acknowledgement. Arguments: port. Prints the CPU time a message took, every
 * two seconds, until killed.
 */
final class MllpLoadTarget implements RecordIntake, MessageJournal {
  private final AtomicLong count = new AtomicLong();

  private MllpLoadTarget() {}

  /** Serves until killed. */
  public static void main(String[] args) throws Exception {
    MllpLoadTarget target = new MllpLoadTarget();
    try (MllpServer server =
        new MllpServer(
            target,
            target,
            MllpServer.settings(Integer.parseInt(args[0]), 16_777_216, 30_000, 1024))) {
      System.out.println("Listening on " + server.port());
      var system =
          (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long lastCount = 0;
      long lastCpu = system.getProcessCpuTime();
      while (true) {
        Thread.sleep(2000);
        long now = target.count.get();
        long cpu = system.getProcessCpuTime();
        if (now > lastCount) {
          System.out.printf(
              "%d msg, %.0f us CPU each%n",
              now - lastCount, (cpu - lastCpu) / 1000.0 / (now - lastCount));
        }
        lastCount = now;
        lastCpu = cpu;
      }
    }
  }

  @Override
  public Receipt submit(CanonicalRecord record, Submission submission) {
    count.incrementAndGet();
    return new Receipt.Accepted(record.contentHash(), 1_790_000_000_000L);
  }

  @Override
  public List<Receipt> submitAll(List<CanonicalRecord> records, Submission submission) {
    throw new UnsupportedOperationException("HL7 messages are answered one by one");
  }

  @Override
  public void notTaken(
      Inlet inlet,
      String kind,
      String externalId,
      String remote,
      Outcome outcome,
      String code,
      String location,
      String reason) {
    throw new UnsupportedOperationException("Expected only good messages under load");
  }

  @Override
  public List<Message> list(
      long before,
      int limit,
      Optional<Inlet> inlet,
      Optional<Outcome> outcome,
      Optional<String> externalId) {
    return List.of();
  }
}
