package org.caduceus.deploy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.caduceus.enclave.EnclaveClient;
import org.caduceus.enclave.EnclaveProcess;
import org.caduceus.enclave.EnclaveSettings;
import org.caduceus.enclave.attestation.AttesterSettings;
import org.caduceus.enclave.attestation.CredentialDialogue;
import org.caduceus.enclave.attestation.NodeAttester;
import org.caduceus.enclave.attestation.PlatformVerifiers;
import org.caduceus.enclave.attestation.TrustedRoots;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SigningKey;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.enclave.Evidence;
import org.caduceus.ledger.enclave.EvidencePolicy;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;

/** Makes an installation: secrets, certificates, enclaves, genesis, and each node's settings. */
final class Preparation {
  private static final int SLOT_K = 16;
  private static final int MAX_TIMEOUT_MS = 10_000;
  private static final int MAX_BLOCK_ENTRIES = 1_000;
  private static final int MAX_BLOCK_BYTES = 1 << 20;
  private static final int MAX_EVIDENCE_AGE = 0;
  private static final Duration ENCLAVE_END = Duration.ofSeconds(10);

  private final Project project;
  private final Installation installation;
  private final Narrator narrator;
  private final Map<String, String> peerAddresses;
  private final Map<String, String> extraSettings;
  private final Assurance assurance;
  private final EpochConfig.Mode mode;

  /**
   * @param peerAddresses {@code host:port} to use instead of a member's broker in the settings of
   *     its peers, by {@code from>to}; for tests that stand between two brokers
   * @param extraSettings further lines of every node's settings
   * @param assurance what the members' enclaves are to be worth, and what shows it
   * @param mode of the first epoch
   */
  Preparation(
      Project project,
      Installation installation,
      Narrator narrator,
      Map<String, String> peerAddresses,
      Map<String, String> extraSettings,
      Assurance assurance,
      EpochConfig.Mode mode) {
    this.mode = mode;
    this.project = project;
    this.installation = installation;
    this.narrator = narrator;
    this.peerAddresses = Map.copyOf(peerAddresses);
    this.extraSettings = Map.copyOf(extraSettings);
    this.assurance = assurance;
  }

  /** Makes everything that is to stand before the first node starts. */
  void run(int firstTimeoutMs) {
    makeMembers(firstTimeoutMs);
    unpackServer();
    installation.write();
    narrator.step(
        "keys, certificates and the genesis of " + String.join(", ", installation.members()),
        "已生成各成员的密钥、证书和创世配置");
  }

  /** Makes what the members have of their own; their enclaves run from now on. */
  void makeMembers(int firstTimeoutMs) {
    List<MemberHome> homes = installation.memberHomes();
    homes.forEach(home -> EnclaveFolder.requireShortEnough(home.enclave()));
    requireFreePorts(homes);
    PrivateFiles.folder(installation.home());
    Authority authority = Authority.create(installation.chainId());
    authority.write(installation.home());
    List<Member> members = new ArrayList<>();
    Set<Bytes> measurements = new TreeSet<>();
    try {
      for (MemberHome home : homes) {
        PrivateFiles.folder(home.folder());
        X509Certificate certificate = writeCertificate(authority, home);
        Bytes governanceKey = writeGovernanceKey(home, installation.suite());
        members.add(startEnclave(home, certificate, governanceKey, measurements));
        writeNodeProperties(home, homes, governanceKey);
      }
    } catch (RefusedMember refused) {
      homes.forEach(Preparation::undo);
      throw new ToolFailure(refused.getMessage());
    }
    writeGenesis(homes, members, measurements, firstTimeoutMs);
  }

  /**
   * Makes what an institution needs that is not in the genesis; its enclave runs from now on.
   *
   * @param home of this installation's last member
   */
  void join(MemberHome home) {
    EnclaveFolder.requireShortEnough(home.enclave());
    requireFreePorts(List.of(home));
    Authority authority = Authority.read(installation.home());
    PrivateFiles.folder(home.folder());
    X509Certificate certificate = writeCertificate(authority, home);
    Bytes governanceKey = writeGovernanceKey(home, installation.suite());
    try {
      startEnclave(home, certificate, governanceKey, new TreeSet<>());
    } catch (RefusedMember refused) {
      undo(home);
      throw new ToolFailure(refused.getMessage());
    }
    PrivateFiles.write(home.genesis(), installation.genesis());
    writeNodeProperties(home, installation.memberHomes(), governanceKey);
    installation.write();
    narrator.step(
        "keys, certificate and settings of " + home.id() + ", which the genesis does not name",
        "已生成 " + home.id() + " 的密钥、证书和配置；创世配置中没有该机构");
  }

  private void requireFreePorts(List<MemberHome> homes) {
    String taken =
        homes.stream()
            .flatMap(home -> home.ports().all().stream())
            .filter(port -> !Ports.isFree(port))
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    if (!taken.isEmpty()) {
      throw new ToolFailure(
          "Another program listens on port " + taken + ": choose others with --port-base NUMBER.");
    }
  }

  private void unpackServer() {
    Path server = project.server();
    Path done = server.resolve("modules/glassfish.jar");
    if (Files.exists(done)) {
      return;
    }
    Path folder = server.getParent().getParent();
    Path staging = folder.resolveSibling("server.next");
    try {
      PrivateFiles.deleteTree(staging);
      Files.createDirectories(staging);
      unzip(project.serverArchive(), staging);
      PrivateFiles.deleteTree(folder);
      Files.move(staging, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ToolFailure("Expected to unpack the server, but that failed", e);
    }
    narrator.step("unpacked Payara", "已解压 Payara");
  }

  private static void unzip(Path archive, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("Expected entries inside the archive's folder, but one leaves it");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          try (OutputStream out = Files.newOutputStream(target)) {
            zip.getInputStream(entry).transferTo(out);
          }
        }
      }
    }
  }

  private X509Certificate writeCertificate(Authority authority, MemberHome home) {
    Map<String, String> secrets = new TreeMap<>();
    secrets.put("tls.password", Secrets.password());
    secrets.put("server.master", Secrets.password());
    secrets.put("server.admin", Secrets.password());
    secrets.put("database", Secrets.password());
    PrivateFiles.write(home.secrets(), secrets);
    Authority.Credential credential = authority.issue(home.id());
    PrivateFiles.write(
        home.keyStore(), authority.keyStore(home.id(), credential, secrets.get("tls.password")));
    PrivateFiles.write(home.trustStore(), authority.trustStore(secrets.get("tls.password")));
    // The server wants stores of its own under its master password; it shows the same certificate.
    Path config = PrivateFiles.folder(home.domain().resolve("config"));
    PrivateFiles.write(
        config.resolve("keystore.p12"),
        authority.keyStore("s1as", credential, secrets.get("server.master")));
    PrivateFiles.write(
        config.resolve("cacerts.p12"), authority.trustStore(secrets.get("server.master")));
    return credential.certificate();
  }

  private static Bytes writeGovernanceKey(MemberHome home, Suite suite) {
    KeyPair keys =
        switch (suite) {
          case ES256 -> Authority.newKeys();
          case SM2_SM3 -> newSm2Keys();
        };
    PrivateFiles.write(
        home.governanceKey(), Pem.text("PRIVATE KEY", keys.getPrivate().getEncoded()));
    return point((ECPublicKey) keys.getPublic());
  }

  /** A new key pair on the curve of SM2, which the Java platform does not have. */
  private static KeyPair newSm2Keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
      generator.initialize(new ECGenParameterSpec("sm2p256v1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new ToolFailure("Expected SM2 keys of Bouncy Castle, but that failed", e);
    }
  }

  private Member startEnclave(
      MemberHome home, X509Certificate certificate, Bytes governanceKey, Set<Bytes> measurements) {
    EnclaveSettings settings =
        new EnclaveSettings(
                project.enclaveExecutable(),
                project.enclaveLibrary(),
                home.enclave(),
                Hash.fromHex(installation.chainId()),
                home.id(),
                installation.suite())
            .as(assurance.user());
    NodeAttester attester = new NodeAttester(assurance.attesterOf(home), failure -> {});
    // Closed before the node starts: an enclave serves one client at a time.
    try (EnclaveProcess process = EnclaveProcess.open(settings, attester::measureLaunch)) {
      EnclaveClient client = new EnclaveClient(process);
      EnclaveInfo info = client.info();
      Hash nonce = Hash.of(Secrets.bytes(Hash.LENGTH));
      Evidence shown = attester.attach(Evidence.decode(client.evidence(nonce)));
      requireAttestation(home, attester);
      requireAdmission(home, shown, nonce, attester);
      measurements.add(info.measurement());
      Bytes evidence = shown.encode();
      PrivateFiles.write(home.folder().resolve("evidence.bin"), evidence.toArray());
      return new Member(
          home.id(),
          votingKey(home, client, info),
          info.signingKey(),
          governanceKey,
          Hash.sha256(certificate.getPublicKey().getEncoded()),
          Hash.sha256(evidence.toArray()));
    }
  }

  /** Of the enclave's instance, or in BFT-2P of a key that it seals for the member's node. */
  private Bytes votingKey(MemberHome home, EnclaveClient client, EnclaveInfo info) {
    if (mode == EpochConfig.Mode.TEE_1P) {
      return info.votingKey();
    }
    Bytes secret = Bytes.wrap(Secrets.bytes(SigningKey.SCALAR_LENGTH));
    Bytes publicKey = SigningKey.ofSecret(installation.suite(), secret).publicKey();
    PrivateFiles.write(home.voterKey(), client.seal(SigningKey.VOTER_CONTEXT, secret).toArray());
    // A node takes a key without a log for one that lost it, unless the mark names this very key.
    PrivateFiles.write(home.unusedVoterKey(), publicKey.toArray());
    return publicKey;
  }

  /** Whoever asks for a platform's attestation now does not want to find it missing later. */
  private void requireAttestation(MemberHome home, NodeAttester attester) {
    if (attester.failure().isPresent()) {
      String kind = assurance.attester().label();
      throw new RefusedMember(
          "The platform of "
              + home.id()
              + " (--attester "
              + kind
              + ") attests nothing: "
              + attester.failure().get()
              + ".\n"
              + home.id()
              + " 的平台（--attester "
              + kind
              + "）未给出证明。");
    }
  }

  /** The policy of the genesis, judged before there is one: no member it would refuse gets in. */
  private void requireAdmission(
      MemberHome home, Evidence evidence, Hash nonce, NodeAttester attester) {
    CredentialDialogue dialogue = new CredentialDialogue(InstantSource.system());
    EvidencePolicy policy =
        new EvidencePolicy(
            PlatformVerifiers.trusting(
                tpmRoots(), TrustedRoots.none(), TrustedRoots.none(), dialogue),
            SignatureVerifier.of(installation.suite()));
    EvidencePolicy.Verdict verdict = judge(policy, home, evidence, nonce);
    Optional<Bytes> challenge = dialogue.challenge();
    if (challenge.isPresent()) {
      challenge.flatMap(attester::activate).ifPresent(dialogue::answered);
      verdict = judge(policy, home, evidence, nonce);
    }
    switch (verdict) {
      case EvidencePolicy.Accepted(AssuranceTier tier) -> tell(home, tier);
      case EvidencePolicy.Refused refused -> throw refusal(home, evidence, refused);
    }
  }

  private EvidencePolicy.Verdict judge(
      EvidencePolicy policy, MemberHome home, Evidence evidence, Hash nonce) {
    return policy.ofCandidate(
        evidence,
        Hash.fromHex(installation.chainId()),
        home.id(),
        nonce,
        new EvidencePolicy.Terms(
            installation.suite(), assurance.minimumTier(), List.of(evidence.measurement())));
  }

  private TrustedRoots tpmRoots() {
    if (assurance.roots().isEmpty()) {
      return TrustedRoots.none();
    }
    try {
      return TrustedRoots.of(assurance.roots().get());
    } catch (IOException e) {
      throw new ToolFailure("Expected root certificates (--tpm-roots), but reading failed", e);
    }
  }

  private void tell(MemberHome home, AssuranceTier tier) {
    if (assurance.attester() != AttesterSettings.Kind.NONE) {
      narrator.step(
          "the evidence of " + home.id() + " is worth " + tier, home.id() + " 的证据等级为 " + tier);
    }
  }

  private RefusedMember refusal(
      MemberHome home, Evidence evidence, EvidencePolicy.Refused refused) {
    AssuranceTier minimumTier = assurance.minimumTier();
    return new RefusedMember(
        home.id()
            + " cannot join: its enclave is of tier "
            + evidence.tier()
            + ", but the policy of this consortium (--minimum-tier) asks for "
            + minimumTier
            + ": "
            + refused.reason()
            + ".\n"
            + home.id()
            + " 无法加入：其可信执行环境的等级为 "
            + evidence.tier()
            + "，而本联盟的策略（--minimum-tier）要求 "
            + minimumTier
            + "。");
  }

  /** A member that the policy refuses; what was prepared so far is undone. */
  private static final class RefusedMember extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedMember(String message) {
      super(message);
    }
  }

  private static void undo(MemberHome home) {
    home.enclaveProcess().ifPresent(process -> process.stop(ENCLAVE_END));
    PrivateFiles.deleteTree(home.folder());
  }

  private void writeGenesis(
      List<MemberHome> homes, List<Member> members, Set<Bytes> measurements, int firstTimeoutMs) {
    EpochConfig genesis =
        new EpochConfig(
            Hash.fromHex(installation.chainId()),
            1,
            mode,
            installation.suite(),
            SLOT_K,
            firstTimeoutMs,
            MAX_TIMEOUT_MS,
            MAX_BLOCK_ENTRIES,
            MAX_BLOCK_BYTES,
            assurance.minimumTier(),
            MAX_EVIDENCE_AGE,
            members.stream().sorted(Comparator.comparing(Member::id)).toList(),
            // A trial network goes on with the next build of the enclave; a policy names its code.
            assurance.minimumTier() == AssuranceTier.SIMULATED
                ? List.of()
                : List.copyOf(measurements));
    byte[] bytes = genesis.encode().toArray();
    homes.forEach(home -> PrivateFiles.write(home.genesis(), bytes));
  }

  private void writeNodeProperties(MemberHome home, List<MemberHome> homes, Bytes governanceKey) {
    String peers =
        homes.stream()
            .filter(peer -> !peer.id().equals(home.id()))
            .map(
                peer ->
                    peer.id()
                        + "="
                        + peerAddresses.getOrDefault(
                            home.id() + ">" + peer.id(), "127.0.0.1:" + peer.ports().broker()))
            .collect(Collectors.joining(","));
    String tlsPassword = home.secretValues().getProperty("tls.password");
    Map<String, String> values = new TreeMap<>();
    values.put("caduceus.member", home.id());
    values.put("caduceus.genesis", home.genesis().toString());
    values.put("caduceus.lookup.key", installation.lookupKey());
    values.put("caduceus.enclave.dir", home.enclave().toString());
    values.put("caduceus.enclave.executable", project.enclaveExecutable().toString());
    values.put("caduceus.enclave.library", project.enclaveLibrary().toString());
    values.put("caduceus.mllp.port", Integer.toString(home.ports().mllp()));
    values.put("caduceus.mllp.tls.port", Integer.toString(home.ports().mllpTls()));
    values.put("caduceus.broker.port", Integer.toString(home.ports().broker()));
    values.put("caduceus.broker.data", home.folder().resolve("broker").toString());
    values.put("caduceus.peers", peers);
    values.put("caduceus.tls.keystore", home.keyStore().toString());
    values.put("caduceus.tls.keystore.password", tlsPassword);
    values.put("caduceus.tls.truststore", home.trustStore().toString());
    values.put("caduceus.tls.truststore.password", tlsPassword);
    // A trial network acts for its officers; a real institution keeps the key with them.
    if (installation.governance() == Installation.Governance.AUTO) {
      values.put("caduceus.governance.key", home.governanceKey().toString());
    }
    values.put("caduceus.governance.public.key", governanceKey.toHex());
    values.put("caduceus.admin.name", "admin");
    values.put("caduceus.admin.password", Secrets.password());
    values.putAll(assurance.settingsOf(home));
    values.putAll(extraSettings);
    PrivateFiles.write(home.nodeProperties(), values);
  }

  private static Bytes point(ECPublicKey key) {
    byte[] point = new byte[Member.KEY_LENGTH];
    point[0] = 4;
    unsigned(key.getW().getAffineX().toByteArray(), point, 1);
    unsigned(key.getW().getAffineY().toByteArray(), point, 33);
    return Bytes.wrap(point);
  }

  // BigInteger writes a leading zero byte or leaves leading zeros out; a coordinate has 32 bytes.
  private static void unsigned(byte[] value, byte[] target, int offset) {
    int length = Math.min(value.length, 32);
    System.arraycopy(value, value.length - length, target, offset + 32 - length, length);
  }
}
