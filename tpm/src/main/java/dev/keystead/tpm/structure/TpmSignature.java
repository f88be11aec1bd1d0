package dev.keystead.tpm.structure;

/** TPMT_SIGNATURE (Part 2, 11.3.4) of the schemes that we accept. */
public sealed interface TpmSignature {
  /** TPM_ALG_RSASSA. */
  int RSASSA = 0x0014;

  /** TPM_ALG_RSAPSS. */
  int RSAPSS = 0x0016;

  /** TPM_ALG_ECDSA. */
  int ECDSA = 0x0018;

  /** The hash that was signed. */
  HashAlg hash();

  /** RSASSA-PKCS1-v1_5. */
  record RsaSsa(HashAlg hash, byte[] signature) implements TpmSignature {}

  /** RSASSA-PSS; a TPM's salt is as long as fits or as the hash. */
  record RsaPss(HashAlg hash, byte[] signature) implements TpmSignature {}

  /** ECDSA; r and s are unsigned big-endian numbers. */
  record Ecdsa(HashAlg hash, byte[] r, byte[] s) implements TpmSignature {}

  /** Parses all of {@code bytes}. */
  static TpmSignature parse(byte[] bytes) {
    TpmReader in = new TpmReader(bytes);
    TpmSignature signature = read(in);
    in.end("TPMT_SIGNATURE");
    return signature;
  }

  /** Parses the structure at the reader. */
  static TpmSignature read(TpmReader in) {
    int scheme = in.u16();
    return switch (scheme) {
      case RSASSA -> new RsaSsa(HashAlg.of(in.u16()), in.sized(512, "the RSA signature"));
      case RSAPSS -> new RsaPss(HashAlg.of(in.u16()), in.sized(512, "the RSA signature"));
      case ECDSA ->
          new Ecdsa(HashAlg.of(in.u16()), in.sized(66, "ECDSA r"), in.sized(66, "ECDSA s"));
      default ->
          throw new TpmFormatException("signature scheme 0x%04x is not accepted".formatted(scheme));
    };
  }

  /** Writes the structure. */
  default void write(TpmWriter out) {
    switch (this) {
      case RsaSsa(HashAlg hash, byte[] signature) ->
          out.u16(RSASSA).u16(hash.id()).sized(signature);
      case RsaPss(HashAlg hash, byte[] signature) ->
          out.u16(RSAPSS).u16(hash.id()).sized(signature);
      case Ecdsa(HashAlg hash, byte[] r, byte[] s) ->
          out.u16(ECDSA).u16(hash.id()).sized(r).sized(s);
    }
  }
}
