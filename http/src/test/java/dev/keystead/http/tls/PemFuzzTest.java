package dev.keystead.http.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

class PemFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void aTextIsRefusedOrIsWhatItsBlocksSay(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsAsciiString();
    List<Pem.Block> blocks;
    try {
      blocks = Pem.parse(text);
    } catch (CredentialException e) {
      return;
    }
    StringBuilder again = new StringBuilder();
    blocks.forEach(block -> again.append(Pem.encode(block.label(), block.der())));
    List<Pem.Block> reread = Pem.parse(again.toString());
    assertThat(reread).hasSameSizeAs(blocks);
    for (int i = 0; i < blocks.size(); i++) {
      assertThat(reread.get(i).label()).isEqualTo(blocks.get(i).label());
      assertThat(reread.get(i).der()).isEqualTo(blocks.get(i).der());
    }
  }

  @FuzzTest(maxDuration = "60s")
  void aKeyOrCertificateIsReadOrRefused(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsAsciiString();
    try {
      assertThat(PrivateKeys.fromPem(text).getAlgorithm()).isIn("RSA", "EC");
    } catch (CredentialException e) {
      // A few letters of it may stand in any message by accident, a key does not.
      assertThat(text.length() < 16 || !String.valueOf(e.getMessage()).contains(text)).isTrue();
    }
    try {
      assertThat(Certificates.fromPem(text)).isNotEmpty();
    } catch (CredentialException e) {
      assertThat(e).isNotNull();
    }
  }
}
