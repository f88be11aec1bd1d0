package dev.keystead.evidence.quote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.Refusal;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PlainSignatureTest {
  private static final Fixture BOOT = Fixture.CLEAN;

  @Test
  void theDerFormOfARecordedSignatureIsTheSameSignature() {
    String yaml = BOOT.text("quote_ecc.txt");
    String hex = yaml.replaceAll("(?s).*\\n  sig: ([0-9a-f]+)\\n.*", "$1");

    TpmSignature plain = parse(HexFormat.of().parseHex(hex), "ecc");

    assertThat(written(plain)).isEqualTo(BOOT.bytes("quote_ecc.sig"));
  }

  @Test
  void anRsaSignatureIsReadWithAndWithoutItsHeader() {
    TpmSignature plain = parse(BOOT.bytes("quote_rsa.sig"), "rsa");

    assertThat(written(parse(written(plain), "rsa"))).isEqualTo(written(plain));
  }

  @Test
  void derThatIsNotExactIsRefused() {
    for (String hex :
        new String[] {
          "3006020101020101ff",
          "30060201010201",
          "3007020101020101",
          "300702020001020101",
          "3006020181020101",
          "30800201010201010000",
          "308106020101020101",
          "3003020101"
        }) {
      Refusal.of(Code.MALFORMED, () -> parse(HexFormat.of().parseHex(hex), "ecc"));
    }
  }

  @Test
  void whatIsNeitherFormIsRefused() {
    Refusal.of(Code.MALFORMED, () -> parse(new byte[255], "rsa"));
    Refusal.of(Code.MALFORMED, () -> parse(new byte[0], "ecc"));
  }

  private static TpmSignature parse(byte[] bytes, String type) {
    return PlainSignature.parse(bytes, BOOT.key(type), Scheme.RSASSA, HashAlg.SHA256);
  }

  private static byte[] written(TpmSignature signature) {
    TpmWriter out = new TpmWriter();
    signature.write(out);
    return out.toBytes();
  }
}
