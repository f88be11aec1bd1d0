package dev.keystead.http.tls;

/** The kinds of key that are generated for certificates. */
public enum KeyType {
  /** ECDSA on NIST P-256. */
  EC_P256,
  /** RSA with 2048 bits. */
  RSA_2048
}
