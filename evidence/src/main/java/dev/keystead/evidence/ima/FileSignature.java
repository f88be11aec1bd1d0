package dev.keystead.evidence.ima;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.tpm.structure.HashAlg;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A file's signature as the kernel keeps it, {@code struct signature_v2_hdr}, all big-endian: type
 * (3 IMA, 5 portable EVM, 6 fs-verity), version (2; 3 for fs-verity), hash algorithm, key id of
 * four bytes, length, signature. RSA PKCS#1 v1.5 or ECDSA in DER. SHA-1 is not accepted.
 *
 * @param type 3, 5 or 6
 * @param hash of the signed digest
 * @param keyId of the key that made it
 * @param value the signature itself
 */
public record FileSignature(int type, HashAlg hash, int keyId, byte[] value) {
  private static final int HEADER = 9;
  private static final int IMA = 3;
  private static final int EVM_PORTABLE = 5;
  private static final int VERITY = 6;

  /** The kernel's numbers of hash algorithms. */
  private static final Map<Integer, HashAlg> HASHES =
      Map.of(
          4, HashAlg.SHA256,
          5, HashAlg.SHA384,
          6, HashAlg.SHA512,
          20, HashAlg.SHA3_256,
          21, HashAlg.SHA3_384,
          22, HashAlg.SHA3_512);

  /** What stands before a digest in PKCS#1 v1.5: DER of a DigestInfo, by algorithm. */
  private static final Map<HashAlg, String> DIGEST_INFO =
      Map.of(
          HashAlg.SHA256, "3031300d060960864801650304020105000420",
          HashAlg.SHA384, "3041300d060960864801650304020205000430",
          HashAlg.SHA512, "3051300d060960864801650304020305000440",
          HashAlg.SHA3_256, "3031300d060960864801650304020805000420",
          HashAlg.SHA3_384, "3041300d060960864801650304020905000430",
          HashAlg.SHA3_512, "3051300d060960864801650304020a05000440");

  /**
   * Parses all of {@code bytes}.
   *
   * @throws EvidenceException with FILE_SIGNATURE_INVALID
   */
  public static FileSignature parse(byte[] bytes) {
    if (bytes.length < HEADER) {
      throw invalid("the signature is shorter than its header");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int type = in.get();
    int version = in.get();
    if (!((type == IMA || type == EVM_PORTABLE) && version == 2)
        && !(type == VERITY && version == 3)) {
      throw invalid("the signature is of type %d, version %d".formatted(type, version));
    }
    int number = in.get();
    HashAlg hash = HASHES.get(number);
    if (hash == null) {
      throw invalid("the signature's hash algorithm %d is not accepted".formatted(number));
    }
    int keyId = in.getInt();
    int size = Short.toUnsignedInt(in.getShort());
    if (size != in.remaining()) {
      throw invalid(
          "the signature says it has %d bytes and has %d".formatted(size, in.remaining()));
    }
    return new FileSignature(type, hash, keyId, Arrays.copyOfRange(bytes, HEADER, bytes.length));
  }

  /**
   * Requires that a key of these keyrings made the signature over the file's digest.
   *
   * @return the key
   * @throws EvidenceException with FILE_SIGNATURE_INVALID
   */
  public ImaKey verify(MeasuredDigest digest, List<Keyring> keyrings) {
    if (digest.alg().filter(alg -> alg == hash).isEmpty()) {
      throw invalid(
          "the file's digest is %s, the signature is over %s"
              .formatted(digest.label(), hash.label()));
    }
    if (digest.isVerity() != (type == VERITY)) {
      throw invalid("the signature is of type %d, the digest %s".formatted(type, digest.label()));
    }
    byte[] signed = type == VERITY ? fileId(digest) : digest.value();
    boolean known = false;
    for (Keyring keyring : keyrings) {
      for (ImaKey key : keyring.find(keyId)) {
        known = true;
        if (isBy(key.key(), signed)) {
          return key;
        }
      }
    }
    throw invalid(
        (known ? "the signature does not verify with key 0x%08x" : "there is no key 0x%08x")
            .formatted(keyId));
  }

  /** The hash of the kernel's {@code struct ima_file_id}: type, algorithm and digest. */
  private byte[] fileId(MeasuredDigest digest) {
    int number =
        HASHES.entrySet().stream()
            .filter(entry -> entry.getValue() == hash)
            .mapToInt(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    return hash.hash(new byte[] {VERITY, (byte) number}, digest.value());
  }

  private boolean isBy(PublicKey key, byte[] signed) {
    try {
      if (key instanceof RSAPublicKey rsa) {
        return isByRsa(rsa, signed);
      }
      Signature check = Signature.getInstance("NONEwithECDSA");
      check.initVerify(key);
      check.update(signed);
      return check.verify(value);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw invalid("the signature cannot be checked: " + e.getMessage());
    }
  }

  /** Compares with the one encoding that is right; nothing of the signer's padding is parsed. */
  private boolean isByRsa(RSAPublicKey key, byte[] signed) {
    BigInteger number = new BigInteger(1, value);
    int size = (key.getModulus().bitLength() + 7) / 8;
    if (value.length != size || number.compareTo(key.getModulus()) >= 0) {
      return false;
    }
    byte[] info = HexFormat.of().parseHex(DIGEST_INFO.getOrDefault(hash, ""));
    byte[] encoded = new byte[size];
    Arrays.fill(encoded, (byte) 0xff);
    encoded[0] = 0;
    encoded[1] = 1;
    int at = size - signed.length - info.length;
    encoded[at - 1] = 0;
    System.arraycopy(info, 0, encoded, at, info.length);
    System.arraycopy(signed, 0, encoded, size - signed.length, signed.length);
    return number
        .modPow(key.getPublicExponent(), key.getModulus())
        .equals(new BigInteger(1, encoded));
  }

  private static EvidenceException invalid(String detail) {
    return new EvidenceException(Finding.Code.FILE_SIGNATURE_INVALID, "file signature", detail);
  }
}
