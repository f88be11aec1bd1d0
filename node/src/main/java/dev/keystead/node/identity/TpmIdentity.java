package dev.keystead.node.identity;

import dev.keystead.node.AgentException;
import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.ResponseCode;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.TpmResponseException;
import dev.keystead.tpm.command.Attestation;
import dev.keystead.tpm.command.Certify;
import dev.keystead.tpm.command.Create;
import dev.keystead.tpm.command.Load;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.endorsement.EkCertificates;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The machine's identity in its TPM: the endorsement key, and an attestation key that is made once
 * below it and loaded for as long as the agent runs. Used by one thread at a time.
 */
public final class TpmIdentity implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TpmIdentity.class.getName());

  private final Tpm tpm;
  private final EkTemplate template;
  private final TpmPublic endorsementKey;
  private final EkCertificates certificates;
  private final StoredIdentity stored;
  private TpmObject attestationKey;

  private TpmIdentity(
      Tpm tpm,
      EkTemplate template,
      EndorsementKey ek,
      EkCertificates certificates,
      StoredIdentity stored)
      throws TpmException {
    this.tpm = tpm;
    this.template = template;
    this.endorsementKey = ek.area();
    this.certificates = certificates;
    this.stored = stored;
    this.attestationKey = load(ek);
  }

  /**
   * Loads the attestation key that {@code work} holds, or makes one and keeps it there.
   *
   * @param hash what the attestation key signs with
   * @throws AgentException when what is kept is damaged or belongs to another TPM
   */
  public static TpmIdentity open(Tpm tpm, Path work, KeyAlgorithms algorithms, HashAlg hash)
      throws IOException {
    TpmPublic attestation = algorithms.attestation(hash);
    EkCertificates certificates = EkCertificates.read(tpm);
    try (EndorsementKey ek = EndorsementKey.create(tpm, algorithms.endorsement())) {
      Optional<StoredIdentity> kept = StoredIdentity.read(work);
      StoredIdentity stored;
      if (kept.isPresent()) {
        stored = kept.get();
        requireFits(stored, ek, attestation, work);
      } else {
        LOG.log(System.Logger.Level.INFO, "makes an attestation key");
        stored = create(tpm, ek, attestation);
        stored.write(work);
      }
      return new TpmIdentity(tpm, algorithms.endorsement(), ek, certificates, stored);
    }
  }

  private static void requireFits(
      StoredIdentity stored, EndorsementKey ek, TpmPublic attestation, Path work) {
    if (!stored.endorsementKey().equals(ek.name()) || !stored.isOfKind(attestation)) {
      throw new AgentException(
          "the attestation key in "
              + work
              + " belongs to another TPM or to other algorithms. If that is meant, remove"
              + " agent-identity.json there and have the owner delete this agent's record at the"
              + " registrar");
    }
  }

  private static StoredIdentity create(Tpm tpm, EndorsementKey ek, TpmPublic template)
      throws TpmException {
    try (Session policy = ek.authorization()) {
      Create.Result made = tpm.execute(new Create(ek.loaded().handle().with(policy), template));
      return new StoredIdentity(ek.name(), made.area(), made.sensitive());
    }
  }

  private TpmObject load(EndorsementKey ek) throws TpmException {
    try (Session policy = ek.authorization()) {
      return tpm.open(
          new Load(ek.loaded().handle().with(policy), stored.area(), stored.sensitive()));
    }
  }

  /** The endorsement key. */
  public TpmPublic endorsementKey() {
    return endorsementKey;
  }

  /** The endorsement key's certificate, if the TPM has one. */
  public Optional<byte[]> certificate() {
    return Optional.ofNullable(certificates.certificates().get(template));
  }

  /** The certificates of issuers that the TPM has. */
  public List<byte[]> chain() {
    return certificates.chain();
  }

  /** The attestation key. */
  public TpmPublic attestationKey() {
    return stored.area();
  }

  /** Where the attestation key is loaded. */
  public Handle handle() {
    return attestationKey.handle();
  }

  /** The endorsement key, loaded anew; sessions are salted to it. */
  EndorsementKey endorsement() throws TpmException {
    return EndorsementKey.create(tpm, template);
  }

  /** Opens a credential that was made for both keys; it crosses the bus encrypted. */
  public Secret activate(ProtectedCredential credential) throws TpmException {
    try (EndorsementKey ek = EndorsementKey.create(tpm, template)) {
      return ek.activate(attestationKey.handle(), credential);
    }
  }

  /** Certifies the attestation key by itself, over a challenge. */
  Attestation certifyItself(byte[] challenge) throws TpmException {
    Authorized key = handle().withEmptyAuth();
    return tpm.execute(new Certify(key, key, challenge, SignatureScheme.OF_KEY));
  }

  /** Whether this says that the key is gone from the TPM: somebody reset or cleared it. */
  static boolean saysKeyIsGone(TpmException e) {
    return e instanceof TpmResponseException refusal
        && (refusal.code().is(ResponseCode.REFERENCE_H0) || refusal.code().is(ResponseCode.HANDLE));
  }

  /** Loads the attestation key again after the TPM was reset. */
  void reload() throws TpmException {
    try (EndorsementKey ek = EndorsementKey.create(tpm, template)) {
      if (!ek.name().equals(stored.endorsementKey())) {
        throw new AgentException("the TPM has been cleared or replaced: it has another key");
      }
      attestationKey = load(ek);
    }
  }

  /** Flushes the attestation key. */
  @Override
  public void close() throws TpmException {
    attestationKey.close();
  }
}
