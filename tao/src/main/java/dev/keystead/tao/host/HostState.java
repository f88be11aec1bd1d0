package dev.keystead.tao.host;

import dev.keystead.claims.Sha256;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cbor.CborFields;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.claims.cose.SigningKey;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.seal.SealingRoot;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * What a host keeps from one start to the next, sealed by the host below it: the root of its
 * sealing keys and its attestation key.
 */
record HostState(SealingRoot root, SigningKey key, byte[] spki) {
  private static final int VERSION = 1;
  private static final int MAX_KEY = 512;

  /** The encoding of a fresh state, which the caller zeroes. */
  static byte[] fresh(PolicyKey policyKey, SecureRandom random) {
    byte[] secret = new byte[SealingRoot.SIZE];
    byte[] hostId = new byte[SealingRoot.SIZE];
    random.nextBytes(secret);
    random.nextBytes(hostId);
    KeyPair pair = keyPair(random);
    byte[] pkcs8 = pair.getPrivate().getEncoded();
    try {
      return new CborMap()
          .put(1, Cbor.of(VERSION))
          .put(2, Cbor.of(secret))
          .put(3, Cbor.of(hostId))
          .put(4, Cbor.of(pkcs8))
          .put(5, Cbor.of(pair.getPublic().getEncoded()))
          .put(10, Cbor.of(policyKey.digest()))
          .encode();
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  /** Parses the encoding, which the caller zeroes. */
  static HostState parse(byte[] bytes, PolicyKey policyKey) throws TaoException {
    try {
      CborFields in = CborFields.parse(bytes, 4 * MAX_KEY, "the host's state");
      if (in.uint(1) != VERSION) {
        throw new CborException("a host's state of an unknown version");
      }
      byte[] secret = in.bytes(2, SealingRoot.SIZE, SealingRoot.SIZE);
      byte[] hostId = in.bytes(3, SealingRoot.SIZE, SealingRoot.SIZE);
      byte[] pkcs8 = in.bytes(4, 1, MAX_KEY);
      byte[] spki = in.bytes(5, 1, MAX_KEY);
      byte[] domain = in.bytes(10, Sha256.SIZE, Sha256.SIZE);
      in.end();
      if (!MessageDigest.isEqual(domain, policyKey.digest())) {
        throw new TaoException(Reason.NOT_UNSEALED, "the state of a host of another owner");
      }
      SealingRoot root = new SealingRoot(secret, hostId, policyKey);
      SigningKey key = key(spki, pkcs8);
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(pkcs8, (byte) 0);
      return new HostState(root, key, spki);
    } catch (CborException | GeneralSecurityException | IllegalArgumentException e) {
      throw new TaoException(Reason.NOT_UNSEALED, "what was unsealed is no host's state", e);
    }
  }

  private static SigningKey key(byte[] spki, byte[] pkcs8) throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance("EC");
    return new SigningKey(
        factory.generatePublic(new X509EncodedKeySpec(spki)),
        factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
  }

  private static KeyPair keyPair(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java makes no keys on P-256", e);
    }
  }
}
