package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tpm.command.Create;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.GetRandom;
import dev.keystead.tpm.command.Lifecycle;
import dev.keystead.tpm.command.Load;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.command.Unseal;
import dev.keystead.tpm.credential.SoftwareCredential;
import dev.keystead.tpm.crypto.SeedExchange;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.session.SessionSpec;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmWriter;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import dev.keystead.tpm.transport.LibtpmsTransport;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody listens on the bus between us and the TPM, or changes what crosses it. */
class BusTest {
  private static final byte[] AUTH = text("the authorization value");
  private static final byte[] DATA = text("sealed data, not for everybody");
  private static final byte[] CREDENTIAL = text("a credential for one TPM only");
  private static final Authorized OWNER = Handle.OWNER.withEmptyAuth();

  @TempDir Path directory;

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private LibtpmsTransport embedded() throws IOException {
    return new LibtpmsTransport(directory.resolve("state"));
  }

  @Test
  void aListenerSeesNoSecretInEncryptedSessions() throws Exception {
    Sniffer bus = new Sniffer(embedded());
    try (Tpm tpm = new Tpm(bus)) {
      tpm.execute(new Lifecycle.Startup());
      try (EndorsementKey ek = EndorsementKey.create(tpm, EkTemplate.L1_RSA_2048);
          Session session = ek.encryptedSession()) {
        sealAndUnseal(tpm, session, session);
        activate(tpm, ek);
      }
      assertThat(bus.saw(DATA)).isFalse();
      assertThat(bus.saw(AUTH)).isFalse();
      assertThat(bus.saw(CREDENTIAL)).isFalse();
    }
  }

  @Test
  void aListenerWouldSeeThemWithoutSoThisTestCanFail() throws Exception {
    Sniffer bus = new Sniffer(embedded());
    try (Tpm tpm = new Tpm(bus)) {
      tpm.execute(new Lifecycle.Startup());
      sealAndUnseal(tpm, Session.PASSWORD);
      assertThat(bus.saw(DATA)).isTrue();
      assertThat(bus.saw(AUTH)).isTrue();
    }
  }

  private static void sealAndUnseal(Tpm tpm, Session use, Session... encrypting)
      throws TpmException {
    try (Secret auth = Secret.of(AUTH);
        Secret data = Secret.of(DATA);
        TpmObject parent =
            tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageEcc()), encrypting)) {
      Authorized under = parent.handle().withEmptyAuth();
      Create.Result made =
          tpm.execute(new Create(under, KeyTemplate.sealedByAuth(), auth, data), encrypting);
      try (TpmObject item = tpm.open(new Load(under, made))) {
        assertThat(tpm.execute(new Unseal(item.handle().with(use, auth)))).isEqualTo(data);
      }
    }
  }

  private static void activate(Tpm tpm, EndorsementKey ek) throws TpmException {
    TpmPublic template = KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256);
    try (TpmObject key = tpm.open(new CreatePrimary(OWNER, template));
        Secret credential = Secret.of(CREDENTIAL)) {
      ProtectedCredential made =
          SoftwareCredential.make(ek.area(), credential, key.name(), new SecureRandom());
      assertThat(ek.activate(key.handle(), made)).isEqualTo(credential);
    }
  }

  @Test
  void theSeedOfASaltDoesNotStandInWhatIsSent() throws Exception {
    try (Tpm tpm = new TpmAddress.Embedded(directory.resolve("state")).open()) {
      for (EkTemplate template : List.of(EkTemplate.L1_RSA_2048, EkTemplate.L2_ECC_P256)) {
        try (EndorsementKey ek = EndorsementKey.create(tpm, template)) {
          SeedExchange exchange = SeedExchange.with(ek.area(), "SECRET", new SecureRandom());
          assertThat(HexFormat.of().formatHex(exchange.encrypted()))
              .doesNotContain(HexFormat.of().formatHex(exchange.seed()));
        }
      }
    }
  }

  /** Changes one bit of every response while it is armed. */
  private static final class Tamperer implements Transport {
    private final Transport inner;
    int bit = -1;

    Tamperer(Transport inner) {
      this.inner = inner;
    }

    @Override
    public byte[] transmit(byte[] command) throws IOException {
      byte[] response = inner.transmit(command);
      if (bit >= 0) {
        response[bit / 8] ^= (byte) (1 << bit % 8);
      }
      return response;
    }

    @Override
    public void close() throws IOException {
      inner.close();
    }
  }

  @Test
  void anyFlippedBitOfAResponseUnderAnHmacSessionIsRefused() throws Exception {
    Tamperer bus = new Tamperer(embedded());
    try (Tpm tpm = new Tpm(bus)) {
      tpm.execute(new Lifecycle.Startup());
      try (TpmObject parent = tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageEcc()))) {
        SessionSpec spec = SessionSpec.hmac().salted(parent.loaded()).encrypting();
        int bits = 8 * (10 + 4 + 18 + 34 + 1 + 34);
        for (int bit = 0; bit < bits; bit += 3) {
          try (Session session = spec.open(tpm)) {
            bus.bit = bit;
            assertThatThrownBy(() -> tpm.execute(new GetRandom(16), session))
                .as("bit " + bit)
                .isInstanceOf(TpmException.class);
            bus.bit = -1;
          }
        }
      }
    }
  }

  /** Answers with a response code some times before it lets a command through. */
  private static final class Busy implements Transport {
    private final Transport inner;
    private final int code;
    private final int times;
    private int answered;

    Busy(Transport inner, int code, int times) {
      this.inner = inner;
      this.code = code;
      this.times = times;
    }

    @Override
    public byte[] transmit(byte[] command) throws IOException {
      if (answered < times) {
        answered++;
        return new TpmWriter().u16(0x8001).u32(10).u32(code).toBytes();
      }
      answered = 0;
      return inner.transmit(command);
    }

    @Override
    public void close() throws IOException {
      inner.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {ResponseCode.RETRY, ResponseCode.YIELDED, ResponseCode.TESTING})
  void aBusyTpmIsAskedAgainAndSessionsStayIntact(int code) throws Exception {
    try (Tpm tpm = new Tpm(new Busy(embedded(), code, 3))) {
      tpm.execute(new Lifecycle.Startup());
      try (TpmObject parent = tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageEcc()));
          Session session = SessionSpec.hmac().salted(parent.loaded()).encrypting().open(tpm)) {
        assertThat(tpm.execute(new GetRandom(16), session)).hasSize(16);
        assertThat(tpm.execute(new GetRandom(16), session)).hasSize(16);
      }
    }
  }

  @Test
  void aTpmThatIsBusyForEverEndsInAnError() throws Exception {
    try (Tpm tpm = new Tpm(new Busy(embedded(), ResponseCode.RETRY, Integer.MAX_VALUE))) {
      assertThatThrownBy(() -> tpm.execute(new Lifecycle.Startup()))
          .isInstanceOf(TpmResponseException.class)
          .hasMessageContaining("TPM_RC_RETRY");
    }
  }

  @Test
  void otherCodesAreNotTriedAgain() throws Exception {
    try (Tpm tpm = new Tpm(new Busy(embedded(), ResponseCode.LOCKOUT, 1))) {
      assertThatThrownBy(() -> tpm.execute(new Lifecycle.Startup()))
          .isInstanceOf(TpmResponseException.class)
          .hasMessageContaining("TPM_RC_LOCKOUT: the TPM is in dictionary-attack lockout");
    }
  }
}
