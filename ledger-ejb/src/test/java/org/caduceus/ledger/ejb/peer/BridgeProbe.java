package org.caduceus.ledger.ejb.peer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.caduceus.ledger.Hash;

/** Two brokers with bridges to each other, to be run by other class loaders than the test's. */
public final class BridgeProbe implements Callable<Boolean> {
  private final Path home;

  /** Works in this folder. */
  public BridgeProbe(Path home) {
    this.home = home;
  }

  /** Whether both bridges connect. */
  @Override
  public Boolean call() throws Exception {
    SampleAuthority authority = new SampleAuthority("consortium");
    SampleAuthority.Credential one = authority.issue("CN=one");
    SampleAuthority.Credential two = authority.issue("CN=two");
    Map<String, Hash> pinned = new HashMap<>();
    pinned.put("one", one.pin());
    pinned.put("two", two.pin());
    Path ofOne = SampleBroker.folder(home, "one");
    Path ofTwo = SampleBroker.folder(home, "two");
    int portOfOne = SampleBroker.freePort();
    int portOfTwo = SampleBroker.freePort();
    try (SampleBroker first =
            new SampleBroker(
                ofOne,
                "one",
                portOfOne,
                authority.stores(ofOne, one),
                Map.of("two", portOfTwo),
                pinned);
        SampleBroker second =
            new SampleBroker(
                ofTwo,
                "two",
                portOfTwo,
                authority.stores(ofTwo, two),
                Map.of("one", portOfOne),
                pinned)) {
      return SampleBroker.within(
          Duration.ofSeconds(20), () -> first.connected("two") && second.connected("one"));
    }
  }
}
