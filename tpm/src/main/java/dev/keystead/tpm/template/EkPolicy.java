package dev.keystead.tpm.template;

import dev.keystead.tpm.structure.HashAlg;
import java.util.HexFormat;
import java.util.Optional;

/** Policies of endorsement keys (EK Credential Profile 2.5, B.6). */
public enum EkPolicy {
  /** PolicySecret of the endorsement hierarchy. */
  A_SHA256(HashAlg.SHA256, "837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa", ""),
  /** PolicyA, or what the NV index 0x01c07f01 authorizes. */
  B_SHA256(
      HashAlg.SHA256,
      "ca3d0a99a2b93906f7a3342414efcfb3a385d44cd1fd459089d19b5071c0b7a0",
      "3767e2edd43ff45a3a7e1eaefcef78643dca964632e7aad82c673a30d8633fde"),
  /** PolicyA, or what the NV index 0x01c07f02 authorizes. */
  B_SHA384(
      HashAlg.SHA384,
      "b26e7d28d11a50bc53d882bcf5fd3a1a074148bb35d3b4e4"
          + "cb1c0ad9bde419cacb47ba09699646150f9fc000f3f80e12",
      "d6032ce61f2fb3c240eb3cf6a33237ef2b6a16f4293c22b4"
          + "55e261cffd217ad5b4947c2d73e63005eed2dc2b3593d165");

  private final HashAlg hash;
  private final String digest;
  private final String alternative;

  EkPolicy(HashAlg hash, String digest, String alternative) {
    this.hash = hash;
    this.digest = digest;
    this.alternative = alternative;
  }

  /** The hash of the policy, which is also the key's name algorithm. */
  public HashAlg hash() {
    return hash;
  }

  /** The policy digest. */
  public byte[] digest() {
    return HexFormat.of().parseHex(digest);
  }

  /** PolicyC, the branch beside PolicyA, for policies that have one. */
  public Optional<byte[]> alternative() {
    return alternative.isEmpty()
        ? Optional.empty()
        : Optional.of(HexFormat.of().parseHex(alternative));
  }
}
