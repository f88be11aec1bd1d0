package dev.keystead.tao;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.host.Credentials;
import dev.keystead.tao.host.SoftwareHost;
import dev.keystead.tao.platform.PcrApproval;
import dev.keystead.tao.platform.PcrState;
import dev.keystead.tao.platform.PlatformCertifier;
import dev.keystead.tao.platform.PlatformRequest;
import dev.keystead.tao.platform.PlatformSettings;
import dev.keystead.tao.platform.SealedRoot;
import dev.keystead.tao.platform.SealedRoot.Release;
import dev.keystead.tao.platform.TpmHost;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A machine with a real TPM (libtpms in this process), and what its host keeps on disk. */
public final class Machine implements AutoCloseable {
  /** The PCRs that measure; 16 and 23 can be reset, which makes "booting" quick. */
  public static final PcrSelection PCRS = PcrSelection.of(HashAlg.SHA256, 0, 16, 23);

  private final TpmAddress address;
  private Tpm tpm;
  private @Nullable SealedRoot root;

  /** A machine that has just been switched on for the first time. */
  public Machine(Path state) throws Exception {
    this.address = new TpmAddress.Embedded(state);
    this.tpm = address.open();
  }

  /** Switches the machine off and on again. */
  public Machine reset() throws Exception {
    tpm.close();
    tpm = address.open();
    return this;
  }

  /** Its TPM. */
  public Tpm tpm() {
    return tpm;
  }

  /** Puts the PCRs into the state that they have when this operating system was booted. */
  public Machine boot(String os) throws Exception {
    for (int pcr : new int[] {16, 23}) {
      tpm.execute(new Pcr.Reset(Handle.pcr(pcr).withEmptyAuth()));
      Digest event = Digest.hash(HashAlg.SHA256, os.getBytes(StandardCharsets.UTF_8));
      tpm.execute(new Pcr.Extend(Handle.pcr(pcr).withEmptyAuth(), List.of(event)));
    }
    return this;
  }

  /** What its PCRs hold. */
  public PcrState pcrs() throws Exception {
    return PcrState.read(tpm, PCRS);
  }

  /** Settings with a certificate that the owner has really made for this TPM. */
  public PlatformSettings settings(Domain domain, PcrApproval... approvals) throws Exception {
    return settings(domain, Credentials.none(), approvals);
  }

  /** Settings with credentials of operating systems. */
  public PlatformSettings settings(Domain domain, Credentials credentials, PcrApproval... approvals)
      throws Exception {
    PlatformRequest request = PlatformRequest.of(tpm, EkTemplate.L2_ECC_P256);
    AttestCertificate certificate =
        new PlatformCertifier(domain.owner(), Set.of(request.platform()), new SecureRandom())
            .certify(request, domain.year())
            .open(tpm, EkTemplate.L2_ECC_P256);
    return new PlatformSettings(
        domain.policyKey(),
        EkTemplate.L2_ECC_P256,
        PCRS,
        certificate,
        List.of(approvals),
        credentials,
        Duration.ofHours(1),
        domain);
  }

  /**
   * The TPM's host, with the root that the machine has, or a first one for the PCRs as they are.
   */
  public TpmHost host(Domain domain, PcrApproval... approvals) throws Exception {
    PlatformSettings settings = settings(domain, approvals);
    return host(settings, approvals.length == 0 ? Release.THESE_PCRS : Release.APPROVED_PCRS);
  }

  /** The TPM's host with the root that the machine has, or with a first one. */
  public TpmHost host(PlatformSettings settings, Release release) throws Exception {
    SealedRoot kept = root != null ? root : TpmHost.createRoot(tpm, settings, release);
    root = SealedRoot.parse(kept.encode());
    return TpmHost.open(tpm, settings, root);
  }

  /** The host that is the operating system, on the TPM's host. */
  public static SoftwareHost operatingSystem(Domain domain, Tao tpm, SealedBlob state)
      throws Exception {
    return SoftwareHost.open(
        domain.settings(tpm.getHostedMeasurement().segment(TaoName.LINUX)), tpm, state);
  }

  @Override
  public void close() throws TpmException {
    tpm.close();
  }
}
