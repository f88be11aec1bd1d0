package dev.keystead.tao.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.junit.jupiter.api.Test;

/** HKDF against RFC 5869 and the JDK's own. */
class HkdfTest {
  @Test
  void itIsTheOneOfTheRfc() {
    byte[] prk = Hkdf.extract(hex("000102030405060708090a0b0c"), hex("0b".repeat(22)));
    assertThat(prk)
        .isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
    assertThat(Hkdf.expand(prk, hex("f0f1f2f3f4"), hex("f5f6f7f8f9")))
        .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
  }

  @Test
  void itIsTheOneOfTheJdk() throws Exception {
    Random random = new Random(5869);
    for (int i = 0; i < 100; i++) {
      byte[] salt = new byte[random.nextInt(100)];
      byte[] secret = new byte[1 + random.nextInt(100)];
      byte[] info = new byte[random.nextInt(100)];
      random.nextBytes(salt);
      random.nextBytes(secret);
      random.nextBytes(info);
      var parameters =
          HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(salt).thenExpand(info, 32);
      assertThat(Hkdf.expand(Hkdf.extract(salt, secret), info))
          .isEqualTo(KDF.getInstance("HKDF-SHA256").deriveData(parameters));
    }
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
