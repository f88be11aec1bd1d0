package dev.keystead.tao.platform;

import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.seal.SealingRoot;
import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.Create;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.Load;
import dev.keystead.tpm.command.LoadExternal;
import dev.keystead.tpm.command.Policy;
import dev.keystead.tpm.command.Unseal;
import dev.keystead.tpm.command.VerifySignature;
import dev.keystead.tpm.session.SessionSpec;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.Ticket;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.KeyTemplate;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * The root of the TPM host's sealing keys, as the TPM keeps it outside of itself: a sealed object
 * under the storage root key that only its policy releases.
 */
public record SealedRoot(TpmPublic area, byte[] sensitive) {
  private static final int MAX_SIZE = 4096;

  /** When the TPM releases a root. */
  public enum Release {
    /** With the PCRs as they are now, and never again after they have changed. */
    THESE_PCRS,
    /** With the PCRs in any state that the policy key has approved, before or after. */
    APPROVED_PCRS
  }

  /** Parses all of {@code bytes}. */
  public static SealedRoot parse(byte[] bytes) throws CborException {
    if (Cbor.parse(bytes, MAX_SIZE) instanceof Cbor.Array array
        && array.items().size() == 3
        && array.items().get(0).equals(Cbor.of(1))
        && array.items().get(1) instanceof Cbor.Bytes(byte[] area)
        && array.items().get(2) instanceof Cbor.Bytes(byte[] sensitive)) {
      try {
        return new SealedRoot(TpmPublic.parse(area), sensitive);
      } catch (TpmFormatException e) {
        throw new CborException("the sealed root: " + e.getMessage());
      }
    }
    throw new CborException("that is no sealed root");
  }

  /** [1, TPMT_PUBLIC, the content of TPM2B_PRIVATE]. */
  public byte[] encode() {
    return Cbor.array(Cbor.of(1), Cbor.of(area.toBytes()), Cbor.of(sensitive)).encode();
  }

  /** A fresh root; {@code session} encrypts it on its way. */
  static SealedRoot create(Tpm tpm, Session session, byte[] policy, SecureRandom random)
      throws TpmException {
    byte[] fresh = new byte[SealingRoot.SIZE];
    random.nextBytes(fresh);
    try (TpmObject parent = parent(tpm);
        Secret secret = Secret.of(fresh)) {
      Create.Result created =
          tpm.execute(
              new Create(
                  parent.handle().withEmptyAuth(),
                  KeyTemplate.sealedByPolicy(policy),
                  Secret.empty(),
                  secret),
              session);
      return new SealedRoot(created.area(), created.sensitive());
    } finally {
      Arrays.fill(fresh, (byte) 0);
    }
  }

  /**
   * Has the TPM release the root, if the PCRs are in {@code state} now and that is approved.
   *
   * @param session encrypts the root on its way
   * @throws dev.keystead.tpm.TpmResponseException when the TPM does not release it
   */
  Secret unseal(
      Tpm tpm, Session session, PolicyKey policyKey, PcrState state, Optional<PcrApproval> approval)
      throws TpmException {
    boolean approved = MessageDigest.isEqual(area.authPolicy(), PcrPolicy.authorized(policyKey));
    try (TpmObject item = load(tpm);
        Session policy = SessionSpec.policy().open(tpm)) {
      tpm.execute(new Policy.Pcr(policy, state.digest(), state.selection()));
      if (approved && approval.isPresent()) {
        authorize(tpm, policy, policyKey, approval.get());
      }
      return tpm.execute(new Unseal(item.handle().with(policy)), session);
    }
  }

  private static void authorize(Tpm tpm, Session policy, PolicyKey policyKey, PcrApproval approval)
      throws TpmException {
    byte[] digest = PcrPolicy.pcr(approval.state());
    try (TpmObject key = tpm.open(new LoadExternal(PcrPolicy.area(policyKey), Handle.OWNER))) {
      byte[] signed = HashAlg.SHA256.hash(PcrPolicy.toBeSigned(digest));
      Ticket ticket =
          tpm.execute(new VerifySignature(key.handle(), signed, approval.tpmSignature()));
      tpm.execute(new Policy.Authorize(policy, digest, PcrPolicy.ref(), key.name(), ticket));
    }
  }

  private TpmObject load(Tpm tpm) throws TpmException {
    try (TpmObject parent = parent(tpm)) {
      Authorized under = parent.handle().withEmptyAuth();
      return tpm.open(new Load(under, area, sensitive));
    }
  }

  private static TpmObject parent(Tpm tpm) throws TpmException {
    return tpm.open(new CreatePrimary(Handle.OWNER.withEmptyAuth(), KeyTemplate.storageEcc()));
  }
}
