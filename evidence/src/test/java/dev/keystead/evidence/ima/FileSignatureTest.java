package dev.keystead.evidence.ima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Refusal;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSignatureTest {
  private static final byte[] FILE = {'#', '!'};

  private static KeyPair keys(String algorithm, int size) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair();
  }

  private static byte[] header(int type, int version, int hash, int keyId, byte[] signature) {
    return ByteBuffer.allocate(9 + signature.length)
        .put((byte) type)
        .put((byte) version)
        .put((byte) hash)
        .putInt(keyId)
        .putShort((short) signature.length)
        .put(signature)
        .array();
  }

  private static byte[] sign(KeyPair keys, String name, byte[] message)
      throws GeneralSecurityException {
    Signature signer = Signature.getInstance(name);
    signer.initSign(keys.getPrivate());
    signer.update(message);
    return signer.sign();
  }

  private static MeasuredDigest digest(HashAlg alg) {
    return new MeasuredDigest(alg.label(), alg.hash(FILE));
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, SHA256withRSA, 4, SHA256",
    "RSA, 3072, SHA512withRSA, 6, SHA512",
    "EC, 256, SHA256withECDSA, 4, SHA256",
    "EC, 384, SHA384withECDSA, 5, SHA384",
  })
  void aSignatureOverTheFilesDigestVerifies(
      String type, int size, String name, int hash, HashAlg alg) throws GeneralSecurityException {
    KeyPair keys = keys(type, size);
    ImaKey key = ImaKey.of(keys.getPublic());
    byte[] bytes = header(3, 2, hash, key.id(), sign(keys, name, FILE));
    List<Keyring> rings = List.of(Keyring.EMPTY, new Keyring(List.of(key)));
    assertThat(FileSignature.parse(bytes).verify(digest(alg), rings)).isEqualTo(key);
    MeasuredDigest other = new MeasuredDigest(alg.label(), alg.hash(FILE, FILE));
    Refusal.of(Code.FILE_SIGNATURE_INVALID, () -> FileSignature.parse(bytes).verify(other, rings));
    for (int at = 3; at < bytes.length; at += at < 12 ? 1 : 29) {
      byte[] mutant = bytes.clone();
      mutant[at] ^= 1;
      assertThatThrownBy(() -> FileSignature.parse(mutant).verify(digest(alg), rings))
          .isInstanceOf(EvidenceException.class);
    }
  }

  @Test
  void anFsVeritySignatureIsOverTheKernelsFileId() throws GeneralSecurityException {
    KeyPair keys = keys("EC", 256);
    ImaKey key = ImaKey.of(keys.getPublic());
    byte[] root = HashAlg.SHA256.hash(FILE);
    byte[] id = ByteBuffer.allocate(34).put((byte) 6).put((byte) 4).put(root).array();
    FileSignature signature =
        FileSignature.parse(header(6, 3, 4, key.id(), sign(keys, "SHA256withECDSA", id)));
    List<Keyring> rings = List.of(new Keyring(List.of(key)));
    assertThat(signature.verify(new MeasuredDigest("verity:sha256", root), rings)).isEqualTo(key);
    Refusal.of(
        Code.FILE_SIGNATURE_INVALID,
        () -> signature.verify(new MeasuredDigest("sha256", root), rings));
  }

  @Test
  void aSignatureByAKeyOutsideTheKeyringsIsRefused() throws GeneralSecurityException {
    KeyPair keys = keys("EC", 256);
    ImaKey key = ImaKey.of(keys.getPublic());
    ImaKey stranger = new ImaKey(key.id(), keys("EC", 256).getPublic());
    FileSignature signature =
        FileSignature.parse(header(3, 2, 4, key.id(), sign(keys, "SHA256withECDSA", FILE)));
    assertThat(
            Refusal.of(
                    Code.FILE_SIGNATURE_INVALID,
                    () -> signature.verify(digest(HashAlg.SHA256), List.of(Keyring.EMPTY)))
                .detail())
        .contains("there is no key 0x");
    assertThat(
            Refusal.of(
                    Code.FILE_SIGNATURE_INVALID,
                    () ->
                        signature.verify(
                            digest(HashAlg.SHA256), List.of(new Keyring(List.of(stranger)))))
                .detail())
        .contains("does not verify");
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 4", "3, 1, 4", "3, 3, 4", "6, 2, 4", "3, 2, 2", "3, 2, 99"})
  void typesVersionsAndHashesThatAreNotAcceptedAreRefused(int type, int version, int hash) {
    Refusal.of(
        Code.FILE_SIGNATURE_INVALID,
        () -> FileSignature.parse(header(type, version, hash, 1, new byte[256])));
  }

  @Test
  void weakKeysAreNoKeys() throws GeneralSecurityException {
    KeyPair weak = keys("RSA", 1024);
    assertThatThrownBy(() -> ImaKey.of(weak.getPublic()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ImaKey.find(weak.getPublic().getEncoded())).isEmpty();
    assertThat(ImaKey.find(keys("RSA", 2048).getPublic().getEncoded())).isPresent();
    assertThat(ImaKey.find(new byte[] {0x30, 0})).isEmpty();
  }

  @FuzzTest(maxDuration = "60s")
  void anySignatureOrKeyIsRefusedOrRead(byte[] bytes) {
    ImaKey.find(bytes);
    try {
      FileSignature.parse(bytes).verify(digest(HashAlg.SHA256), List.of(Keyring.EMPTY));
      throw new AssertionError("a signature without a key verified");
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Code.FILE_SIGNATURE_INVALID);
    }
  }
}
