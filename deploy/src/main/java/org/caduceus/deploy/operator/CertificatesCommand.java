package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code deploy/caduceus certificates}. */
@Command(
    name = "certificates",
    mixinStandardHelpOptions = true,
    description = {
      "How long the certificate of this node's links is good for; exit code 4 below 90 days.",
      "本节点链路证书的有效期；不足 90 天时退出码为 4。"
    })
final class CertificatesCommand implements Callable<Integer> {
  private static final int WARNED_DAYS = 90;

  @Mixin private NodeOptions node;
  @Mixin private Output out;

  @Override
  public Integer call() {
    JsonNode status = NodeOptions.get(node.client(), "/api/status");
    Instant end = Instant.parse(status.path("certificateEndsAt").asText());
    long days = Math.floorDiv(Duration.between(Instant.now(), end).toSeconds(), 86_400L);
    out.value(
        Output.object()
            .put("member", status.path("member").asText())
            .put("endsAt", end.toString())
            .put("daysLeft", days));
    out.line(
        status.path("member").asText()
            + (days < 0
                ? ": the certificate of its links ended on " + end + ": peers refuse it"
                : ": the certificate of its links ends on " + end + ", in " + days + " days"));
    return days < WARNED_DAYS ? Operator.NOT_WELL : Operator.DONE;
  }
}
