package org.caduceus.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.membership.EpochConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy/demo sign-certificate}: what the consortium's authority does. */
@Command(
    name = "sign-certificate",
    mixinStandardHelpOptions = true,
    description = {
      "Signs a request of \"deploy/caduceus certificates request\" with this consortium's authority "
          + "and prints the certificate with the authority's own, PEM.",
      "以本联盟的证书机构签署证书请求，并输出证书（PEM）。"
    })
final class SignCertificateCommand implements Callable<Integer> {
  @Mixin private HomeOption home;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "825",
      description = "How long it is good for; default ${DEFAULT-VALUE}.")
  private int days;

  @Parameters(paramLabel = "REQUEST", description = "PKCS #10, PEM.")
  private Path request;

  @Override
  public Integer call() {
    Installation installation = home.installation();
    Authority authority = Authority.read(home.path());
    PKCS10CertificationRequest asked = Authority.request(text());
    requireKeyOfMember(installation, asked);
    X509Certificate certificate = authority.sign(asked, days);
    System.err.println(
        "signed for "
            + certificate.getSubjectX500Principal()
            + " until "
            + certificate.getNotAfter().toInstant());
    try {
      System.out.print(Pem.text("CERTIFICATE", certificate.getEncoded()));
      System.out.print(Pem.text("CERTIFICATE", authority.certificate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new ToolFailure("Expected to write the certificate, but that failed", e);
    }
    return 0;
  }

  private String text() {
    try {
      return Files.readString(request);
    } catch (IOException e) {
      throw new ToolFailure("Expected to read " + request + ", but that failed", e);
    }
  }

  /** Peers pin the keys of the first epoch's members: a certificate for another is of no use. */
  private static void requireKeyOfMember(
      Installation installation, PKCS10CertificationRequest asked) {
    String name =
        Arrays.stream(asked.getSubject().getRDNs(BCStyle.CN))
            .map(part -> IETFUtils.valueToString(part.getFirst().getValue()))
            .findFirst()
            .orElse("");
    if (installation.members().contains(name)) {
      Hash pin = pin(installation, name);
      if (!pin.equals(Authority.pinOf(asked))) {
        throw new ToolFailure(
            "Expected a request for the key of "
                + name
                + "'s links, which the others pin, but it is for another key");
      }
    }
  }

  private static Hash pin(Installation installation, String name) {
    try {
      byte[] genesis = Files.readAllBytes(installation.memberHome(name).genesis());
      EpochConfig config = EpochConfig.decode(genesis);
      return config.members().get(config.indexOf(name).orElseThrow()).linkKey();
    } catch (IOException e) {
      throw new ToolFailure("Expected to read the genesis of " + name + ", but that failed", e);
    }
  }
}
