package org.caduceus.deploy.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.caduceus.deploy.ToolFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code deploy/caduceus certificates}. */
@Command(
    name = "certificates",
    mixinStandardHelpOptions = true,
    subcommands = {
      CertificatesCommand.RequestCommand.class,
      CertificatesCommand.InstallCommand.class,
    },
    description = {
      "How long the certificate of this node's links is good for; exit code 4 below 90 days.",
      "To renew it: \"certificates request\" at the node, let the consortium's authority sign, "
          + "\"certificates install\" at the node.",
      "本节点链路证书的有效期；不足 90 天时退出码为 4。续期：request，由证书机构签署，然后 install。"
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

  /** {@code deploy/caduceus certificates request}. */
  @Command(
      name = "request",
      mixinStandardHelpOptions = true,
      description = {
        "Prints a request (PKCS #10, PEM) for a renewed certificate with the same key and names; "
            + "for the consortium's authority.",
        "输出以同一密钥续期的证书请求（PKCS #10）。"
      })
  static final class RequestCommand implements Callable<Integer> {
    @Mixin private SettingsOptions settings;

    @Override
    public Integer call() {
      System.out.print(settings.keyStore().request());
      return Operator.DONE;
    }
  }

  /** {@code deploy/caduceus certificates install}. */
  @Command(
      name = "install",
      mixinStandardHelpOptions = true,
      description = {
        "Puts the authority's answer into the key store of the node's links, if the others will "
            + "accept it; the node takes it within ten seconds, without a restart.",
        "将证书机构签发的证书装入链路密钥库；节点十秒内自动采用，无需重启。"
      })
  static final class InstallCommand implements Callable<Integer> {
    @Mixin private SettingsOptions settings;
    @Mixin private Output out;

    @Parameters(paramLabel = "ANSWER", description = "Certificates, PEM or DER.")
    private Path answer;

    @Override
    public Integer call() {
      LinkKeyStore store = settings.keyStore();
      byte[] bytes;
      try {
        bytes = Files.readAllBytes(answer);
      } catch (IOException e) {
        throw new ToolFailure("Expected to read " + answer + ", but that failed", e);
      }
      LinkKeyStore.Renewed renewed = store.install(bytes, Instant.now());
      Instant end = renewed.certificate().getNotAfter().toInstant();
      out.value(
          Output.object()
              .put("endsAt", end.toString())
              .put("oldKeyStore", renewed.oldStore().toString()));
      out.line("The certificate of the links ends on " + end + " now.");
      out.line("A running node takes it within ten seconds (CADL0052).");
      out.line("The old key store is " + renewed.oldStore() + ".");
      return Operator.DONE;
    }
  }
}
