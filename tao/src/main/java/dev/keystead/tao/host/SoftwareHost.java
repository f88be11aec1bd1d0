package dev.keystead.tao.host;

import dev.keystead.claims.Segment;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.Entropy;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.Statement;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.seal.FreshSealer;
import dev.keystead.tao.seal.Sealer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * The core of every host that is a program itself, over the Tao of the host below. The host below
 * seals its state and attests its key; everything after that is done here, without asking it again.
 * Who the programs on it are is for whoever measures and starts them to say: {@link #hosted}. Safe
 * for several threads.
 */
public final class SoftwareHost {
  private final HostSettings settings;
  private final HostState state;
  private final OwnCertificate certificate;
  private final Sealer sealer;
  private final Optional<FreshSealer> fresh;
  private final SecureRandom random;
  private final byte[] boot = new byte[Statement.BOOT_SIZE];

  private SoftwareHost(
      HostSettings settings,
      Tao parent,
      HostState state,
      Optional<FreshStorage> storage,
      SecureRandom random)
      throws TaoException {
    this.settings = settings;
    this.state = state;
    this.random = random;
    this.certificate = new OwnCertificate(settings, parent, state.spki());
    if (certificate.name().segments().size() == TaoName.MAX_SEGMENTS) {
      throw new TaoException(Reason.UNSUPPORTED, "names have no room for programs on this host");
    }
    this.sealer = new Sealer(state.root(), settings.clock());
    this.fresh =
        storage.isPresent()
            ? Optional.of(storage.get().open(state.root(), sealer))
            : Optional.empty();
    random.nextBytes(boot);
  }

  /**
   * Makes the state of a new host, sealed by the host below.
   *
   * @param policy which versions of this program may open it
   */
  public static SealedBlob create(HostSettings settings, Tao parent, SealPolicy policy)
      throws TaoException {
    byte[] fresh = HostState.fresh(settings.policyKey(), seeded(parent));
    try {
      return parent.seal(fresh, policy);
    } finally {
      Arrays.fill(fresh, (byte) 0);
    }
  }

  /** {@link #open(HostSettings, Tao, SealedBlob, Optional)} without a counter. */
  public static SoftwareHost open(HostSettings settings, Tao parent, SealedBlob state)
      throws TaoException {
    return open(settings, parent, state, Optional.empty());
  }

  /**
   * Starts a host with the state that {@link #create} made.
   *
   * @param storage what lets programs seal fresh, if the host can have it
   * @throws TaoException NOT_UNSEALED when the state is not this program's, on this host, under
   *     this policy key; UNAVAILABLE when nobody would believe what this host attests, for want of
   *     a chain of certificates to the policy key
   */
  public static SoftwareHost open(
      HostSettings settings, Tao parent, SealedBlob state, Optional<FreshStorage> storage)
      throws TaoException {
    byte[] unsealed = parent.unseal(state);
    try {
      HostState opened = HostState.parse(unsealed, settings.policyKey());
      return new SoftwareHost(settings, parent, opened, storage, seeded(parent));
    } finally {
      Arrays.fill(unsealed, (byte) 0);
    }
  }

  /** The host's full name, the platform first. */
  public TaoName name() {
    return certificate.name();
  }

  /** The host's settings. */
  public HostSettings settings() {
    return settings;
  }

  /** Why the host's attestation key is to be believed. */
  public AttestCertificate certificate() throws TaoException {
    return certificate.get();
  }

  /**
   * What one program on this host has of it. The caller has measured the program, and gives the
   * result to that program and nobody else.
   *
   * @param program kind and measurement of the program
   * @param starter what the program may start
   */
  public HostView hosted(Segment program, ProgramStarter starter) {
    return new HostView(this, program, starter);
  }

  Attestation attest(Segment program, AttestRequest request) throws TaoException {
    request.requireAllowed();
    AttestCertificate current = certificate.get();
    Validity validity = Validity.from(settings.clock().instant(), settings.validity());
    Statement statement =
        new Statement(
            settings.policyKey().digest(), name(), program, request, validity, boot.clone());
    try {
      return statement.signed(state.key(), current);
    } catch (CoseException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the attestation key does not sign", e);
    }
  }

  Sealer sealer() {
    return sealer;
  }

  FreshSealer fresh() throws TaoException {
    return fresh.orElseThrow(
        () -> new TaoException(Reason.UNSUPPORTED, "this host has no counter"));
  }

  byte[] entropy(int bits) throws TaoException {
    return Entropy.take(random, bits);
  }

  /** The operating system's random source, to which the host below has added. */
  private static SecureRandom seeded(Tao parent) throws TaoException {
    SecureRandom random = new SecureRandom();
    random.nextBytes(new byte[1]);
    random.setSeed(parent.getEntropy(256));
    return random;
  }
}
