package dev.keystead.tpm.endorsement;

import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Loaded;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.ActivateCredential;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.Policy;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.session.SessionSpec;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkPolicy;
import dev.keystead.tpm.template.EkTemplate;
import java.util.List;
import java.util.Optional;

/** A loaded endorsement key; closing it flushes it. */
public final class EndorsementKey implements AutoCloseable {
  private final Tpm tpm;
  private final TpmObject object;
  private final EkTemplate template;

  private EndorsementKey(Tpm tpm, TpmObject object, EkTemplate template) {
    this.tpm = tpm;
    this.object = object;
    this.template = template;
  }

  /** Derives the key; the endorsement hierarchy's authorization value is empty. */
  public static EndorsementKey create(Tpm tpm, EkTemplate template) throws TpmException {
    TpmObject object =
        tpm.open(new CreatePrimary(Handle.ENDORSEMENT.withEmptyAuth(), template.area()));
    return new EndorsementKey(tpm, object, template);
  }

  /** Its public area. */
  public TpmPublic area() {
    return object.area();
  }

  /** Its Name. */
  public TpmName name() {
    return object.name();
  }

  /** Handle and public area, for instance to salt sessions to. */
  public Loaded loaded() {
    return object.loaded();
  }

  /** An HMAC session salted to this key, which encrypts parameters both ways. */
  public Session encryptedSession() throws TpmException {
    return SessionSpec.hmac().hash(area().nameAlg()).salted(loaded()).encrypting().open(tpm);
  }

  /** A policy session that has satisfied this key's policy once; it is good for one command. */
  public Session authorization() throws TpmException {
    EkPolicy policy = template.policy();
    Session session = SessionSpec.policy().hash(policy.hash()).open(tpm);
    try {
      tpm.execute(new Policy.BySecret(Handle.ENDORSEMENT.withEmptyAuth(), session));
      Optional<byte[]> alternative = policy.alternative();
      if (alternative.isPresent()) {
        byte[] policyA = tpm.execute(new Policy.GetDigest(session));
        tpm.execute(new Policy.Or(session, List.of(policyA, alternative.get())));
      }
      return session;
    } catch (TpmException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Opens a credential that was made for this key and an attestation key with an empty
   * authorization value. The credential crosses the bus encrypted.
   */
  public Secret activate(Handle attestationKey, ProtectedCredential credential)
      throws TpmException {
    try (Session policy = authorization();
        Session encrypted = encryptedSession()) {
      return tpm.execute(
          new ActivateCredential(
              attestationKey.withEmptyAuth(), object.handle().with(policy), credential),
          encrypted);
    }
  }

  /** Flushes the key. */
  @Override
  public void close() throws TpmException {
    object.close();
  }
}
