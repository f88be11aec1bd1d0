package dev.keystead.control;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.ChallengeSecret;
import dev.keystead.keylime.registration.DeviceIdentity;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import java.util.Optional;

/** A real TPM (libtpms) with an EK and an AK, as an agent has them. */
public final class TestTpm implements AutoCloseable {
  private final Tpm tpm;
  private final EndorsementKey ek;
  private final TpmObject ak;

  private TestTpm(Tpm tpm, EndorsementKey ek, TpmObject ak) {
    this.tpm = tpm;
    this.ek = ek;
    this.ak = ak;
  }

  public static TestTpm open(Path state, EkTemplate template) throws TpmException {
    Tpm tpm = new TpmAddress.Embedded(state).open();
    EndorsementKey ek = EndorsementKey.create(tpm, template);
    TpmPublic area = KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256);
    TpmObject ak = tpm.open(new CreatePrimary(Handle.ENDORSEMENT.withEmptyAuth(), area));
    return new TestTpm(tpm, ek, ak);
  }

  public static TestTpm open(Path state) throws TpmException {
    return open(state, EkTemplate.L2_ECC_P256);
  }

  public Tpm tpm() {
    return tpm;
  }

  public TpmPublic ek() {
    return ek.area();
  }

  public TpmObject ak() {
    return ak;
  }

  /** The registration that this TPM's agent sends. */
  public Registration registration(int port, Optional<MtlsCert> mtlsCert) {
    return new Registration(
        Optional.empty(),
        ak.area(),
        Optional.of(ek.area()),
        Optional.empty(),
        DeviceIdentity.NONE,
        mtlsCert,
        Optional.of(new ContactAddress("127.0.0.1", port)));
  }

  /** What the TPM makes of a challenge. */
  public AuthTag answer(AgentId id, ChallengeBlob blob) throws TpmException {
    ProtectedCredential credential = new ProtectedCredential(blob.credential(), blob.secret());
    try (Secret secret = ek.activate(ak.handle(), credential)) {
      return ChallengeSecret.adopt(secret.bytes()).authTag(id);
    }
  }

  @Override
  public void close() throws TpmException {
    try (tpm;
        ek;
        ak) {
      // Closed in order: AK, EK, TPM.
    }
  }
}
