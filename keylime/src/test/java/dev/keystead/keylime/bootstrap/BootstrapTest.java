package dev.keystead.keylime.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bootstrap key, its shares and the payload, both ways. */
class BootstrapTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final AgentId ID = AgentId.of("node-1");
  private static final byte[] PLAIN = "secret".getBytes(StandardCharsets.US_ASCII);

  @Test
  void splitSharesJoinToTheKey() {
    BootstrapKey key = BootstrapKey.generate(RANDOM);
    try (BootstrapKey.Shares shares = key.split(RANDOM)) {
      assertThat(shares.u().join(shares.v(), ID, key.authTag(ID))).contains(key);
      assertThat(shares.v().join(shares.u(), ID, key.authTag(ID))).contains(key);
    }
  }

  @Test
  void sharesOfTwoKeysDoNotJoin() {
    BootstrapKey key = BootstrapKey.generate(RANDOM);
    BootstrapKey.Shares mine = key.split(RANDOM);
    BootstrapKey.Shares other = BootstrapKey.generate(RANDOM).split(RANDOM);
    assertThat(mine.u().join(other.v(), ID, key.authTag(ID))).isEmpty();
  }

  @Test
  void aTagForAnotherAgentProvesNothing() {
    BootstrapKey key = BootstrapKey.generate(RANDOM);
    BootstrapKey.Shares shares = key.split(RANDOM);
    assertThat(shares.u().join(shares.v(), ID, key.authTag(AgentId.of("node-2")))).isEmpty();
  }

  @Test
  void aShareOfSixteenBytesDoesNotJoinOneOfThirtyTwo() {
    KeyShare half = KeyShare.adopt(new byte[16]);
    KeyShare whole = KeyShare.adopt(new byte[32]);
    AuthTag tag = BootstrapKey.adopt(new byte[32]).authTag(ID);
    assertThat(whole.join(half, ID, tag)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 17, 31, 33, 64})
  void aKeyHasSixteenOrThirtyTwoBytes(int size) {
    assertThatThrownBy(() -> KeyShare.adopt(new byte[size])).isInstanceOf(WireException.class);
  }

  @Test
  void aClosedKeyIsGone() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    BootstrapKey key = BootstrapKey.adopt(bytes);
    key.close();
    assertThat(bytes).containsOnly(0);
    assertThatThrownBy(() -> key.authTag(ID)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aKeyNeverPrints() {
    KeyShare share = KeyShare.adopt(new byte[32]);
    assertThat(share.toString()).isEqualTo("KeyShare (32 bytes)");
    assertThat(share.hashCode())
        .isEqualTo(BootstrapKey.generate(RANDOM).split(RANDOM).u().hashCode());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 100_000, Payload.MAX_PLAIN})
  void aPayloadDecryptsToItself(int size) {
    byte[] plain = new byte[size];
    RANDOM.nextBytes(plain);
    BootstrapKey key = BootstrapKey.generate(RANDOM);
    Payload payload = Payload.encrypt(key, plain, RANDOM);
    assertThat(payload.bytes()).hasSize(size + 32);
    assertThat(payload.decrypt(key)).isEqualTo(plain);
  }

  @Test
  void aPayloadBeyondTheLimitIsRefusedBeforeItIsEncrypted() {
    BootstrapKey key = BootstrapKey.generate(RANDOM);
    assertThatThrownBy(() -> Payload.encrypt(key, new byte[Payload.MAX_PLAIN + 1], RANDOM))
        .isInstanceOf(WireException.class);
    assertThatThrownBy(() -> new Payload(new byte[Payload.MAX_SIZE + 1]))
        .isInstanceOf(WireException.class);
  }

  @Test
  void aChangedByteAnywhereInAPayloadIsRefused() {
    BootstrapKey key = BootstrapKey.generate(RANDOM);
    byte[] bytes = Payload.encrypt(key, PLAIN, RANDOM).bytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> new Payload(changed).decrypt(key))
          .isInstanceOfSatisfying(
              WireException.class,
              e -> assertThat(e.reason()).isEqualTo(WireException.Reason.NOT_AUTHENTIC));
    }
  }

  @Test
  void anotherKeyDoesNotDecrypt() {
    Payload payload = Payload.encrypt(BootstrapKey.generate(RANDOM), PLAIN, RANDOM);
    BootstrapKey other = BootstrapKey.generate(RANDOM);
    assertThatThrownBy(() -> payload.decrypt(other)).isInstanceOf(WireException.class);
  }

  @Test
  void aWrappedShareOpensWithThePrivateKeyAlone() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    KeyShare share = BootstrapKey.generate(RANDOM).split(RANDOM).u();
    byte[] wrapped = PayloadKey.of((RSAPublicKey) pair.getPublic()).wrap(share);
    assertThat(PayloadKey.unwrap(pair.getPrivate(), wrapped)).isEqualTo(share);
    wrapped[7] ^= 1;
    assertThatThrownBy(() -> PayloadKey.unwrap(pair.getPrivate(), wrapped))
        .isInstanceOf(WireException.class);
  }

  @Test
  void aShortPayloadKeyIsRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    RSAPublicKey key = (RSAPublicKey) generator.generateKeyPair().getPublic();
    assertThatThrownBy(() -> PayloadKey.of(key))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("2048");
  }
}
