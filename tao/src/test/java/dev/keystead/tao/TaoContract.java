package dev.keystead.tao;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.AttestationException;
import dev.keystead.tao.attestation.VerifiedAttestation;
import dev.keystead.tpm.TpmException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every host does, whatever it is made of: the semantics of the seven primitives. */
public abstract class TaoContract {
  /** Two programs. */
  protected enum Program {
    /** One. */
    ONE,
    /** Another. */
    OTHER
  }

  /** A host under test, with its state on disk. */
  protected interface TestHost extends AutoCloseable {
    /** The host of a running program, for its next call: a TPM runs one at a time. */
    Tao program(Program which) throws Exception;

    /** The host's own name. */
    TaoName name() throws Exception;

    /** Stops the host with its programs and starts it again, from what it has on disk. */
    TestHost restarted() throws Exception;

    /** The same, but under another owner, who has certified the machine too. */
    TestHost under(Domain other) throws Exception;

    @Override
    void close() throws IOException, TpmException;
  }

  private static final byte[] DATA = "a secret of the program".getBytes(StandardCharsets.UTF_8);

  private Domain domain;
  private TestHost host;

  /** A host on a machine of its own. */
  protected abstract TestHost host(Domain domain) throws Exception;

  @BeforeEach
  void start() throws Exception {
    domain = new Domain();
    host = host(domain);
  }

  @AfterEach
  void stop() throws Exception {
    host.close();
  }

  @Test
  void eachProgramLearnsItsOwnMeasurementAndLearnsTheSameNextTime() throws Exception {
    Measurement one = host.program(Program.ONE).getHostedMeasurement();
    assertThat(host.program(Program.OTHER).getHostedMeasurement()).isNotEqualTo(one);
    assertThat(host.program(Program.ONE).getHostedMeasurement()).isEqualTo(one);
    host = host.restarted();
    assertThat(host.program(Program.ONE).getHostedMeasurement()).isEqualTo(one);
  }

  @Test
  void anAttestationSaysWhoSaidWhatOnWhichHost() throws Exception {
    Attestation attestation = host.program(Program.ONE).attest(DATA);
    VerifiedAttestation verified = verify(attestation);
    Measurement one = host.program(Program.ONE).getHostedMeasurement();
    assertThat(verified.data()).isEqualTo(DATA);
    assertThat(verified.context()).isEqualTo(AttestRequest.DATA);
    assertThat(verified.nonce()).isEmpty();
    assertThat(verified.name().isChildOf(host.name())).isTrue();
    assertThat(verified.name().last().hex()).isEqualTo(one.hex());
    assertThat(verified.validity().expires()).isAfter(domain.instant());
  }

  @Test
  void contextAndNonceAreCovered() throws Exception {
    byte[] nonce = "a nonce of somebody".getBytes(StandardCharsets.UTF_8);
    AttestRequest request = new AttestRequest("example.org/order", DATA, Optional.of(nonce));
    VerifiedAttestation verified = verify(host.program(Program.ONE).attest(request));
    assertThat(verified.context()).isEqualTo("example.org/order");
    assertThat(verified.nonce()).contains(nonce);
  }

  @Test
  void noChangedByteOfAnAttestationIsBelieved() throws Exception {
    byte[] bytes = host.program(Program.ONE).attest(DATA).bytes();
    for (int i = 0; i < bytes.length; i += attestationStride()) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x01;
      Attestation attestation = new Attestation(changed);
      assertThatThrownBy(() -> verify(attestation))
          .as("byte %d", i)
          .isInstanceOf(AttestationException.class);
    }
  }

  @Test
  void noProgramSpeaksInAContextOfTheHosts() throws Exception {
    assertRefused(
        Reason.RESERVED_CONTEXT,
        () ->
            host.program(Program.ONE)
                .attest(new AttestRequest("keystead/anything/1", DATA, Optional.empty())));
    for (String context : new String[] {"", "UPPER", "with space", "x".repeat(65), "ä"}) {
      assertRefused(
          Reason.INVALID,
          () ->
              host.program(Program.ONE).attest(new AttestRequest(context, DATA, Optional.empty())));
    }
  }

  @Test
  void whatIsAttestedHasALimit() throws Exception {
    byte[] most = new byte[AttestRequest.MAX_DATA];
    assertThat(verify(host.program(Program.ONE).attest(most)).data()).isEqualTo(most);
    assertThat(verify(host.program(Program.ONE).attest(new byte[0])).data()).isEmpty();
    byte[] tooMuch = new byte[AttestRequest.MAX_DATA + 1];
    assertRefused(Reason.INVALID, () -> host.program(Program.ONE).attest(tooMuch));
    AttestRequest longNonce =
        new AttestRequest(AttestRequest.DATA, DATA, Optional.of(new byte[65]));
    assertRefused(Reason.INVALID, () -> host.program(Program.ONE).attest(longNonce));
  }

  @Test
  void theCertificateIsForTheHostAndSurvivesARestart() throws Exception {
    AttestCertificate certificate = host.program(Program.ONE).getAttestCertificate();
    assertThat(domain.verifier().verify(certificate, domain.instant())).isEqualTo(host.name());
    Attestation before = host.program(Program.ONE).attest(DATA);
    TaoName name = host.name();
    host = host.restarted();
    assertThat(host.name()).isEqualTo(name);
    assertThat(verify(before).name())
        .isEqualTo(verify(host.program(Program.ONE).attest(DATA)).name());
  }

  @Test
  void whatAProgramSealsOnlyItUnsealsAndAlsoAfterARestart() throws Exception {
    SealedBlob blob = host.program(Program.ONE).seal(DATA);
    assertThat(host.program(Program.ONE).unseal(blob)).isEqualTo(DATA);
    assertNotUnsealed(host, Program.OTHER, blob.bytes());
    host = host.restarted();
    assertThat(host.program(Program.ONE).unseal(blob)).isEqualTo(DATA);
    assertNotUnsealed(host, Program.OTHER, blob.bytes());
  }

  @Test
  void sealingTheSameTwiceGivesDifferentBlobsWithoutThePlaintext() throws Exception {
    byte[] one = host.program(Program.ONE).seal(DATA).bytes();
    byte[] two = host.program(Program.ONE).seal(DATA).bytes();
    assertThat(one).isNotEqualTo(two);
    assertThat(new String(one, StandardCharsets.ISO_8859_1))
        .doesNotContain(new String(DATA, StandardCharsets.ISO_8859_1));
  }

  @Test
  void nothingAndTheMostCanBeSealedAndMoreCannot() throws Exception {
    byte[] most = new byte[Tao.MAX_SEALED];
    new SecureRandom().nextBytes(most);
    for (byte[] data : new byte[][] {new byte[0], most}) {
      SealedBlob blob = host.program(Program.ONE).seal(data);
      assertThat(Arrays.equals(host.program(Program.ONE).unseal(blob), data)).isTrue();
    }
    assertRefused(
        Reason.INVALID, () -> host.program(Program.ONE).seal(new byte[Tao.MAX_SEALED + 1]));
  }

  @Test
  void noChangedByteAndNoCutOfABlobIsUnsealed() throws Exception {
    byte[] bytes = host.program(Program.ONE).seal(new byte[] {1, 2, 3}).bytes();
    for (int i = 0; i < bytes.length; i += stride()) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x10;
      assertNotUnsealed(host, Program.ONE, changed);
    }
    for (int size = 1; size < bytes.length; size += stride()) {
      assertNotUnsealed(host, Program.ONE, Arrays.copyOf(bytes, size));
    }
    assertNotUnsealed(host, Program.ONE, Arrays.copyOf(bytes, bytes.length + 1));
  }

  /** Which bytes of an attestation are changed; every one, where that takes no time. */
  protected int attestationStride() {
    return 1;
  }

  /** Which bytes of a blob are changed; every one, where that takes no time. */
  protected int stride() {
    return 1;
  }

  @Test
  void aBlobThatWasMovedToAnotherHostStaysClosed() throws Exception {
    SealedBlob blob = host.program(Program.ONE).seal(DATA);
    try (TestHost elsewhere = host(domain)) {
      assertThat(elsewhere.program(Program.ONE).getHostedMeasurement())
          .isEqualTo(host.program(Program.ONE).getHostedMeasurement());
      assertNotUnsealed(elsewhere, Program.ONE, blob.bytes());
    }
  }

  @Test
  void anotherPolicyKeyUnsealsNothingAndIsNotBelieved() throws Exception {
    SealedBlob blob = host.program(Program.ONE).seal(DATA);
    Attestation attestation = host.program(Program.ONE).attest(DATA);
    Domain other = new Domain();
    assertThatThrownBy(() -> other.verifier().verify(attestation, other.instant()))
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> assertThat(e.reason()).isEqualTo(AttestationException.Reason.OTHER_POLICY_KEY));
    assertRefused(
        Reason.NOT_UNSEALED,
        () -> {
          host = host.under(other);
          host.program(Program.ONE).unseal(blob);
        });
  }

  @Test
  void entropyComesInBits() throws Exception {
    Tao program = host.program(Program.ONE);
    assertThat(program.getEntropy(0)).isEmpty();
    assertThat(program.getEntropy(256)).hasSize(32).isNotEqualTo(program.getEntropy(256));
    for (int i = 0; i < 64; i++) {
      assertThat(program.getEntropy(3)).hasSize(1);
      assertThat(program.getEntropy(3)[0] & 0xf8).isZero();
      byte[] odd = program.getEntropy(13);
      assertThat(odd).hasSize(2);
      assertThat(odd[0] & 0xe0).isZero();
    }
    assertThat(program.getEntropy(Tao.MAX_ENTROPY_BITS)).hasSize(Tao.MAX_ENTROPY_BITS / 8);
    assertRefused(Reason.INVALID, () -> program.getEntropy(Tao.MAX_ENTROPY_BITS + 1));
    assertRefused(Reason.INVALID, () -> program.getEntropy(-1));
  }

  private VerifiedAttestation verify(Attestation attestation) throws AttestationException {
    return domain.verifier().verify(attestation, domain.instant());
  }

  private static void assertNotUnsealed(TestHost host, Program program, byte[] blob) {
    assertRefused(Reason.NOT_UNSEALED, () -> host.program(program).unseal(new SealedBlob(blob)));
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
