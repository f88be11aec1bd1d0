package dev.keystead.tao.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.PolicyKey;
import java.time.Instant;
import java.util.HexFormat;

/** No bytes that nobody signed are believed, and what is parsed is written back to the letter. */
class AttestationFuzzTest {
  private static final PolicyKey KEY =
      PolicyKey.of(
          HexFormat.of()
              .parseHex(
                  "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
                      + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                      + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));

  @FuzzTest(maxDuration = "60s")
  void attestation(byte[] bytes) {
    if (bytes.length > 0 && bytes.length <= Attestation.MAX_SIZE) {
      try {
        new AttestationVerifier(KEY).verify(new Attestation(bytes), Instant.EPOCH);
        throw new AssertionError("bytes that nobody signed have been believed");
      } catch (AttestationException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    parse(bytes);
  }

  private static void parse(byte[] bytes) {
    try {
      assertThat(Statement.parse(bytes).encode()).isEqualTo(bytes);
    } catch (CborException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    try {
      assertThat(RootCertificate.parse(bytes).encode()).isEqualTo(bytes);
    } catch (CborException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    try {
      assertThat(Endorsement.parse(bytes).encode()).isEqualTo(bytes);
    } catch (CborException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
