package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.tpm.endorsement.EkCertificates;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A TPM with endorsement certificates, as swtpm_setup manufactures it. */
class ManufacturedTpmTest {
  @TempDir Path directory;

  private Path write(String name, String... lines) throws IOException {
    return Files.write(directory.resolve(name), List.of(lines));
  }

  private void manufacture() throws Exception {
    Path ca = Files.createDirectory(directory.resolve("ca"));
    Path options =
        write("options", "--platform-manufacturer K", "--platform-version 1", "--platform-model K");
    Path authority =
        write(
            "ca.conf",
            "statedir = " + ca,
            "signingkey = " + ca.resolve("key.pem"),
            "issuercert = " + ca.resolve("issuer.pem"),
            "certserial = " + ca.resolve("serial"));
    Path setup =
        write(
            "setup.conf",
            "create_certs_tool = /usr/bin/swtpm_localca",
            "create_certs_tool_config = " + authority,
            "create_certs_tool_options = " + options);
    Path state = Files.createDirectory(directory.resolve("state"));
    Path log = directory.resolve("setup.log");
    Process process =
        new ProcessBuilder(
                "swtpm_setup",
                "--tpm2",
                "--tpmstate",
                state.toString(),
                "--create-ek-cert",
                "--config",
                setup.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
  }

  @Test
  void itsCertificatesAreForTheKeysThatTheTemplatesMake() throws Exception {
    manufacture();
    Path socket = directory.resolve("tpm.sock");
    try (Swtpm swtpm = Swtpm.unix(directory, socket);
        Tpm tpm = swtpm.connect(new TpmAddress.SwtpmUnix(socket))) {
      EkCertificates found = EkCertificates.read(tpm);
      assertThat(found.certificates())
          .containsOnlyKeys(EkTemplate.L1_RSA_2048, EkTemplate.H3_ECC_P384);
      assertThat(found.chain()).isEmpty();
      CertificateFactory parser = CertificateFactory.getInstance("X.509");
      for (Map.Entry<EkTemplate, byte[]> entry : found.certificates().entrySet()) {
        try (EndorsementKey key = EndorsementKey.create(tpm, entry.getKey())) {
          Certificate certificate =
              parser.generateCertificate(new ByteArrayInputStream(entry.getValue()));
          assertThat(key.area().toPublicKey()).isEqualTo(certificate.getPublicKey());
        }
      }
    }
  }
}
