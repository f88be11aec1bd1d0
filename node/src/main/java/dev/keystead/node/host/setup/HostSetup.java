package dev.keystead.node.host.setup;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.attestation.HostEndorsement;
import dev.keystead.tao.host.Credentials;
import dev.keystead.tao.host.FreshStorage;
import dev.keystead.tao.host.HostSettings;
import dev.keystead.tao.host.SoftwareHost;
import dev.keystead.tao.platform.PcrState;
import dev.keystead.tao.platform.PlatformRequest;
import dev.keystead.tao.platform.PlatformSettings;
import dev.keystead.tao.platform.SealedRoot;
import dev.keystead.tao.platform.TpmHost;
import dev.keystead.tao.seal.Counter;
import dev.keystead.tao.seal.FreshSealer;
import dev.keystead.tao.seal.NvCounter;
import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.template.KeyTemplate;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A host's set-up, in two steps with the owner between them: the machine asks, the owner grants,
 * the machine makes its root and its state under what was granted.
 */
public final class HostSetup {
  private static final Duration PLATFORM_VALIDITY = Duration.ofHours(24);
  private static final Duration PROGRAM_VALIDITY = Duration.ofHours(1);

  private final HostFolder folder;
  private final InstantSource clock;

  /** Of the host in this directory. */
  public HostSetup(HostFolder folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Asks for a host on this TPM, as what is booted now.
   *
   * @throws HostException when the directory has a host already
   */
  public HostRequest request(HostPlatform platform, PolicyKey policyKey) {
    if (folder.isComplete()) {
      throw new HostException(
          folder.path() + " has a host already; what its programs sealed would be lost");
    }
    try (Tpm tpm = platform.open(folder.tpmMaker())) {
      folder.prepare(platform, policyKey);
      PcrState booted = PcrState.read(tpm, platform.selection());
      return new HostRequest(
          PlatformRequest.of(tpm, HostPlatform.endorsementKey()),
          booted.measurement(policyKey).segment(TaoName.LINUX));
    } catch (IOException e) {
      throw new HostException("the host cannot be prepared: " + e.getMessage(), e);
    }
  }

  /**
   * Makes the host's root and state, and returns its name.
   *
   * @throws HostException when the grant is not for this TPM, as it is booted now
   */
  public TaoName complete(HostGrant grant) {
    HostPlatform platform = folder.platform();
    try (Tpm tpm = platform.open(folder.tpmMaker())) {
      AttestCertificate certificate = grant.certificate().open(tpm, HostPlatform.endorsementKey());
      PlatformSettings below = platform(platform, certificate);
      SealedRoot root = TpmHost.createRoot(tpm, below, SealedRoot.Release.THESE_PCRS);
      TpmHost parent = TpmHost.open(tpm, below, root);
      HostSettings settings = host(grant.endorsement());
      var state = SoftwareHost.create(settings, parent, new SealPolicy.ThisMeasurement());
      TaoName name = makeCounter(tpm, settings, parent, state);
      folder.write("certificate", certificate.bytes());
      folder.write("root", root.encode());
      folder.write("endorsement", grant.endorsement().bytes());
      folder.write("state", state.bytes());
      return name;
    } catch (TaoException | IOException e) {
      throw new HostException("the host cannot be set up: " + e.getMessage(), e);
    }
  }

  /** Makes the counter that everything fresh on this host stands on, and the table for it. */
  private TaoName makeCounter(Tpm tpm, HostSettings settings, TpmHost parent, SealedBlob state)
      throws TaoException, IOException {
    Authorized owner = Handle.OWNER.withEmptyAuth();
    int index = NvCounter.free(tpm);
    try (TpmObject storage = tpm.open(new CreatePrimary(owner, KeyTemplate.storageEcc()))) {
      FreshStorage first =
          (root, sealer) -> {
            Counter counter = NvCounter.define(tpm, index, root, owner, storage.loaded());
            try (FreshSealer fresh = new FreshSealer(root, sealer, counter, folder.fresh())) {
              fresh.create();
              return fresh;
            }
          };
      TaoName name = SoftwareHost.open(settings, parent, state, Optional.of(first)).name();
      folder.writeCounter(index);
      return name;
    }
  }

  /** What the host on this TPM seals fresh with; closed after the host. */
  public CounterStorage storage(Tpm tpm) {
    return new CounterStorage(folder, tpm);
  }

  /** Opens the TPM that the host stands on. */
  public Tpm tpm() {
    try {
      return folder.platform().open(folder.tpmMaker());
    } catch (TpmException e) {
      throw new HostException("the TPM cannot be opened: " + e.getMessage(), e);
    }
  }

  /**
   * The host that was set up.
   *
   * @throws HostException when this is another TPM, or something else was booted
   */
  public SoftwareHost open(Tpm tpm, CounterStorage storage) {
    try {
      PlatformSettings below = platform(folder.platform(), folder.certificate());
      TpmHost parent = TpmHost.open(tpm, below, folder.root());
      return SoftwareHost.open(
          host(folder.endorsement()), parent, folder.state(), Optional.of(storage));
    } catch (TaoException e) {
      throw new HostException(
          "the host does not start, because the TPM or what was booted is not what it was set up"
              + " with: "
              + e.getMessage(),
          e);
    }
  }

  private PlatformSettings platform(HostPlatform platform, AttestCertificate certificate) {
    return new PlatformSettings(
        folder.policyKey(),
        HostPlatform.endorsementKey(),
        platform.selection(),
        certificate,
        List.of(),
        Credentials.none(),
        PLATFORM_VALIDITY,
        clock);
  }

  private HostSettings host(HostEndorsement endorsement) {
    return new HostSettings(
        folder.policyKey(), endorsement, Credentials.none(), PROGRAM_VALIDITY, clock);
  }
}
