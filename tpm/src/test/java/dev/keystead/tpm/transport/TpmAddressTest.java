package dev.keystead.tpm.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TpmAddressTest {
  @Test
  void theFourFormsAreParsed() {
    assertThat(TpmAddress.parse("device:/dev/tpmrm0"))
        .isEqualTo(new TpmAddress.Device(Path.of("/dev/tpmrm0")));
    assertThat(TpmAddress.parse("swtpm:127.0.0.1:2321"))
        .isEqualTo(new TpmAddress.SwtpmTcp("127.0.0.1", 2321));
    assertThat(TpmAddress.parse("unix:/run/tpm.sock"))
        .isEqualTo(new TpmAddress.SwtpmUnix(Path.of("/run/tpm.sock")));
    assertThat(TpmAddress.parse("embedded:tpm")).isEqualTo(new TpmAddress.Embedded(Path.of("tpm")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "device:/dev/tpmrm0",
        "swtpm:127.0.0.1:2321",
        "unix:/run/tpm.sock",
        "embedded:tpm"
      })
  void anAddressIsShownAsItIsWritten(String text) {
    assertThat(TpmAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "device",
        "device:",
        "tpm:/x",
        "swtpm:host",
        "swtpm::1",
        "swtpm:h:0",
        "swtpm:h:65536",
        "swtpm:h:-1",
        "/dev/tpm0"
      })
  void anythingElseIsRefusedWithTheFormsInTheMessage(String text) {
    assertThatThrownBy(() -> TpmAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("swtpm:HOST:PORT");
  }
}
