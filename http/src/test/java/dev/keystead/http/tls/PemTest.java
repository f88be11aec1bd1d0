package dev.keystead.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private static final String BLOCK = "-----BEGIN A B1-----\nAAEC\n-----END A B1-----\n";

  @Test
  void blocksAreReadInOrder() {
    List<Pem.Block> blocks = Pem.parse("\n" + BLOCK + "\r\n" + BLOCK.replace("AAEC", "AwQ="));
    assertThat(blocks).extracting(Pem.Block::label).containsExactly("A B1", "A B1");
    assertThat(blocks.get(0).der()).containsExactly(0, 1, 2);
    assertThat(blocks.get(1).der()).containsExactly(3, 4);
  }

  @Test
  void whatIsWrittenIsRead() {
    byte[] der = new byte[1000];
    der[0] = 7;
    String text = Pem.encode("CERTIFICATE", der);
    assertThat(text.lines()).allMatch(line -> line.length() <= 64);
    assertThat(Pem.parse(text).getFirst().der()).isEqualTo(der);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "note\n" + BLOCK,
        BLOCK + "note",
        "-----BEGIN A-----\nAAEC\n",
        "-----BEGIN A-----\nAAEC\n-----END B-----\n",
        "-----BEGIN A-----\n-----END A-----\n",
        "-----BEGIN A-----\n\n-----END A-----\n",
        "-----BEGIN a-----\nAAEC\n-----END a-----\n",
        "-----BEGIN -----\nAAEC\n-----END -----\n",
        "-----BEGIN A-----\nAAE\n-----END A-----\n",
        "-----BEGIN A-----\nAA EC\n-----END A-----\n",
        "-----BEGIN A-----\nAAE!\n-----END A-----\n",
        "-----BEGIN A-----\nKey: value\n\nAAEC\n-----END A-----\n",
        "-----BEGIN A-----\n-----BEGIN A-----\nAAEC\n-----END A-----\n",
        "-----BEGIN A-----AAEC-----END A-----\n"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Pem.parse(text)).isInstanceOf(CredentialException.class);
  }

  @Test
  void sizeAndNumberAreBounded() {
    assertThat(Pem.parse(BLOCK.repeat(Pem.MAX_BLOCKS))).hasSize(Pem.MAX_BLOCKS);
    assertThatThrownBy(() -> Pem.parse(BLOCK.repeat(Pem.MAX_BLOCKS + 1)))
        .isInstanceOf(CredentialException.class);
    assertThatThrownBy(() -> Pem.parse(" ".repeat(Pem.MAX_TEXT + 1)))
        .isInstanceOf(CredentialException.class);
    assertThatThrownBy(
            () -> Pem.parse("-----BEGIN A-----\n" + "AAAA".repeat(20) + "\n-----END A-----\n"))
        .isInstanceOf(CredentialException.class);
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void aPrivateKeyIsReadInEveryUsualForm(KeyType type) throws IOException {
    KeyPair pair = PrivateKeys.generate(type);
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
    byte[] inner = info.parsePrivateKey().toASN1Primitive().getEncoded();
    assertThat(PrivateKeys.fromPem(PrivateKeys.toPem(pair.getPrivate())))
        .isEqualTo(pair.getPrivate());
    if (type == KeyType.RSA_2048) {
      assertThat(PrivateKeys.fromPem(Pem.encode("RSA PRIVATE KEY", inner)))
          .isEqualTo(pair.getPrivate());
    }
  }

  @Test
  void aKeyOfOpensslsOwnFormNeedsItsCurve() throws IOException {
    KeyPair pair = PrivateKeys.generate(KeyType.EC_P256);
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
    var inner = ECPrivateKey.getInstance(info.parsePrivateKey());
    var curve = info.getPrivateKeyAlgorithm().getParameters();
    byte[] withCurve = new ECPrivateKey(256, inner.getKey(), curve).getEncoded();
    byte[] without = new ECPrivateKey(256, inner.getKey()).getEncoded();
    String parameters = Pem.encode("EC PARAMETERS", curve.toASN1Primitive().getEncoded());
    PrivateKey read = PrivateKeys.fromPem(parameters + Pem.encode("EC PRIVATE KEY", withCurve));
    PrivateKeys.checkPair(read, pair.getPublic());
    assertThatThrownBy(() -> PrivateKeys.fromPem(Pem.encode("EC PRIVATE KEY", without)))
        .isInstanceOf(CredentialException.class);
  }

  @Test
  void whatIsNoPrivateKeyIsRefused() {
    String key = PrivateKeys.toPem(PrivateKeys.generate(KeyType.EC_P256).getPrivate());
    for (String text :
        List.of(
            key + key,
            key.replace("PRIVATE", "PUBLIC"),
            key.replace("PRIVATE", "ENCRYPTED PRIVATE"),
            BLOCK.replace("A B1", "PRIVATE KEY"),
            BLOCK.replace("A B1", "RSA PRIVATE KEY"),
            BLOCK.replace("A B1", "EC PRIVATE KEY"))) {
      assertThatThrownBy(() -> PrivateKeys.fromPem(text)).isInstanceOf(CredentialException.class);
    }
  }
}
