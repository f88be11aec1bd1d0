package dev.keystead.evidence.endorsement;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An EK certificate with a valid path to a root; {@link EndorsementVerifier} is the only source.
 */
public final class EndorsedCertificate {
  /** Policies A and B of the EK Credential Profile 2.5, B.6, by the name algorithm of the key. */
  private static final Map<HashAlg, Set<String>> POLICIES =
      Map.of(
          HashAlg.SHA256,
          Set.of(
              "837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa",
              "ca3d0a99a2b93906f7a3342414efcfb3a385d44cd1fd459089d19b5071c0b7a0"),
          HashAlg.SHA384,
          Set.of(
              "b26e7d28d11a50bc53d882bcf5fd3a1a074148bb35d3b4e4"
                  + "cb1c0ad9bde419cacb47ba09699646150f9fc000f3f80e12"),
          HashAlg.SHA512,
          Set.of(
              "b8221ca69e8550a4914de3faa6a18c072cc01208073a928d5d66d59ef79e49a4"
                  + "29c41a6b269571d57edb25fbdb1838425608b413cd616a5f6db5b6071af99bea"));

  private static final int NEEDED =
      ObjectAttributes.RESTRICTED
          | ObjectAttributes.DECRYPT
          | ObjectAttributes.FIXED_TPM
          | ObjectAttributes.FIXED_PARENT
          | ObjectAttributes.SENSITIVE_DATA_ORIGIN
          | ObjectAttributes.ADMIN_WITH_POLICY;

  private final EkCertificate certificate;
  private final List<X509Certificate> path;

  EndorsedCertificate(EkCertificate certificate, List<X509Certificate> path) {
    this.certificate = certificate;
    this.path = List.copyOf(path);
  }

  /** The certificate. */
  public EkCertificate certificate() {
    return certificate;
  }

  /** The path, from the EK's certificate to the root. */
  public List<X509Certificate> path() {
    return path;
  }

  /**
   * Requires that {@code area} is the certified key, and one that only answers credential
   * activation: restricted, made in the TPM and bound to it, under a policy of the profile.
   *
   * @throws EvidenceException with EK_MISMATCH or EK_UNTRUSTED
   */
  public EndorsedKey endorse(TpmPublic area) {
    requireTemplate(area);
    PublicKey key;
    try {
      key = area.toPublicKey();
    } catch (TpmFormatException e) {
      throw new EvidenceException(
          Code.EK_UNTRUSTED, "endorsement key", String.valueOf(e.getMessage()));
    }
    if (!EndorsedKey.sameKey(key, certificate.publicKey())) {
      throw new EvidenceException(
          Code.EK_MISMATCH, "endorsement key", "it is not the key in the certificate");
    }
    return new EndorsedKey(area, this);
  }

  private static void requireTemplate(TpmPublic area) {
    if (!area.attributes().has(NEEDED) || !area.attributes().hasNone(ObjectAttributes.SIGN)) {
      throw unfit("attributes 0x%08x are not an EK's".formatted(area.attributes().bits()));
    }
    String policy = HexFormat.of().formatHex(area.authPolicy());
    if (!POLICIES.getOrDefault(area.nameAlg(), Set.of()).contains(policy)) {
      throw unfit("authPolicy %s with %s is no EK's".formatted(policy, area.nameAlg().label()));
    }
    boolean storage =
        switch (area.key()) {
          case TpmPublic.Rsa rsa ->
              rsa.symmetric().isPresent() && rsa.schemeHash().isEmpty() && rsa.bits() >= 2048;
          case TpmPublic.Ecc ecc -> ecc.symmetric().isPresent() && ecc.schemeHash().isEmpty();
          case TpmPublic.KeyedHash _ -> false;
        };
    if (!storage) {
      throw unfit("it is not a storage key of today's strength");
    }
  }

  private static EvidenceException unfit(String detail) {
    return new EvidenceException(Code.EK_UNTRUSTED, "endorsement key", detail);
  }
}
