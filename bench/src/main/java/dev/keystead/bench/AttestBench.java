package dev.keystead.bench;

import dev.keystead.claims.Segment;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cose.SigningKey;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.Tao;
import dev.keystead.tao.attestation.AttestationVerifier;
import dev.keystead.tao.attestation.Owner;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.attestation.VerifiedAttestation;
import dev.keystead.tao.host.Credentials;
import dev.keystead.tao.host.HostSettings;
import dev.keystead.tao.host.ProgramStarter;
import dev.keystead.tao.host.SoftwareHost;
import dev.keystead.tao.platform.PlatformCertifier;
import dev.keystead.tao.platform.PlatformRequest;
import dev.keystead.tao.platform.PlatformSettings;
import dev.keystead.tao.platform.SealedRoot;
import dev.keystead.tao.platform.TpmHost;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A program's Attest of 32 bytes on an operating system on a TPM, and the verification of its name
 * of three layers, beside one bare ECDSA signature and one bare verification.
 */
@State(Scope.Benchmark)
public class AttestBench {
  /** What is compared: a name of three layers has four signatures under it. */
  static final List<Ratio> RATIOS =
      List.of(
          new Ratio("attest", "bareSignature", OptionalDouble.of(1.3)),
          new Ratio("verify", "bareVerification", OptionalDouble.empty()));

  private static final byte[] DATA = new byte[32];
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

  /** Who signs and checks. */
  @Param({"JDK", "ACCP"})
  public CryptoProvider provider = CryptoProvider.JDK;

  private Fixture fixture = Fixture.NONE;

  private record Fixture(
      BenchFolder folder,
      Tpm tpm,
      KeyPair key,
      Tao program,
      AttestationVerifier verifier,
      Attestation attestation,
      byte[] message,
      byte[] signature) {
    @SuppressWarnings("NullAway") // replaced by start before anything is measured
    static final Fixture NONE = new Fixture(null, null, null, null, null, null, null, null);
  }

  /** Starts the two hosts, and proves that what they attest is believed. */
  @Setup
  public void start() throws Exception {
    provider.install();
    BenchFolder folder = BenchFolder.make();
    Tpm tpm = new TpmAddress.Embedded(folder.path()).open();
    KeyPair key = keyPair();
    PolicyKey policyKey = PolicyKey.of(key.getPublic().getEncoded());
    Owner owner = new Owner(policyKey, new SigningKey(key.getPublic(), key.getPrivate()));
    Validity year = Validity.from(Instant.now(), Duration.ofDays(365));
    TpmHost bottom = bottom(tpm, owner, year);
    HostSettings settings =
        new HostSettings(
            policyKey,
            owner.endorseHost(bottom.getHostedMeasurement().segment(TaoName.LINUX), year),
            Credentials.none(),
            Duration.ofDays(1),
            InstantSource.system());
    SoftwareHost host =
        SoftwareHost.open(
            settings,
            bottom,
            SoftwareHost.create(settings, bottom, new SealPolicy.ThisMeasurement()));
    Tao program = host.hosted(Segment.of(TaoName.PROGRAM, new byte[32]), ProgramStarter.refusing());
    Attestation attestation = program.attest(DATA);
    byte[] message = new byte[400];
    Signature signer = Signature.getInstance(ALGORITHM);
    signer.initSign(key.getPrivate());
    signer.update(message);
    fixture =
        new Fixture(
            folder,
            tpm,
            key,
            program,
            new AttestationVerifier(policyKey),
            attestation,
            message,
            signer.sign());
    if (!provider.is(signer.getProvider().getName())
        || verify().name().segments().size() != 3
        || !bareVerification()) {
      throw new IllegalStateException("nothing that is believed, or not signed by " + provider);
    }
  }

  private static TpmHost bottom(Tpm tpm, Owner owner, Validity year) throws Exception {
    PlatformRequest request = PlatformRequest.of(tpm, EkTemplate.L2_ECC_P256);
    AttestCertificate certificate =
        new PlatformCertifier(owner, Set.of(request.platform()), new SecureRandom())
            .certify(request, year)
            .open(tpm, EkTemplate.L2_ECC_P256);
    PlatformSettings settings =
        new PlatformSettings(
            owner.policyKey(),
            EkTemplate.L2_ECC_P256,
            PcrSelection.of(HashAlg.SHA256, 0, 1, 2, 3, 4, 5, 6, 7),
            certificate,
            List.of(),
            Credentials.none(),
            Duration.ofDays(1),
            InstantSource.system());
    return TpmHost.open(
        tpm, settings, TpmHost.createRoot(tpm, settings, SealedRoot.Release.THESE_PCRS));
  }

  private static KeyPair keyPair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** Removes what was on disk. */
  @TearDown
  public void stop() throws Exception {
    fixture.tpm.close();
    fixture.folder.close();
  }

  /** What no host can go below: one signature. */
  @Benchmark
  public byte[] bareSignature() throws Exception {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initSign(fixture.key.getPrivate());
    signature.update(fixture.message);
    return signature.sign();
  }

  /** A program's Attest. */
  @Benchmark
  public Attestation attest() throws Exception {
    return fixture.program.attest(DATA);
  }

  /** One verification. */
  @Benchmark
  public boolean bareVerification() throws Exception {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initVerify(fixture.key.getPublic());
    signature.update(fixture.message);
    return signature.verify(fixture.signature);
  }

  /** What a third party does with the policy key and the bytes. */
  @Benchmark
  public VerifiedAttestation verify() throws Exception {
    return fixture.verifier.verify(fixture.attestation, Instant.now());
  }
}
