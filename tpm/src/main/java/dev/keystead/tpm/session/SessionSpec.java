package dev.keystead.tpm.session;

import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Loaded;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.StartAuthSession;
import dev.keystead.tpm.crypto.Kdf;
import dev.keystead.tpm.crypto.SeedExchange;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.SymmetricDef;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a session shall be; {@link #open} starts it (Part 1, 19.6).
 *
 * <p>Nothing is secret from the bus unless the session is salted to a key whose public area is
 * known to be the TPM's, or bound to an entity with a secret authorization value.
 *
 * @param salt the decryption key in the TPM that the salt is encrypted for
 * @param bind the entity whose authorization value goes into the session key
 * @param bindAuth that value
 */
public record SessionSpec(
    Session.Kind kind,
    HashAlg hash,
    Optional<Loaded> salt,
    Optional<Handle> bind,
    Secret bindAuth,
    Optional<SymmetricDef> symmetric) {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static SessionSpec of(Session.Kind kind) {
    return new SessionSpec(
        kind, HashAlg.SHA256, Optional.empty(), Optional.empty(), Secret.empty(), Optional.empty());
  }

  /** An HMAC session with SHA-256, neither salted nor bound, that does not encrypt. */
  public static SessionSpec hmac() {
    return of(Session.Kind.HMAC);
  }

  /** A policy session with SHA-256, neither salted nor bound, that does not encrypt. */
  public static SessionSpec policy() {
    return of(Session.Kind.POLICY);
  }

  /** A trial session with SHA-256: it only computes a policy digest. */
  public static SessionSpec trial() {
    return of(Session.Kind.TRIAL);
  }

  /** With another hash. */
  public SessionSpec hash(HashAlg alg) {
    return new SessionSpec(kind, alg, salt, bind, bindAuth, symmetric);
  }

  /** Salted to a storage or endorsement key in the TPM, RSA or ECC. */
  public SessionSpec salted(Loaded key) {
    return new SessionSpec(kind, hash, Optional.of(key), bind, bindAuth, symmetric);
  }

  /** Bound to an entity by its authorization value. */
  public SessionSpec bound(Handle entity, Secret auth) {
    return new SessionSpec(kind, hash, salt, Optional.of(entity), auth, symmetric);
  }

  /** Encrypting parameters both ways with AES-128-CFB. */
  public SessionSpec encrypting() {
    return encrypting(SymmetricDef.AES_128);
  }

  /** Encrypting parameters both ways. */
  public SessionSpec encrypting(SymmetricDef def) {
    return new SessionSpec(kind, hash, salt, bind, bindAuth, Optional.of(def));
  }

  /** Starts the session. */
  public Session open(Tpm tpm) throws TpmException {
    byte[] nonceCaller = new byte[hash.size()];
    RANDOM.nextBytes(nonceCaller);
    SeedExchange seed =
        salt.map(key -> SeedExchange.with(key.area(), "SECRET", RANDOM))
            .orElse(new SeedExchange(new byte[0], new byte[0]));
    StartAuthSession.Result result =
        tpm.execute(
            new StartAuthSession(
                salt.map(Loaded::handle).orElse(Handle.NULL),
                bind.orElse(Handle.NULL),
                nonceCaller,
                seed.encrypted(),
                kind,
                symmetric,
                hash));
    byte[] key = key(seed.seed(), result.nonceTpm(), nonceCaller);
    Optional<TpmName> bound = bind.map(Handle::name);
    return Session.of(
        tpm,
        new Session.Started(result.handle(), kind, hash, key, result.nonceTpm(), symmetric, bound));
  }

  private byte[] key(byte[] seed, byte[] nonceTpm, byte[] nonceCaller) {
    if (salt.isEmpty() && bind.isEmpty()) {
      return new byte[0];
    }
    byte[] auth = bindAuth.authValue();
    byte[] secret = new TpmWriter().bytes(auth).bytes(seed).toBytes();
    byte[] key = Kdf.a(hash, secret, "ATH", nonceTpm, nonceCaller, hash.size() * 8);
    Arrays.fill(auth, (byte) 0);
    Arrays.fill(seed, (byte) 0);
    Arrays.fill(secret, (byte) 0);
    return key;
  }
}
