package dev.keystead.claims.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.Sha256;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.claims.cose.CoseException.Reason;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Sign1Test {
  private static final String CONTEXT = "test/1";
  private static final byte[] PAYLOAD = "what is said".getBytes(StandardCharsets.US_ASCII);
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  @ParameterizedTest
  @ValueSource(strings = {"EC", "Ed25519"})
  void whatOneKeySignsItAloneVerifies(String family) throws Exception {
    KeyPair pair = pair(family);
    Sign1 message = sign(pair);
    assertThat(new VerifyingKey(pair.getPublic()).verify(message, CONTEXT)).isEqualTo(PAYLOAD);
    VerifyingKey other = new VerifyingKey(pair(family).getPublic());
    assertRefused(Reason.WRONG_KEY, () -> other.verify(message, CONTEXT));
    Sign1 renamed =
        new Sign1(message.algorithm(), other.principal(), Sign1.NONE, PAYLOAD, message.signature());
    assertRefused(Reason.BAD_SIGNATURE, () -> other.verify(renamed, CONTEXT));
  }

  @Test
  void theSigStructureIsThatOfTheSpecification() throws Exception {
    KeyPair pair = pair("EC");
    byte[] digest = Sha256.of(pair.getPublic().getEncoded());
    String header = "a20126045820" + HexFormat.of().formatHex(digest);
    String structure =
        "846a5369676e617475726531" // [ "Signature1",
            + ("5826" + header) // << { 1: -7, 4: kid } >>,
            + "46746573742f31" // h'test/1',
            + "4c776861742069732073616964"; // h'what is said' ]
    Sign1 message = sign(pair);
    Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
    verifier.initVerify(pair.getPublic());
    verifier.update(HexFormat.of().parseHex(structure));
    assertThat(verifier.verify(message.signature())).isTrue();
    assertThat(HexFormat.of().formatHex(message.encode()))
        .startsWith("d284" + "5826" + header + "a0" + "4c776861742069732073616964" + "5840");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "Ed25519"})
  void aSignatureForOneContextIsNoneForAnother(String family) throws Exception {
    KeyPair pair = pair(family);
    Sign1 message = sign(pair);
    VerifyingKey key = new VerifyingKey(pair.getPublic());
    for (String context : new String[] {"test/2", "test/", "", "test/11"}) {
      assertRefused(Reason.BAD_SIGNATURE, () -> key.verify(message, context));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "Ed25519"})
  void noChangedByteIsAccepted(String family) throws Exception {
    KeyPair pair = pair(family);
    VerifyingKey key = new VerifyingKey(pair.getPublic());
    byte[] bytes = sign(pair).encode();
    for (int at = 0; at < bytes.length; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      assertThatThrownBy(() -> key.verify(Sign1.parse(flipped, 1000), CONTEXT))
          .as("byte %d", at)
          .isInstanceOf(CoseException.class);
    }
  }

  @Test
  void theOtherValueOfAnEcdsaSignatureIsRefused() throws Exception {
    KeyPair pair = pair("EC");
    Sign1 message = sign(pair);
    byte[] other = message.signature().clone();
    BigInteger s = new BigInteger(1, other, 32, 32);
    byte[] high = ORDER.subtract(s).toByteArray();
    System.arraycopy(high, high.length - 32, other, 32, 32);
    Signature plain = Signature.getInstance("SHA256withECDSAinP1363Format");
    plain.initVerify(pair.getPublic());
    plain.update(message.toBeSigned(CONTEXT));
    assertThat(plain.verify(other)).as("mathematically it is a signature").isTrue();
    Sign1 malleated = new Sign1(message.algorithm(), message.keyId(), Sign1.NONE, PAYLOAD, other);
    assertRefused(
        Reason.BAD_SIGNATURE, () -> new VerifyingKey(pair.getPublic()).verify(malleated, CONTEXT));
    assertThat(P256.lower(other)).isEqualTo(message.signature());
  }

  @Test
  void zeroIsNoSignature() throws Exception {
    for (String family : new String[] {"EC", "Ed25519"}) {
      KeyPair pair = pair(family);
      Sign1 message = sign(pair);
      for (int size : new int[] {0, 63, 64, 65}) {
        Sign1 zero =
            new Sign1(message.algorithm(), message.keyId(), Sign1.NONE, PAYLOAD, new byte[size]);
        assertRefused(
            Reason.BAD_SIGNATURE, () -> new VerifyingKey(pair.getPublic()).verify(zero, CONTEXT));
      }
    }
  }

  @Test
  void theAlgorithmIsTheKeysNotTheMessages() throws Exception {
    KeyPair pair = pair("EC");
    Sign1 message = sign(pair);
    Sign1 relabelled =
        new Sign1(Algorithm.EDDSA.id(), message.keyId(), Sign1.NONE, PAYLOAD, message.signature());
    assertRefused(
        Reason.WRONG_KEY, () -> new VerifyingKey(pair.getPublic()).verify(relabelled, CONTEXT));
  }

  @Test
  void otherKeysAreNoKeysHere() throws Exception {
    KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
    p384.initialize(new ECGenParameterSpec("secp384r1"));
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    for (KeyPair pair :
        new KeyPair[] {p384.generateKeyPair(), rsa.generateKeyPair(), pair("Ed448")}) {
      assertThatThrownBy(() -> new VerifyingKey(pair.getPublic()))
          .isInstanceOf(IllegalArgumentException.class);
      byte[] spki = pair.getPublic().getEncoded();
      assertRefused(Reason.MALFORMED, () -> VerifyingKey.parse(spki));
    }
  }

  @Test
  void aKeyHasOneEncoding() throws Exception {
    for (String family : new String[] {"EC", "Ed25519"}) {
      byte[] spki = pair(family).getPublic().getEncoded();
      assertThat(VerifyingKey.parse(spki).key().getEncoded()).isEqualTo(spki);
      assertRefused(
          Reason.MALFORMED, () -> VerifyingKey.parse(Arrays.copyOf(spki, spki.length + 1)));
      assertRefused(
          Reason.MALFORMED, () -> VerifyingKey.parse(Arrays.copyOf(spki, spki.length - 1)));
    }
    byte[] offCurve = pair("EC").getPublic().getEncoded();
    offCurve[90] ^= 1;
    assertRefused(Reason.MALFORMED, () -> VerifyingKey.parse(offCurve));
  }

  @Test
  void headersSayAlgorithmAndKeyAndNothingElse() throws Exception {
    byte[] kid = new byte[32];
    Cbor[] headers = {
      new CborMap().toCbor(),
      new CborMap().put(1, Cbor.of(-7)).toCbor(),
      new CborMap().put(4, Cbor.of(kid)).toCbor(),
      new CborMap().put(1, Cbor.of("ES256")).put(4, Cbor.of(kid)).toCbor(),
      new CborMap().put(1, Cbor.of(-7)).put(4, Cbor.of(new byte[31])).toCbor(),
      new CborMap().put(1, Cbor.of(-7)).put(2, Cbor.array()).put(4, Cbor.of(kid)).toCbor(),
      Cbor.of(1)
    };
    for (Cbor header : headers) {
      byte[] message =
          new Cbor.Tag(
                  18,
                  Cbor.array(
                      Cbor.of(header.encode()),
                      Sign1.NONE,
                      Cbor.of(PAYLOAD),
                      Cbor.of(new byte[64])))
              .encode();
      assertRefused(Reason.MALFORMED, () -> Sign1.parse(message, 1000));
    }
  }

  private static Sign1 sign(KeyPair pair) throws CoseException {
    SigningKey key = new SigningKey(pair.getPublic(), pair.getPrivate());
    return Sign1.sign(key, CONTEXT, PAYLOAD, Sign1.NONE);
  }

  private static KeyPair pair(String family) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
    if (family.equals("EC")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    }
    return generator.generateKeyPair();
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(CoseException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
