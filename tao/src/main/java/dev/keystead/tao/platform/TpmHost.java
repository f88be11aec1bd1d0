package dev.keystead.tao.platform;

import dev.keystead.claims.Segment;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.Entropy;
import dev.keystead.tao.Handle;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.AttestationException;
import dev.keystead.tao.attestation.AttestationVerifier;
import dev.keystead.tao.attestation.Statement;
import dev.keystead.tao.attestation.TpmQuote;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.seal.Caller;
import dev.keystead.tao.seal.Sealer;
import dev.keystead.tao.seal.SealingRoot;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.GetRandom;
import dev.keystead.tpm.command.ReadClock;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.structure.ClockInfo;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * The host at the bottom: a TPM 2.0 that hosts the operating system which was booted on it. What
 * that is, the PCRs say, each time anew; the TPM itself enforces it whenever it releases the
 * sealing root and whenever it signs. Nothing of the TPM's is kept between two calls, and nothing
 * stays loaded.
 */
public final class TpmHost implements Tao {
  private static final int SEED_SIZE = 32;

  private final Tpm tpm;
  private final PlatformSettings settings;
  private final SealedRoot root;
  private final Segment platform;
  private final SecureRandom random;

  private TpmHost(Tpm tpm, PlatformSettings settings, SealedRoot root, Segment platform)
      throws TpmException {
    this.tpm = tpm;
    this.settings = settings;
    this.root = root;
    this.platform = platform;
    this.random = seeded(tpm);
  }

  /** Makes the root of a new host, which the caller stores; it is not secret. */
  public static SealedRoot createRoot(
      Tpm tpm, PlatformSettings settings, SealedRoot.Release release) throws TaoException {
    try (Session session = sessionWith(tpm, settings)) {
      PolicyKey owner = settings.policyKey();
      byte[] policy =
          switch (release) {
            case THESE_PCRS -> PcrPolicy.pcr(PcrState.read(tpm, settings.selection()));
            case APPROVED_PCRS -> PcrPolicy.authorized(owner);
          };
      return SealedRoot.create(tpm, session, policy, seeded(tpm));
    } catch (TpmException e) {
      throw Refusals.of(e, Reason.UNAVAILABLE, "the TPM makes no root");
    }
  }

  /**
   * The host on a TPM, for the operating system that runs on it now.
   *
   * @throws TaoException UNAVAILABLE when the certificate is not this TPM's, under this policy key,
   *     for this attestation key, now
   */
  public static TpmHost open(Tpm tpm, PlatformSettings settings, SealedRoot root)
      throws TaoException {
    try {
      TpmHost host = new TpmHost(tpm, settings, root, platform(tpm, settings));
      Attestation proof = host.attest(new byte[0]);
      new AttestationVerifier(settings.policyKey()).verify(proof, settings.clock().instant());
      return host;
    } catch (AttestationException e) {
      throw new TaoException(
          Reason.UNAVAILABLE, "nobody would believe this host: " + e.getMessage(), e);
    } catch (TpmException e) {
      throw Refusals.of(e, Reason.UNAVAILABLE, "the TPM can't be used");
    }
  }

  /** The host's name. */
  public TaoName name() {
    return TaoName.of(platform);
  }

  /** A TPM starts nothing: the operating system on it is what was booted. */
  @Override
  public Handle startHostedProgram(ProgramSpec spec) throws TaoException {
    throw new TaoException(Reason.UNSUPPORTED, "a TPM's program is started by booting it");
  }

  @Override
  public synchronized Measurement getHostedMeasurement() throws TaoException {
    return state().measurement(settings.policyKey());
  }

  @Override
  public synchronized Attestation attest(AttestRequest request) throws TaoException {
    request.requireAllowed();
    PcrState state = state();
    try (TpmObject key = AttestationKey.open(tpm)) {
      ClockInfo clock = tpm.execute(new ReadClock()).clock();
      Statement statement =
          new Statement(
              settings.policyKey().digest(),
              name(),
              state.measurement(settings.policyKey()).segment(TaoName.LINUX),
              request,
              Validity.from(settings.clock().instant(), settings.validity()),
              TpmQuote.boot(name(), clock));
      return statement.signed(new QuotingKey(tpm, key, state), settings.certificate());
    } catch (TpmException | CoseException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the TPM does not attest", e);
    }
  }

  @Override
  public AttestCertificate getAttestCertificate() {
    return settings.certificate();
  }

  @Override
  public synchronized SealedBlob seal(byte[] data, SealPolicy policy) throws TaoException {
    PcrState state = state();
    return sealer(state, Reason.UNAVAILABLE).seal(caller(state), policy, data);
  }

  @Override
  public synchronized byte[] unseal(SealedBlob blob) throws TaoException {
    PcrState state = state();
    return sealer(state, Reason.NOT_UNSEALED).unseal(caller(state), blob);
  }

  @Override
  public byte[] getEntropy(int bits) throws TaoException {
    return Entropy.take(random, bits);
  }

  private PcrState state() throws TaoException {
    try {
      return PcrState.read(tpm, settings.selection());
    } catch (TpmException e) {
      throw Refusals.of(e, Reason.UNAVAILABLE, "the PCRs can't be read");
    }
  }

  private Caller caller(PcrState state) {
    Measurement measurement = state.measurement(settings.policyKey());
    return new Caller(measurement, settings.credentials().about(measurement));
  }

  /** A sealer for one call, under the root that the TPM releases with the PCRs in this state. */
  private Sealer sealer(PcrState state, Reason refusal) throws TaoException {
    Optional<PcrApproval> approval =
        settings.approvals().stream().filter(a -> a.state().isSame(state)).findFirst();
    try (Session session = sessionWith(tpm, settings);
        Secret secret = root.unseal(tpm, session, settings.policyKey(), state, approval)) {
      byte[] bytes = secret.bytes();
      try {
        return new Sealer(
            new SealingRoot(bytes, platform.digest(), settings.policyKey()), settings.clock());
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    } catch (TpmException e) {
      throw Refusals.of(e, refusal, "the TPM does not release the root");
    }
  }

  /** The platform that the certificate names, which is the one at hand. */
  private static Segment platform(Tpm tpm, PlatformSettings settings) throws TaoException {
    try (EndorsementKey key = EndorsementKey.create(tpm, settings.endorsementKey())) {
      return certified(key, settings);
    } catch (TpmException e) {
      throw Refusals.of(e, Reason.UNAVAILABLE, "the TPM has no such endorsement key");
    }
  }

  /**
   * A session that encrypts, salted to the endorsement key that the owner has certified: whoever
   * sits on the bus with a key of his own gets no session.
   */
  private static Session sessionWith(Tpm tpm, PlatformSettings settings)
      throws TaoException, TpmException {
    try (EndorsementKey key = EndorsementKey.create(tpm, settings.endorsementKey())) {
      certified(key, settings);
      return key.encryptedSession();
    }
  }

  private static Segment certified(EndorsementKey key, PlatformSettings settings)
      throws TaoException {
    Segment platform = AttestationKey.platform(key.area());
    TaoName certified;
    try {
      certified =
          new AttestationVerifier(settings.policyKey())
              .verify(settings.certificate(), settings.clock().instant());
    } catch (AttestationException e) {
      throw new TaoException(Reason.UNAVAILABLE, "no certificate: " + e.getMessage(), e);
    }
    if (!certified.equals(TaoName.of(platform))) {
      throw new TaoException(Reason.UNAVAILABLE, "the certificate is another TPM's");
    }
    return platform;
  }

  private static SecureRandom seeded(Tpm tpm) throws TpmException {
    SecureRandom random = new SecureRandom();
    random.nextBytes(new byte[1]);
    random.setSeed(tpm.execute(new GetRandom(SEED_SIZE)));
    return random;
  }
}
