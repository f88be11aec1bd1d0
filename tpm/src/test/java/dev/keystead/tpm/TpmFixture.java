package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.KeyTemplate;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh TPM for each test; nothing may be left in it. */
abstract class TpmFixture {
  static final byte[] NONCE = "a nonce of the verifier".getBytes(StandardCharsets.US_ASCII);

  static final Authorized OWNER = Handle.OWNER.withEmptyAuth();

  Tpm tpm;

  /** A started TPM with nothing in it. */
  abstract Tpm open() throws Exception;

  /** Ends what {@link #open} started besides. */
  void stop() {}

  @BeforeEach
  void openTpm() throws Exception {
    tpm = open();
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    for (int first : new int[] {0x80000000, 0x02000000, 0x03000000}) {
      assertThat(tpm.execute(new Capability.Handles(first, 64)).values()).isEmpty();
    }
    tpm.close();
    stop();
  }

  static Stream<TpmPublic> attestationKeys() {
    return Stream.of(
        KeyTemplate.attestationRsa(2048, SignatureScheme.rsassa(HashAlg.SHA256)),
        KeyTemplate.attestationRsa(2048, SignatureScheme.rsapss(HashAlg.SHA256)),
        KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256),
        KeyTemplate.attestationEcc(EccCurve.P384, HashAlg.SHA384));
  }

  static void assertRefused(int code, ThrowingCallable command) {
    assertThatThrownBy(command)
        .isInstanceOfSatisfying(
            TpmResponseException.class, e -> assertThat(e.code().base()).isEqualTo(code));
  }

  static TpmPublic ecc() {
    return KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256);
  }
}
